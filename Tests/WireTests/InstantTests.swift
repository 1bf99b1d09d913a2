import Testing
import Wire

@Suite struct InstantTests {
    @Test(arguments: [(0, 0), (1, 50), (49, 50), (50, 50), (51, 100), (-1, 0), (-50, -50), (-51, -50)])
    func anInstantIsRoundedUpToTheNextMultiple(of instant: Int64, is rounded: Int64) {
        #expect(Instant(nanoseconds: instant).roundedUp(to: Interval(nanoseconds: 50)).nanoseconds == rounded)
    }
}
