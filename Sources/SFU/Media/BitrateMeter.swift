internal import Wire

/// Bits per second of a stream, over the last full second.
struct BitrateMeter {
    private var rate = 0
    private var start: Instant?
    private var bytes = 0

    /// 0 in the first second, and once nothing has come for three.
    ///
    /// - Parameter now: `nil`: as it was when something came last.
    func bitsPerSecond(at now: Instant?) -> Int {
        guard let now else { return rate }
        guard let start, now - start < .seconds(3) else { return 0 }
        return rate
    }

    mutating func handle(_ size: Int, now: Instant) {
        bytes += size
        guard let start else {
            self.start = now
            return
        }
        let elapsed = (now - start).nanoseconds
        guard elapsed >= 1_000_000_000 else { return }
        rate = Int(Double(bytes) * 8e9 / Double(elapsed))
        self.start = now
        bytes = 0
    }
}
