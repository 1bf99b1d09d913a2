import TestSupport
import Testing
import Wire

@Suite struct SCTPPacketTests {
    @Test func readsWhatItWrites() throws {
        let packet = SCTPSample.packet([11, 0, 0, 4])
        #expect(packet.count == 16)
        #expect(Array(packet[..<8]) == [UInt8](hex: "1388 1389 01020304"))
        let header = try SCTPPacket(parsing: packet.span.bytes)
        #expect(header == SCTPPacket(sourcePort: 5_000, destinationPort: 5_001, verificationTag: 0x0102_0304))
    }

    @Test func refusesEveryDamagedByte() {
        let packet = SCTPSample.packet([11, 0, 0, 4])
        for index in packet.indices {
            var damaged = packet
            damaged[index] ^= 0x10
            #expect(throws: SCTPParseError.self) { try SCTPPacket(parsing: damaged.span.bytes) }
        }
    }

    @Test func refusesEveryTruncation() {
        let packet = SCTPSample.packet([11, 0, 0, 4])
        for count in 0..<packet.count {
            #expect(throws: SCTPParseError.self) {
                try SCTPPacket(parsing: Array(packet[..<count]).span.bytes)
            }
        }
    }
}
