import GstBridge
import Testing
import Wire

@Suite struct InputTraceTests {
    @Test func anInputIsFollowedToTheFirstPictureThatShowsIt() {
        var trace = InputTrace()
        trace.handleInput(7, at: at(10))
        trace.handleChange(at: at(14))
        trace.handleChange(at: at(15))
        trace.handleCapture(at(20), readBy: at(22))
        #expect(trace.handleSent(at(12), at: at(23)) == nil)
        let effect = trace.handleSent(at(20), at: at(25))
        let expected = InputEffect(
            input: 7,
            injected: at(10),
            changed: at(14),
            captured: at(20),
            read: at(22),
            sent: at(25)
        )
        #expect(effect == expected)
        #expect(trace.handleSent(at(30), at: at(31)) == nil)
    }

    @Test func aPictureThatTookThePlaceOfAnotherIsTheOneThatCounts() {
        var trace = InputTrace()
        trace.handleInput(1, at: at(0))
        trace.handleChange(at: at(1))
        trace.handleCapture(at(2), readBy: at(3))
        trace.handleCapture(at(40), readBy: at(41))
        let effect = trace.handleSent(at(40), at: at(45))
        #expect(effect?.captured == at(40))
        // In order, whatever was read when.
        #expect(effect?.read == at(40))
    }

    @Test func whatChangedBeforeTheInputIsNotItsEffect() {
        var trace = InputTrace()
        trace.handleChange(at: at(0))
        trace.handleInput(1, at: at(5))
        trace.handleChange(at: at(4))
        trace.handleCapture(at(6), readBy: at(7))
        #expect(trace.handleSent(at(6), at: at(8)) == nil)
        trace.handleChange(at: at(9))
        trace.handleCapture(at(8), readBy: at(9))
        #expect(trace.handleSent(at(8), at: at(10)) == nil)
        trace.handleCapture(at(10), readBy: at(11))
        #expect(trace.handleSent(at(10), at: at(12))?.changed == at(9))
    }

    @Test func anInputWithoutEffectMakesWayForTheNext() {
        var trace = InputTrace()
        trace.handleInput(1, at: at(0))
        trace.handleInput(2, at: at(400))
        trace.handleChange(at: at(700))
        trace.handleInput(3, at: at(800))
        trace.handleChange(at: at(810))
        trace.handleCapture(at(811), readBy: at(812))
        #expect(trace.handleSent(at(811), at: at(813))?.input == 3)
    }

    @Test func oneUnderWayIsNotGivenUpForTheNext() {
        var trace = InputTrace()
        trace.handleInput(1, at: at(0))
        trace.handleChange(at: at(1))
        trace.handleInput(2, at: at(600))
        trace.handleCapture(at(601), readBy: at(602))
        #expect(trace.handleSent(at(601), at: at(603))?.input == 1)
        trace.handleInput(3, at: at(700))
        trace.handleChange(at: at(701))
        // No picture was ever sent.
        trace.handleInput(4, at: at(2_800))
        trace.handleChange(at: at(2_801))
        trace.handleCapture(at(2_802), readBy: at(2_803))
        #expect(trace.handleSent(at(2_802), at: at(2_804))?.input == 4)
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
}
