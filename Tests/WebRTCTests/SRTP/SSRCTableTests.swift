import Testing
import WebRTC
import Wire

@Suite struct SSRCTableTests {
    @Test func everySourceKeepsItsValue() {
        var random = SplitMix64(seed: 2)
        var table = SSRCTable<Int>()
        var expected: [UInt32: Int] = [:]
        for value in 0..<300 {
            let ssrc = UInt32.random(in: .min ... .max, using: &random)
            guard expected[ssrc] == nil else { continue }
            #expect(table.position(of: ssrc) == nil)
            expected[ssrc] = value
            let position = table.insert(value, for: ssrc)
            #expect(table[position] == value)
        }
        #expect(table.count == expected.count)
        for (ssrc, value) in expected {
            #expect(table.position(of: ssrc).map { table[$0] } == value)
        }
    }

    @Test func aValueIsChangedInPlace() {
        var table = SSRCTable<Int>()
        table.insert(1, for: 7)
        table.insert(2, for: .max)
        if let position = table.position(of: 7) { table[position] += 10 }
        #expect(table.position(of: 7).map { table[$0] } == 11)
        #expect(table.position(of: 0) == nil)
    }
}
