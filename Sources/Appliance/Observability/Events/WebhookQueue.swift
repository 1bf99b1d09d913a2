package import Wire

/// Events on their way to a receiver, in order, each until it has been taken: a machine without I/O.
///
/// ``append(_:)`` an event; then, and whenever ``pollTimeout()`` has come, carry out what ``pollDelivery(now:)`` says and
/// tell ``handleTaken()`` or ``handleFailure(now:retryAfter:random:)``. One is on its way at a time. Beyond ``capacity``
/// the oldest that is not on its way is dropped, and the next delivery says how many were.
package struct WebhookQueue: Sendable {
    package struct Delivery: Hashable, Sendable {
        package var event: NumberedEvent
        /// Events that were dropped before it.
        package var lost: UInt64
        /// How often it has been tried before.
        package var attempt: Int
    }

    private var waiting: [Delivery] = []
    private var isOnItsWay = false
    private var failures = 0
    private var next: Instant?
    package let capacity: Int

    package private(set) var delivered: UInt64 = 0
    package private(set) var failed: UInt64 = 0
    package private(set) var dropped: UInt64 = 0
    /// Whether any was dropped since one was taken.
    private var isDropping = false
    /// Dropped behind all that wait.
    private var lostAtEnd: UInt64 = 0

    /// - Parameter capacity: At least 1.
    package init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    package var count: Int { waiting.count }

    /// - Returns: Whether events begin to be dropped: for the first time since one was taken.
    @discardableResult
    package mutating func append(_ event: NumberedEvent) -> Bool {
        waiting.append(Delivery(event: event, lost: lostAtEnd, attempt: 0))
        lostAtEnd = 0
        guard waiting.count > capacity else { return false }
        let lost = waiting.remove(at: isOnItsWay ? 1 : 0)
        dropped += 1
        if isOnItsWay, waiting.count == 1 {
            lostAtEnd = lost.lost + 1
        } else {
            waiting[isOnItsWay ? 1 : 0].lost += lost.lost + 1
        }
        defer { isDropping = true }
        return !isDropping
    }

    /// What is to be sent now; `nil`: nothing, or not yet.
    package mutating func pollDelivery(now: Instant) -> Delivery? {
        guard !isOnItsWay, let first = waiting.first, next.map({ $0 <= now }) ?? true else { return nil }
        isOnItsWay = true
        next = nil
        return first
    }

    /// When ``pollDelivery(now:)`` is next due; `nil`: when something has happened.
    package func pollTimeout() -> Instant? { isOnItsWay || waiting.isEmpty ? nil : next ?? Self.past }

    /// The receiver has it.
    package mutating func handleTaken() {
        guard isOnItsWay else { return }
        isOnItsWay = false
        waiting.removeFirst()
        delivered += 1
        failures = 0
        isDropping = false
    }

    /// The receiver did not take it, or was not reached; it is tried again, later each time.
    ///
    /// - Parameters:
    ///   - retryAfter: When the receiver wants it (RFC 9110 §10.2.3); at most ``longestPause`` is heeded.
    ///   - random: 0…1, so that many rooms do not come back together.
    package mutating func handleFailure(now: Instant, retryAfter: Interval? = nil, random: Double) {
        guard isOnItsWay else { return }
        isOnItsWay = false
        failed += 1
        waiting[0].attempt += 1
        let pause = min(Self.shortestPause * (1 << Int64(min(failures, 16))), Self.longestPause)
        failures += 1
        // At least half of it.
        let spread = Interval(
            nanoseconds: Int64(Double(pause.nanoseconds) * (0.5 + 0.5 * min(1, max(0, random))))
        )
        next = now + max(spread, min(retryAfter ?? .zero, Self.longestPause))
    }

    private static let past = Instant(nanoseconds: .min / 2)
    package static let shortestPause = Interval.seconds(1)
    package static let longestPause = Interval.seconds(60)
}
