import Appliance
import GstBridge
import RemoteControl
import Testing

@Suite struct DeskConditionTests {
    @Test func theScreenComesFirstThenTheEncoderThenTheSound() {
        var condition = DeskCondition()
        #expect(condition.status == DeskStatus(.starting))
        condition.handle(.sound(.waiting))
        condition.handle(.screen(.waiting))
        #expect(condition.status == DeskStatus(.waitingForScreen, detail: .screenUnreachable))
        condition.handle(.screen(.live(width: 1_920, height: 1_080)))
        #expect(
            condition.status
                == DeskStatus(.waitingForSound, detail: .soundUnreachable, width: 1_920, height: 1_080)
        )
        condition.handle(.stream(.h264, .failed("no encoder")))
        #expect(condition.status.state == .failed)
        condition.handle(.stream(.h264, .started))
        condition.handle(.sound(.live))
        #expect(condition.status == DeskStatus(.live, width: 1_920, height: 1_080))
    }

    @Test func whatWentAwayIsToldFromWhatNeverCame() {
        var condition = DeskCondition()
        condition.handle(.screen(.live(width: 640, height: 480)))
        condition.handle(.sound(.live))
        condition.handle(.sound(.waiting))
        #expect(condition.status.detail == .soundLost)
        condition.handle(.screen(.waiting))
        #expect(condition.status == DeskStatus(.waitingForScreen, detail: .screenLost))
    }

    @Test func onlyChangesAreReported() {
        var condition = DeskCondition()
        var changes = [condition.hasChanged(), condition.hasChanged()]
        condition.handle(.sound(.live))
        changes.append(condition.hasChanged())
        condition.handle(.screen(.unsupported))
        changes.append(condition.hasChanged())
        #expect(changes == [true, false, false, true])
    }
}
