import Appliance
import Glibc
import Testing

@Suite struct LogSinkTests {
    @Test func whoeverLogsDoesNotWaitForASlowReaderAndTheLossIsTold() throws {
        var ends: [CInt] = [-1, -1]
        #expect(pipe(&ends) == 0)
        let sink = LogSink(to: ends[1]) { Array("lost \($0)\n".utf8) }
        let line = Array((String(repeating: "x", count: 99) + "\n").utf8)
        let start = ContinuousClock.now
        for _ in 0..<50_000 { sink.append(line) }
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(sink.dropped > 0)
        // Nothing is missing that is not told. The pipe stays open: the sink has no end.
        var rest: [UInt8] = []
        var (whole, lost) = (0, 0)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while whole + lost < 50_000 {
            let count = read(ends[0], &buffer, buffer.count)
            try #require(count > 0)
            rest += buffer[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let text = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeSubrange(...end)
                if text.hasPrefix("lost ") { lost += Int(text.dropFirst(5)) ?? 0 } else { whole += 1 }
            }
        }
        #expect(lost > 0 && UInt64(lost) == sink.dropped)
    }
}
