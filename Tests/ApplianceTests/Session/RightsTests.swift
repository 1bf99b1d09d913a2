import Access
import Appliance
import RemoteControl
import SFU
import Testing

@Suite struct RightsTests {
    @Test(
        arguments: [
            (Rights.Deed.chat, Rights.chat), (.send(.audio), .speak), (.send(.video), .camera),
            (.receive(.audio), .hear), (.receive(.video), .see),
            (.message(.admit(person: nil)), .admit), (.message(.mute(person: nil)), .muteOthers),
            (.message(.endSession), .remove),
            (.message(.setRights(person: 1, give: [], take: .speak)), .grant),
            (.message(.watch(person: 1)), .admit), (.message(.listWindows), .mask),
            (.message(.setLayout(.choose(nil))), .arrange),
            (.message(.curtain(isDown: true, hasSound: false)), .mask),
            (.message(.mask([], windows: [])), .mask),
            (.message(.requestControl), [.pointer, .keyboard]),
            (.message(.grantControl(person: 1)), [.grant, .pointer, .keyboard]),
            (.message(.revokeControl), .grant), (.message(.lock(person: nil, isOn: true)), .grant),
            (.message(.eyesOnMe(person: 1, isOn: true)), .grant), (.point, .point),
            (.message(.turns(.begin([1, 2], seconds: nil))), .grant), (.message(.turns(.end)), .grant),
            (.message(.turns(.resume)), .grant), (.message(.turns(.pass)), [.grant, .pointer, .keyboard]),
        ] as [(Rights.Deed, Rights)]
    )
    func whatNeedsARightIsRefusedInWordsWithoutIt(_ deed: Rights.Deed, _ needed: Rights) throws {
        #expect(Rights.needed(for: deed) == needed)
        #expect(Rights.all.refusal(of: deed) == nil)
        let words = try #require(Rights.all.subtracting(needed).refusal(of: deed)).message
        #expect(words.hasPrefix("You may") && words.hasSuffix("."))
    }

    /// Whoever is in the room may stay, look after their connections, and go.
    @Test(arguments: [
        ClientMessage.consent(id: 1, isGiven: true), .declineControl(person: 1), .goodbye, .leave,
        .pageState(PageState()), .ping,
        .publishOffer(sdp: ""),
        .releaseControl,
        .restartSubscribe, .setMedia(RoomMessage.Media()), .subscribeAnswer(sdp: "", id: 1),
        .subscribeFailed(id: 1), .views([]), .visibility(isHidden: true),
    ])
    func whatNeedsNoneIsAllowedToEverybody(_ message: ClientMessage) {
        #expect(Rights().allow(.message(message)))
    }

    @Test func oneOfTwoIsEnoughToAskForControl() {
        #expect(Rights.pointer.allow(.message(.requestControl)))
        #expect(Rights.keyboard.allow(.message(.requestControl)))
        #expect(ControlRights(.all) == .all)
        #expect(ControlRights([.keyboard, .chat]) == .keyboard)
        #expect(ControlRights(Rights.all.subtracting([.pointer, .keyboard])) == [])
    }
}
