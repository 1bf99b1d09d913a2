internal import Wire

extension Interval {
    /// How far a media clock of `rate` Hz moves in this time, in ticks.
    ///
    /// Seconds and the rest are multiplied apart, so that no length of time overflows.
    func ticks(at rate: Int) -> Int64 {
        let seconds = nanoseconds / 1_000_000_000
        let rest = nanoseconds % 1_000_000_000
        return seconds &* Int64(rate) &+ rest * Int64(rate) / 1_000_000_000
    }
}
