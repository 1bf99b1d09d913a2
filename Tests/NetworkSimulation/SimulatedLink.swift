package import Wire

/// A bottleneck: a queue in front of a line of limited rate, as in a home router.
///
/// Paths may share one.
package final class SimulatedLink {
    /// Bits per second.
    package var rate: Int
    /// The tail is dropped once this much waits.
    package var queueBytes: Int
    /// Bytes that came out at the far end, UDP and IP headers included.
    package private(set) var delivered = 0
    /// Datagrams that found the queue full.
    package private(set) var dropped = 0
    /// The longest wait since it was last set to zero.
    package var longestWait = Interval.zero
    /// Waits of all datagrams, for a quantile.
    package private(set) var waits: [Interval] = []

    private var free = Instant(nanoseconds: 0)

    /// - Parameters:
    ///   - rate: Bits per second.
    ///   - queue: How long the last byte of a full queue waits at that rate.
    package init(rate: Int, queue: Interval) {
        self.rate = rate
        queueBytes = Int(queue.nanoseconds) / 1_000 * rate / 8_000_000
    }

    /// When the datagram's last bit is through; `nil`: dropped.
    func handle(_ size: Int, now: Instant) -> Instant? {
        let size = size + Self.overhead
        let wait = max(.zero, free - now)
        guard Int(wait.nanoseconds) / 1_000 * rate / 8_000_000 + size <= queueBytes else {
            dropped += 1
            return nil
        }
        longestWait = max(longestWait, wait)
        waits.append(wait)
        free = max(now, free) + Interval(nanoseconds: Int64(size) * 8_000_000_000 / Int64(rate))
        delivered += size
        return free
    }

    /// Starts the measurements anew.
    package func reset() {
        delivered = 0
        dropped = 0
        longestWait = .zero
        waits.removeAll(keepingCapacity: true)
    }

    /// IPv4 and UDP headers.
    private static let overhead = 28
}
