package import Wire

/// Finds out, from one look at the clocks to the next, that time has not gone on evenly: a machine without I/O.
package struct TimeJumps {
    package struct Reading: Hashable, Sendable {
        /// Of the clock that stands still while the machine is suspended.
        package var running: Instant
        /// Of the one that does not.
        package var elapsed: Instant
        /// Nanoseconds since 1970.
        package var wall: Int64

        package init(running: Instant, elapsed: Instant, wall: Int64) {
            self.running = running
            self.elapsed = elapsed
            self.wall = wall
        }
    }

    package enum Jump: Hashable, Sendable {
        /// The wall clock was set, forward or back.
        case clockSet(Interval)
        /// This process did not run for so long.
        case stoodStill(Interval)
        /// The machine was suspended for so long.
        case suspended(Interval)
    }

    private var last: Reading

    package init(_ reading: Reading) { last = reading }

    /// - Parameter pause: How long after the last one this look was meant to be.
    package mutating func handle(_ reading: Reading, pause: Interval) -> [Jump] {
        defer { last = reading }
        var jumps: [Jump] = []
        let ran = reading.running - last.running
        let passed = reading.elapsed - last.elapsed
        if passed - ran >= Self.smallestStep { jumps.append(.suspended(passed - ran)) }
        if ran - pause >= Self.lateness { jumps.append(.stoodStill(ran - pause)) }
        if let step = Self.step(from: last, to: reading) { jumps.append(.clockSet(step)) }
        return jumps
    }

    /// By how much the wall clock was set in between; `nil`: not at all, or by so little that nobody need know.
    package static func step(from last: Reading, to reading: Reading) -> Interval? {
        let passed = reading.elapsed - last.elapsed
        let step = Interval(nanoseconds: reading.wall - last.wall) - passed
        return step >= smallestStep || step <= .zero - smallestStep ? step : nil
    }

    /// What keeps a clock right without setting it (adjtime(3)) changes it by less from one look to the next.
    private static let smallestStep = Interval.seconds(1)
    /// A busy machine may be late by less.
    private static let lateness = Interval.seconds(3)
}
