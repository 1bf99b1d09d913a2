internal import Wire

/// Bits per second of a stream, over the last full second.
struct BitrateMeter {
    private(set) var bitsPerSecond = 0
    private var start: Instant?
    private var bytes = 0

    mutating func handle(_ size: Int, now: Instant) {
        bytes += size
        guard let start else {
            self.start = now
            return
        }
        let elapsed = (now - start).nanoseconds
        guard elapsed >= 1_000_000_000 else { return }
        bitsPerSecond = Int(Double(bytes) * 8e9 / Double(elapsed))
        self.start = now
        bytes = 0
    }
}
