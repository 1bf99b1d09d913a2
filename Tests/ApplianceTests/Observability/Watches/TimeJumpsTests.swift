import Appliance
import Testing
import Wire

@Suite struct TimeJumpsTests {
    private static func reading(running: Int64, elapsed: Int64, wall: Int64) -> TimeJumps.Reading {
        TimeJumps.Reading(
            running: Instant(nanoseconds: running * 1_000_000),
            elapsed: Instant(nanoseconds: elapsed * 1_000_000),
            wall: wall * 1_000_000
        )
    }

    private var jumps: TimeJumps { TimeJumps(Self.reading(running: 0, elapsed: 1_000, wall: 5_000_000)) }

    private static let cases: [(TimeJumps.Reading, [TimeJumps.Jump])] = [
        // As it should be, and a little late.
        (reading(running: 5_000, elapsed: 6_000, wall: 5_005_000), []),
        (reading(running: 7_900, elapsed: 8_900, wall: 5_007_900), []),
        // Stopped, or without a processor.
        (reading(running: 45_000, elapsed: 46_000, wall: 5_045_000), [.stoodStill(.seconds(40))]),
        // Suspended, and late besides.
        (reading(running: 5_000, elapsed: 3_606_000, wall: 8_605_000), [.suspended(.seconds(3_600))]),
        (
            reading(running: 9_000, elapsed: 70_000, wall: 5_069_000),
            [.suspended(.seconds(60)), .stoodStill(.seconds(4))]
        ),
        // Set, by an hour and by next to nothing.
        (reading(running: 5_000, elapsed: 6_000, wall: 8_605_000), [.clockSet(.seconds(3_600))]),
        (reading(running: 5_000, elapsed: 6_000, wall: 1_405_000), [.clockSet(.seconds(-3_600))]),
        (reading(running: 5_000, elapsed: 6_000, wall: 5_005_900), []),
        (reading(running: 5_000, elapsed: 6_000, wall: 5_004_100), []),
    ]

    @Test(arguments: cases.indices)
    func eachJumpIsToldApart(index: Int) {
        var jumps = jumps
        let (reading, expected) = Self.cases[index]
        let found = jumps.handle(reading, pause: .seconds(5))
        #expect(found == expected)
    }

    @Test func oneIsToldOnce() {
        var jumps = jumps
        let first = jumps.handle(
            Self.reading(running: 5_000, elapsed: 6_000, wall: 8_605_000),
            pause: .seconds(5)
        )
        let second = jumps.handle(
            Self.reading(running: 10_000, elapsed: 11_000, wall: 8_610_000),
            pause: .seconds(5)
        )
        #expect(first == [.clockSet(.seconds(3_600))] && second.isEmpty)
    }
}
