import SFU
import Testing
import Wire

@Suite struct PathDistributionsTests {
    @Test func aReportCountsInTheFirstBucketThatHoldsIt() {
        var paths = PathDistributions()
        paths.count(loss: 0, roundTrip: .milliseconds(5))
        paths.count(loss: 0.02, roundTrip: .milliseconds(6))
        paths.count(loss: 1, roundTrip: .seconds(9))
        paths.count(loss: 0, roundTrip: nil)
        #expect(paths.losses.first == 2 && paths.losses[3] == 1 && paths.losses.last == 1)
        #expect(paths.roundTrips.first == 1 && paths.roundTrips[1] == 1 && paths.roundTrips.last == 1)
        #expect(paths.roundTrips.reduce(0, +) == 3 && paths.losses.reduce(0, +) == 4)
        #expect(paths.roundTripSum == .milliseconds(9_011))
    }
}
