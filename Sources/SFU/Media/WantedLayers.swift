internal import Wire

/// Which encodings of one producer, or spatial layers of its only one, anybody watches, as its sender was told.
///
/// An encoding that is wanted is told of at once; one that is not, only when nobody has come back to it for a
/// while: switching it on again costs a key frame.
struct WantedLayers {
    /// A bit for each encoding.
    private(set) var told: UInt8
    private var removal: Instant?

    /// - Parameter isOnDemand: Whether a sender that was told nothing sends only the last; otherwise it sends
    ///   all.
    init(count: Int, isOnDemand: Bool) {
        told = isOnDemand ? 1 << UInt8(count - 1) : UInt8(truncatingIfNeeded: 1 << count - 1)
    }

    /// The encodings to tell of now, a bit for each; `nil` if there is nothing new.
    mutating func update(_ wanted: UInt8, now: Instant) -> UInt8? {
        guard wanted != told else {
            removal = nil
            return nil
        }
        if wanted & ~told != 0 {
            // Those that are not wanted any more keep their time.
            told |= wanted
            if told != wanted, removal == nil { removal = now + Self.removalDelay }
            return told
        }
        guard let removal else {
            self.removal = now + Self.removalDelay
            return nil
        }
        guard now >= removal else { return nil }
        told = wanted
        self.removal = nil
        return told
    }

    /// When ``update(_:now:)`` is next due.
    func pollTimeout() -> Instant? { removal }

    private static let removalDelay = Interval.seconds(1)
}
