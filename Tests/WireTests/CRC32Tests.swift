import Testing
import Wire

@Suite struct CRC32Tests {
    @Test func theCheckValueOfTheStandardComesOut() {
        let digits = Array("123456789".utf8)
        #expect(checksum(digits, digits.count) == 0xcbf4_3926)
    }

    @Test func onlyTheBytesCountedAreCovered() {
        let digits = Array("123456789!".utf8)
        #expect(checksum(digits, 9) == 0xcbf4_3926)
        #expect(checksum(digits, 0) == 0)
    }

    private func checksum(_ bytes: [UInt8], _ count: Int) -> UInt32 {
        CRC32.checksum(bytes.span.bytes, count: count)
    }
}
