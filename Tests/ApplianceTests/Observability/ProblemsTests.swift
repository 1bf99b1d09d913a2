import Appliance
import Testing
import Wire

@Suite struct ProblemsTests {
    private let now = Instant(nanoseconds: 0)

    @Test func aProblemIsToldUntilItIsOver() {
        let problems = Problems()
        #expect(problems.all(now: now).isEmpty)
        problems.set("the disk is full", of: "storage")
        #expect(problems.all(now: now + .seconds(86_400)) == ["the disk is full"])
        problems.set(nil, of: "storage")
        #expect(problems.all(now: now).isEmpty)
    }

    @Test func oneThatHasAnEndIsForgottenThenAndALaterOneTakesItsPlace() {
        let problems = Problems()
        problems.set("xterm: first", of: "xterm", until: now + .seconds(60))
        problems.set("xterm: second", of: "xterm", until: now + .seconds(90))
        problems.set("the disk is full", of: "storage")
        #expect(problems.all(now: now + .seconds(89)) == ["the disk is full", "xterm: second"])
        #expect(problems.all(now: now + .seconds(90)) == ["the disk is full"])
    }
}
