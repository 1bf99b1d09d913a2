import Access
import Appliance
import Foundation
import Testing

@Suite struct RoomMessageTests {
    private static let ada = RoomMessage.Person(id: 1, name: "Ada “the first” \u{2028}")

    @Test func theWelcomeSaysWhoIsHereAndWhoDrives() throws {
        let desk = RoomMessage.Desk(state: .live, width: 1920, height: 1080)
        let message = RoomMessage.welcome(
            .init(
                you: Self.ada,
                resume: "token",
                resumed: false,
                desk: desk,
                control: .init(holder: nil, lease: nil, denied: nil),
                people: [Self.ada],
                camera: .av1,
                now: 1_800_000_000_000
            )
        )
        let object = try object(message)
        #expect(object["type"] as? String == "welcome")
        #expect(object["resume"] as? String == "token")
        #expect(object["camera"] as? String == "av1")
        #expect((object["you"] as? [String: Any])?["name"] as? String == Self.ada.name)
        #expect((object["desk"] as? [String: Any])?["state"] as? String == "live")
        #expect((object["people"] as? [[String: Any]])?.count == 1)
        #expect(object["now"] as? Int == 1_800_000_000_000)
        // The page tells nobody from a missing word.
        #expect((object["control"] as? [String: Any])?["holder"] is NSNull)
        #expect((object["control"] as? [String: Any])?["lease"] is NSNull)
    }

    @Test func everyMessageIsOneObjectWithItsType() throws {
        let messages: [(RoomMessage, String)] = [
            (.control(.init(holder: Self.ada, lease: 7, denied: nil)), "control"),
            (.desk(.init(state: .restarting, code: .deskStopped, width: 0, height: 0)), "desk"),
            (.error(step: "join", Refusal(.roomFull)), "error"),
            (.people([Self.ada]), "people"),
            (.pong, "pong"),
            (.publishAnswer(sdp: "v=0\r\n"), "publishAnswer"),
            (.delivery(["1": .sent, "2": .unsupported]), "delivery"),
            (.publishLayers(["1": ["q"]]), "publishLayers"),
            (.speakers(dominant: 1, speaking: [1, 2]), "speakers"),
            (
                .subscribeOffer(sdp: "v=0\r\n", id: 2, tracks: ["1": .init(person: 0, source: .desk)]),
                "subscribeOffer"
            ),
        ]
        for (message, type) in messages {
            #expect(try object(message)["type"] as? String == type)
        }
        #expect(try object(messages[0].0)["lease"] as? Int == 7)
        #expect(try object(messages[5].0)["sdp"] as? String == "v=0\r\n")
        #expect(try object(messages[9].0)["id"] as? Int == 2)
    }

    @Test func theHolderLearnsWhoAsks() throws {
        let control = try object(.control(.init(holder: Self.ada, lease: 7, asks: [Self.ada])))
        #expect((control["asks"] as? [[String: Any]])?.first?["name"] as? String == Self.ada.name)
        #expect(control["waiting"] as? Bool == false)
        let asked = try object(.controlRequested(from: Self.ada, within: 10))
        #expect(asked["type"] as? String == "controlRequested")
        #expect((asked["from"] as? [String: Any])?["id"] as? Int == 1)
        #expect(asked["within"] as? Int == 10)
        #expect(try object(.controlRequested(from: Self.ada, within: nil))["within"] is NSNull)
    }

    /// By its code, so that the page says it in the reader's language, and with what it puts in.
    @Test func aRefusalIsACodeWithItsValuesAndASentence() throws {
        let refused = try object(.error(step: "join", Refusal(.notYetValid(seconds: 90))))
        #expect(refused["step"] as? String == "join")
        #expect(refused["code"] as? String == "tokenNotYetValid")
        #expect(refused["values"] as? [String: Int] == ["seconds": 90])
        #expect(refused["message"] as? String == "This link is not valid yet. Come back in 2 minutes.")
        let full = try object(.error(step: "join", Refusal(.roomFull)))
        #expect(full["code"] as? String == "roomFull" && full["values"] == nil)
        #expect(try object(.error(step: nil, Refusal(uncoded: "No.")))["code"] == nil)

        var state = RoomMessage.Control(
            holder: Self.ada,
            denied: Refusal(.controlAsked, ["name": .text("Ada")])
        )
        let denied = try object(.control(state))
        #expect(denied["deniedCode"] as? String == "controlAsked")
        #expect(denied["values"] as? [String: String] == ["name": "Ada"])
        state.denied = nil
        state.ended = Refusal(.controlIdle)
        #expect(try object(.control(state))["endedCode"] as? String == "controlIdle")
        let desk = try object(.desk(.init(state: .failed, code: .encoderMissing, width: 0, height: 0)))
        #expect(desk["code"] as? String == "encoderMissing")
    }

    /// Whoever waits is told nothing but when and what was written to them.
    @Test func whoWaitsIsToldNothingOfTheRoom() throws {
        let notice = WaitingNotice(since: 1, now: 2, line: nil, resume: "secret")
        #expect(try Set(object(.waiting(notice)).keys) == ["type", "since", "now", "resume"])
        let list = WaitingList(people: [WaitingPerson(id: 3, name: "Ben", role: "client", since: 1)])
        let told = try object(.waitingList(list))
        #expect((told["people"] as? [[String: Any]])?.first?["since"] as? Int == 1)
        #expect((told["removed"] as? [Any])?.isEmpty == true)
        let ended = try object(.ended(Refusal(.removedFor, ["reason": .text("Why.")])))
        #expect(ended["code"] as? String == "removedFor")
        #expect((ended["values"] as? [String: Any])?["reason"] as? String == "Why.")
        let rights = try object(.rights([PersonRights(id: 3, role: .observer, rights: [.see, .hear])]))
        #expect((rights["people"] as? [[String: Any]])?.first?["rights"] as? [String] == ["see", "hear"])
    }

    private func object(_ message: RoomMessage) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(message.json.utf8)) as? [String: Any])
    }
}
