import Testing
import Wire

@Suite struct PacketKindTests {
    private static func kind(_ datagram: UInt8...) -> PacketKind? { PacketKind(of: datagram.span.bytes) }

    @Test func theFirstByteTellsTheProtocol() {
        for first in UInt8.min ... .max {
            let expected: PacketKind? =
                switch first {
                case 0...3: .stun
                case 20...63: .dtls
                case 128...191: .rtp
                default: nil
                }
            #expect(Self.kind(first, 96) == expected)
        }
    }

    /// RFC 5761 §4.
    @Test func theSecondByteTellsRTCPFromRTP() {
        for second in UInt8.min ... .max {
            #expect(Self.kind(0x80, second) == (192...223 ~= second ? .rtcp : .rtp))
        }
    }

    @Test func tooShortADatagramIsNone() {
        #expect(Self.kind() == nil)
        #expect(Self.kind(0x80) == nil)
    }
}
