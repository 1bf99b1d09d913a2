import TestSupport
import Testing
import Wire

@Suite struct VoiceMessageTests {
    private static func message(_ hex: String) -> VoiceMessage? {
        VoiceMessage(parsing: [UInt8](hex: hex).span.bytes)
    }

    @Test func messagesAreWhatTheirFirstTwoBytesSay() {
        #expect(Self.message("71 07 80 6f") == .packet(voice: 7, 2..<4))
        #expect(Self.message("72 03") == .end(voice: 3))
        #expect(Self.message("73 01") == .state(.playing))
        #expect(Self.message("73 02") == .state(.noSink))
        #expect(Self.message("73 03") == .state(.noServer))
    }

    @Test(
        arguments: [
            "", "71", "71 00", "71 08 80", "72", "72 08", "72 00 00", "73", "73 00", "73 04", "73 01 00",
            "70 00",
        ]
    )
    func allElseIsNone(_ hex: String) {
        #expect(Self.message(hex) == nil)
    }

    @Test func aMessageIsNoLongerThanTheLongestPacket() {
        let longest = [0x71, 0] + [UInt8](repeating: 0x80, count: VoiceMessage.maximumLength - 2)
        #expect(VoiceMessage(parsing: longest.span.bytes) == .packet(voice: 0, 2..<longest.count))
        #expect(VoiceMessage(parsing: (longest + [0]).span.bytes) == nil)
    }

    @Test func whatIsWrittenIsReadAgain() {
        let messages: [VoiceMessage] =
            [.end(voice: 0), .end(voice: 7)] + VoiceMessage.State.allCases.map { .state($0) }
        for message in messages {
            #expect(VoiceMessage(parsing: message.encodedHead().span.bytes) == message)
        }
        let packet = VoiceMessage.packet(voice: 5, 2..<4).encodedHead() + [0x80, 0x6f]
        #expect(VoiceMessage(parsing: packet.span.bytes) == .packet(voice: 5, 2..<4))
    }
}
