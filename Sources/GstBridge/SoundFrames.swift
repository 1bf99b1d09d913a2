package import Wire

/// Cuts recorded sound into frames for the encoder, dates them, and leaves silence out.
///
/// Sound is interleaved stereo, 16 bits a sample, 48 kHz. Digital silence is sent for ``hangover`` frames, so
/// that decoders and what conceals lost packets come to rest in silence; then nothing until the next sample
/// that is not zero, whose frame is sent whole. Dates go on while frames are left out, so a listener hears a
/// pause as long as it was.
package struct SoundFrames: ~Copyable {
    /// One frame to encode.
    package struct Frame {
        /// ``SoundFrames/byteCount`` bytes, valid until the call that handed them over returns.
        package let samples: UnsafeRawBufferPointer
        /// When the first sample was recorded.
        package let date: Instant
        /// Whether nothing was sent just before it.
        package let endsPause: Bool
    }

    private let frame: UnsafeMutableRawBufferPointer
    private var used = 0
    private var silentFrames = SoundFrames.hangover
    /// When the first sample in ``frame`` was recorded.
    private var date: Instant?
    /// The end of what was sent: dates never go back behind it.
    private var earliest = Instant(nanoseconds: 0)
    /// How often in a row sound has come later than its date says.
    private var lateness = 0

    package init() {
        frame = .allocate(byteCount: Self.byteCount, alignment: 8)
    }

    deinit {
        frame.deallocate()
    }

    /// Takes what was recorded since the last call, and gives `send` each full frame that is not to be left
    /// out.
    ///
    /// - Parameters:
    ///   - samples: Whole samples; `nil` is a hole: silence.
    ///   - byteCount: How much `samples` or the hole is.
    ///   - end: When the last sample was recorded, with the jitter of the recorder's thread.
    package mutating func handle(
        _ samples: UnsafeRawPointer?,
        byteCount: Int,
        recordedUntil end: Instant,
        _ send: (Frame) -> Void
    ) {
        var date = currentDate(Self.start(of: used + byteCount, endingAt: end))
        var offset = 0
        while offset < byteCount {
            let count = min(byteCount - offset, Self.byteCount - used)
            let free = UnsafeMutableRawBufferPointer(rebasing: frame[used..<(used + count)])
            if let samples {
                free.copyMemory(from: UnsafeRawBufferPointer(start: samples + offset, count: count))
            } else {
                _ = free.initializeMemory(as: UInt8.self, repeating: 0)
            }
            used += count
            offset += count
            guard used == Self.byteCount else { break }
            used = 0
            let endsPause = silentFrames >= Self.hangover
            silentFrames = isSilent ? silentFrames + 1 : 0
            if silentFrames <= Self.hangover {
                earliest = date + Self.duration
                send(Frame(samples: UnsafeRawBufferPointer(frame), date: date, endsPause: endsPause))
            }
            date = date + Self.duration
        }
        self.date = date
    }

    /// The source stopped, or goes on after it had: what comes next does not follow what came last.
    package mutating func handleInterruption() {
        date = nil
    }

    /// The date of the next sample, which seems to have been recorded at `measured`.
    private mutating func currentDate(_ measured: Instant) -> Instant {
        let isPause = silentFrames >= Self.hangover
        guard let date else { return max(measured, earliest) }
        lateness = measured - date > Self.tolerance ? lateness + 1 : 0
        // Nobody hears a correction in a pause. In sound, a recorder that is late on a busy machine catches
        // up soon; only one that does not has lost something.
        guard isPause || lateness > Self.maximumLateness else { return date }
        lateness = 0
        return abs((measured - date).nanoseconds) > Self.tolerance.nanoseconds
            ? max(measured, earliest) : date
    }

    private var isSilent: Bool {
        frame.assumingMemoryBound(to: UInt64.self).allSatisfy { $0 == 0 }
    }

    /// When the first of `count` bytes was recorded, if the last was at `end`.
    static func start(of count: Int, endingAt end: Instant) -> Instant {
        Instant(nanoseconds: end.nanoseconds - Int64(count) * duration.nanoseconds / Int64(byteCount))
    }

    /// Of one frame: what the encoder makes one packet of.
    ///
    /// Not 20 ms: that is 10 ms more before a sound leaves, and browsers keep two to four packets in store (docs/performance.md).
    package static let duration = Interval.milliseconds(10)
    /// Bytes of one frame: 480 samples of 2 × 16 bits.
    package static let byteCount = 1_920
    /// Frames of silence that are sent after sound.
    package static let hangover = 20
    /// What jitter is not corrected.
    package static let tolerance = Interval.milliseconds(20)
    /// About a second.
    private static let maximumLateness = 100
}
