internal import Wire

/// What one encoding of a source on demand takes of a path, for the allocator: seen over seconds, because the
/// picture of a desk rests and moves by turns, and expected while the encoding is not made.
struct EncodingUsage {
    private let maximum: Double
    private let isFull: Bool
    private var sampled: (at: Instant, bytes: UInt64)?
    /// Bits per second.
    private var mean: Double = 0

    /// - Parameters:
    ///   - maximum: Bits per second.
    ///   - isFull: Whether the picture is the full one.
    init(maximum: Int?, isFull: Bool) {
        self.isFull = isFull
        self.maximum = Double(maximum ?? 0)
    }

    /// Takes a sample in, if the last one is old enough.
    ///
    /// - Parameter bytes: That have come so far.
    mutating func handle(bytes: UInt64, now: Instant) {
        guard let sampled else {
            self.sampled = (now, bytes)
            return
        }
        let elapsed = Double((now - sampled.at).nanoseconds) / 1e9
        guard elapsed >= Self.period else { return }
        self.sampled = (now, bytes)
        let bitrate = Double(bytes - min(bytes, sampled.bytes)) * 8 / elapsed
        // One key frame is no need yet, a second of motion is; after it, most likely more will come. A small
        // picture that rests is nothing to be taken away.
        let constant = bitrate > mean ? Self.rise : isFull ? Self.fall : 1
        mean += (bitrate - mean) * min(1, elapsed / constant)
    }

    /// What the full picture is to be reckoned with, bits per second.
    ///
    /// However still it is: a path that is much narrower than its motion would be full before anybody
    /// notices. To go back to it takes a key frame, which is large.
    func ofFull(isShown: Bool) -> Int { Int(max(mean, isShown ? least : maximum / 8)) }

    /// What the full picture takes at least, bits per second.
    var least: Double { min(maximum / 16, 400_000) }

    /// What the small picture is to be reckoned with, bits per second, beside a full one of `full`.
    func ofSmall(beside full: Int, isRunning: Bool) -> Int {
        let expected = isRunning ? mean : Double(full) / 3
        return Int(min(max(min(expected, maximum), maximum / 4), Double(full) * 0.9))
    }

    // Seconds.
    private static let period = 0.15
    private static let rise = 1.2
    private static let fall = 6.0
}
