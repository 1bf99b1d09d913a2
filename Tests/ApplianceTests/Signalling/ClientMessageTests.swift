import Access
import Appliance
import RemoteControl
import Testing
import Wire

@Suite struct ClientMessageTests {
    @Test(arguments: [
        (
            #"{"type":"join","name":"Ada","codecs":["video/H264"]}"#,
            ClientMessage.join(.init(name: ada, resume: nil))
        ),
        (
            #"{"type":"join","name":"  Ada\t \n","resume":"abc","more":1}"#,
            .join(.init(name: ada, resume: "abc"))
        ),
        (
            #"{"type":"join","name":"Ada","fresh":false}"#,
            .join(.init(name: ada, resume: nil, isFresh: false))
        ),
        (#"{"type":"ping"}"#, .ping),
        (#"{"type":"publishOffer","sdp":"v=0"}"#, .publishOffer(sdp: "v=0")),
        (#"{"type":"subscribeAnswer","sdp":"v=0","id":3}"#, .subscribeAnswer(sdp: "v=0", id: 3)),
        (#"{"type":"subscribeFailed","id":3}"#, .subscribeFailed(id: 3)),
        (#"{"type":"requestControl"}"#, .requestControl),
        (#"{"type":"releaseControl"}"#, .releaseControl),
        (#"{"type":"restartSubscribe"}"#, .restartSubscribe),
        (
            #"{"type":"join","name":"Ada","browser":"0123456789abcdef-_"}"#,
            .join(.init(name: ada, resume: nil, browser: "0123456789abcdef-_"))
        ),
        (#"{"type":"goodbye"}"#, .goodbye),
        (#"{"type":"grantControl","person":7}"#, .grantControl(person: 7)),
        (#"{"type":"declineControl","person":7}"#, .declineControl(person: 7)),
        (#"{"type":"visibility","hidden":true}"#, .visibility(isHidden: true)),
        (#"{"type":"admit"}"#, .admit(person: nil)),
        (#"{"type":"admit","person":7}"#, .admit(person: 7)),
        (#"{"type":"allow","person":7}"#, .allow(person: 7)),
        (#"{"type":"endSession"}"#, .endSession),
        (#"{"type":"mute","person":7}"#, .mute(person: 7)),
        (#"{"type":"refuse","person":7}"#, .refuse(person: 7, reason: line(""))),
        (#"{"type":"remove","person":7,"reason":"\u202eWhy\n"}"#, .remove(person: 7, reason: line("Why\n"))),
        (#"{"type":"tell","person":7,"line":"Soon."}"#, .tell(person: 7, line: line("Soon."))),
        (
            #"{"type":"setRights","person":7,"rights":{"speak":false,"chat":true}}"#,
            .setRights(person: 7, give: .chat, take: .speak)
        ),
        (
            #"{"type":"pageState","state":{"hidden":true,"paused":false,"soundBlocked":false,"frozen":9}}"#,
            .pageState(PageState(hidden: true, frozen: 9))
        ),
        (#"{"type":"watch"}"#, .watch(person: nil)),
        (#"{"type":"startActivity","id":63}"#, .startActivity(id: 63)),
        (#"{"type":"stopActivity","id":0}"#, .stopActivity(id: 0)),
        (#"{"type":"resetDesk"}"#, .resetDesk),
    ])
    func everyMessageIsUnderstood(_ text: String, _ message: ClientMessage) throws {
        #expect(try ClientMessage(parsing: Array(text.utf8)) == message)
    }

    @Test(arguments: [
        (#"{"type":"revokeControl"}"#, ClientMessage.revokeControl),
        (#"{"type":"lock","person":null,"on":true}"#, .lock(person: nil, isOn: true)),
        (#"{"type":"lock","person":7,"on":false}"#, .lock(person: 7, isOn: false)),
        (#"{"type":"eyesOnMe","on":true}"#, .eyesOnMe(person: nil, isOn: true)),
        (
            #"{"type":"turns","action":"begin","people":[3,2],"seconds":60}"#,
            .turns(.begin([3, 2], seconds: 60))
        ),
        (#"{"type":"turns","action":"begin","people":[]}"#, .turns(.begin([], seconds: nil))),
        (#"{"type":"turns","action":"pass"}"#, .turns(.pass)),
        (#"{"type":"turns","action":"resume"}"#, .turns(.resume)),
        (#"{"type":"turns","action":"end"}"#, .turns(.end)),
        (#"{"type":"consent","id":3,"given":false}"#, .consent(id: 3, isGiven: false)),
        (
            #"{"type":"consent","id":3,"given":true,"wording":"control-1"}"#,
            .consent(id: 3, isGiven: true, wording: Identifier("control-1"))
        ),
        (
            #"{"type":"grantControl","person":7,"leaseRights":["pointer"],"seconds":60}"#,
            .grantControl(person: 7, terms: ControlTerms(rights: .pointer, limit: .seconds(60)))
        ),
    ])
    func whatIsAboutControlIsUnderstood(_ text: String, _ message: ClientMessage) throws {
        #expect(try ClientMessage(parsing: Array(text.utf8)) == message)
    }

    @Test(
        arguments: [
            ("", nil), ("null", nil), ("[]", nil), ("{}", nil), ("{\"type\":7}", nil),
            ("{\"type\":\"shout\"}", nil),
            (#"{"type":"join"}"#, "join"),
            (#"{"type":"startActivity"}"#, "startActivity"),
            (#"{"type":"stopActivity","id":256}"#, "stopActivity"),
            (#"{"type":"startActivity","id":-1}"#, "startActivity"),
            (#"{"type":"join","name":" \u0000 "}"#, "join"),
            (#"{"type":"join","name":"Ada","browser":"short"}"#, "join"),
            (#"{"type":"join","name":"Ada","browser":"0123456789abcdef "}"#, "join"),
            (#"{"type":"join","name":"Ada","token":7}"#, nil),
            (#"{"type":"grantControl"}"#, "grantControl"),
            (#"{"type":"declineControl","person":-1}"#, nil),
            (#"{"type":"grantControl","person":7,"leaseRights":["shout"]}"#, "grantControl"),
            (#"{"type":"grantControl","person":7,"leaseRights":[]}"#, "grantControl"),
            (#"{"type":"grantControl","person":7,"seconds":4}"#, "grantControl"),
            (#"{"type":"lock","person":7}"#, "lock"),
            (#"{"type":"eyesOnMe"}"#, "eyesOnMe"),
            (#"{"type":"consent","id":-1,"given":true}"#, "consent"),
            (#"{"type":"consent","id":1}"#, "consent"),
            (#"{"type":"visibility"}"#, "visibility"),
            (#"{"type":"allow"}"#, "allow"),
            (#"{"type":"tell","line":"Soon."}"#, "tell"),
            (#"{"type":"setRights","person":7}"#, "setRights"),
            (#"{"type":"setRights","person":7,"rights":{"fly":true}}"#, "setRights"),
            (#"{"type":"pageState"}"#, "pageState"),
            (
                #"{"type":"pageState","state":{"hidden":true,"paused":false,"soundBlocked":false,"frozen":-1}}"#,
                "pageState"
            ),
            (
                #"{"type":"refuse","person":7,"reason":""# + String(repeating: "a", count: 301) + #""}"#,
                "refuse"
            ),
            (#"{"type":"publishOffer"}"#, "publishOffer"),
            (#"{"type":"publishOffer","sdp":""}"#, "publishOffer"),
            (#"{"type":"subscribeAnswer","sdp":"v=0"}"#, "subscribeAnswer"),
            (#"{"type":"subscribeFailed"}"#, "subscribeFailed"),
        ] as [(String, String?)]
    )
    func aBadMessageIsRefusedInWords(_ text: String, _ step: String?) {
        let error = #expect(throws: BadMessage.self) { try ClientMessage(parsing: Array(text.utf8)) }
        #expect(error?.step == step)
        #expect(error?.refusal.message.isEmpty == false)
    }

    @Test func aNameThatMayNotBeShownIsRefusedInWordsForThePerson() {
        let error = #expect(throws: BadMessage.self) {
            try ClientMessage(parsing: Array(#"{"type":"join","name":"\u202eadA"}"#.utf8))
        }
        #expect(error?.refusal.code == .nameHidden)
        #expect(error?.refusal.message.contains("turn text around") == true)
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

private func line(_ text: String) -> PersonalLine {
    do { return try PersonalLine(parsing: text) } catch { preconditionFailure("a short line is one") }
}

private let ada: DisplayName = {
    do { return try DisplayName(parsing: "Ada") } catch { preconditionFailure("three letters are a name") }
}()
