import Appliance
import RemoteControl
import Testing

@Suite struct DeskWordsTests {
    @Test func everyStatusIsASentence() {
        for state in DeskStatus.State.allCases {
            for detail in DeskStatus.Detail.allCases {
                let desk = RoomMessage.Desk(DeskStatus(state, detail: detail, width: 640, height: 480))
                #expect(desk.message.hasSuffix(".") && desk.message.contains(" "))
                #expect(desk.state.rawValue == "\(state)")
                #expect(desk.width == 640 && desk.height == 480)
            }
        }
    }

    @Test func aDeskThatWasThereIsStartedAgain() {
        #expect(RoomMessage.Desk.absent(wasThere: false).state == .starting)
        #expect(RoomMessage.Desk.absent(wasThere: true).state == .restarting)
    }
}
