import Appliance
import Testing
import Wire

@Suite struct ClientMessageTests {
    @Test(arguments: [
        (
            #"{"type":"join","name":"Ada","codecs":["video/H264"]}"#,
            ClientMessage.join(.init(name: "Ada", resume: nil, codecs: ["video/H264"]))
        ),
        (
            #"{"type":"join","name":"  Ada\u0007 \n","resume":"abc","more":1}"#,
            .join(.init(name: "Ada", resume: "abc", codecs: []))
        ),
        (
            #"{"type":"join","name":"Ada","fresh":false}"#,
            .join(.init(name: "Ada", resume: nil, codecs: [], isFresh: false))
        ),
        (#"{"type":"ping"}"#, .ping),
        (#"{"type":"publishOffer","sdp":"v=0"}"#, .publishOffer(sdp: "v=0")),
        (#"{"type":"subscribeAnswer","sdp":"v=0","id":3}"#, .subscribeAnswer(sdp: "v=0", id: 3)),
        (#"{"type":"subscribeFailed","id":3}"#, .subscribeFailed(id: 3)),
        (#"{"type":"requestControl"}"#, .requestControl),
        (#"{"type":"releaseControl"}"#, .releaseControl),
        (#"{"type":"restartSubscribe"}"#, .restartSubscribe),
    ])
    func everyMessageIsUnderstood(_ text: String, _ message: ClientMessage) throws {
        #expect(try ClientMessage(parsing: Array(text.utf8)) == message)
    }

    @Test(
        arguments: [
            ("", nil), ("null", nil), ("[]", nil), ("{}", nil), ("{\"type\":7}", nil),
            ("{\"type\":\"shout\"}", nil),
            (#"{"type":"join"}"#, "join"),
            (#"{"type":"join","name":" \u0000 "}"#, "join"),
            (#"{"type":"publishOffer"}"#, "publishOffer"),
            (#"{"type":"publishOffer","sdp":""}"#, "publishOffer"),
            (#"{"type":"subscribeAnswer","sdp":"v=0"}"#, "subscribeAnswer"),
            (#"{"type":"subscribeFailed"}"#, "subscribeFailed"),
        ] as [(String, String?)]
    )
    func aBadMessageIsRefusedInWords(_ text: String, _ step: String?) {
        let error = #expect(throws: BadMessage.self) { try ClientMessage(parsing: Array(text.utf8)) }
        #expect(error?.step == step)
        #expect(error?.words.isEmpty == false)
    }

    @Test func aNameIsBounded() {
        func join(_ name: String) throws -> ClientMessage {
            try ClientMessage(parsing: Array("{\"type\":\"join\",\"name\":\"\(name)\"}".utf8))
        }
        #expect(throws: Never.self) { try join(String(repeating: "x", count: 64)) }
        #expect(throws: BadMessage.self) { try join(String(repeating: "x", count: 65)) }
        // One character of many scalars.
        #expect(throws: BadMessage.self) { try join("e" + String(repeating: "\u{301}", count: 300)) }
    }

    @Test func everyTruncationAndArbitraryBytesAreRefused() {
        let text = Array(#"{"type":"subscribeAnswer","sdp":"v=0","id":3}"#.utf8)
        for count in text.indices {
            #expect(throws: BadMessage.self) { try ClientMessage(parsing: Array(text[..<count])) }
        }
        var random = SplitMix64(seed: 7)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(throws: BadMessage.self) { try ClientMessage(parsing: bytes) }
        }
    }
}
