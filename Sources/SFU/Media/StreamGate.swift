/// Which packets of a stream are taken at all.
///
/// A stream is closed while its producer is paused, and while it is withheld: then it opens by itself with the first packet
/// that its source has made since a moment which the source has told. What was on its way before stays outside, however
/// late it comes.
struct StreamGate {
    /// What is asked for each packet.
    private(set) var isOpen = true
    private var isPaused = false
    private var isWithheld = false
    /// The first timestamp to be let through, modulo 2^32; `nil`: the source has not told.
    private var first: UInt32?

    mutating func setPaused(_ isPaused: Bool) {
        self.isPaused = isPaused
        isOpen = !isPaused && !isWithheld
    }

    /// Closes until ``release(from:)`` and a packet after it.
    mutating func withhold() {
        isWithheld = true
        first = nil
        isOpen = false
    }

    /// Opens for packets with this timestamp or a later one; without effect on a stream that is not withheld.
    mutating func release(from timestamp: UInt32) {
        if isWithheld { first = timestamp }
    }

    /// Whether a packet with this timestamp may pass a closed gate, which it then opens.
    mutating func opens(for timestamp: UInt32) -> Bool {
        guard !isPaused, isWithheld, let first, Int32(bitPattern: timestamp &- first) >= 0 else {
            return false
        }
        isWithheld = false
        isOpen = true
        return true
    }
}
