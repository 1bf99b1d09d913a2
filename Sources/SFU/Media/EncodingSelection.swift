internal import Wire

/// Which encoding of its producer a consumer shows, and for whose key frame it waits.
///
/// ```
///            choose: another one is better            its key frame comes: switched(to:)
///  current ──────────────────────────────▶ awaited ─────────────────────────────────────▶ current
/// ```
///
/// While one is awaited the other stays on show. Nothing is thrown away to wait: the first key frame that
/// comes is taken.
struct EncodingSelection {
    /// `nil`: nothing can be shown before a key frame.
    private(set) var current: Int?
    private(set) var awaited: Int?
    /// The one that is shown whatever others there are: that of a pipe, which carries each by itself.
    let only: Int?
    private var nextRequest = Instant(nanoseconds: .min)

    /// - Parameters:
    ///   - needsKeyFrame: Whether a stream can only begin with a key frame: that of video.
    ///   - only: The only one to show; `nil`: the best.
    init(needsKeyFrame: Bool, only: Int? = nil) {
        self.only = only
        lose(needsKeyFrame: needsKeyFrame)
    }

    /// What is shown cannot be continued.
    mutating func lose(needsKeyFrame: Bool) {
        awaited = needsKeyFrame ? current ?? awaited ?? only ?? 0 : nil
        current = needsKeyFrame ? nil : 0
        nextRequest = Instant(nanoseconds: .min)
    }

    /// A key frame of the encoding has come.
    mutating func switched(to encoding: Int) {
        current = encoding
        awaited = nil
    }

    /// Settles for the best encoding up to `highest` that its sender sends, or else for the least above it.
    ///
    /// Returns the one that a key frame is needed of now: again and again until one comes.
    mutating func choose(among producer: Producer, upTo highest: Int, now: Instant) -> Int? {
        let best = only ?? Self.best(of: producer, upTo: highest, now: now) ?? current ?? awaited ?? 0
        guard best != current else {
            awaited = nil
            return nil
        }
        if awaited != best {
            awaited = best
            nextRequest = now
        }
        guard now >= nextRequest else { return nil }
        // It is about to be gone over to.
        guard !producer.streams[best].received.contains(where: \.startsKeyFrame) else { return nil }
        nextRequest = now + Self.requestInterval
        return best
    }

    private static func best(of producer: Producer, upTo highest: Int, now: Instant) -> Int? {
        var least: Int?
        for index in producer.streams.indices.reversed() where producer.isSending(index, now: now) {
            if index <= highest { return index }
            least = index
        }
        return least
    }

    /// The producer itself repeats an unanswered request sooner; this is for those that it has dropped.
    private static let requestInterval = Interval.milliseconds(500)
}
