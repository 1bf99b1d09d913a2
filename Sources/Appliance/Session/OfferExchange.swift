package import Wire

/// The room's offers on one connection: one at a time waits for its answer, and none that failed stands in the
/// way of the next.
package struct OfferExchange: Hashable, Sendable {
    /// What to do after an answer that could not be used.
    package enum Remedy: Hashable, Sendable {
        /// The same is offered once more.
        case again
        /// The connection is given up for a new one.
        case renew
        /// Nothing helped: the next change is offered again.
        case rest
    }

    /// Answers in a row that could not be used, on this connection and those that it replaces.
    package private(set) var failures: Int
    private var isNeeded = true
    /// When the offer that waits for its answer was made.
    private var sent: Instant?

    package init(failures: Int = 0) {
        self.failures = failures
    }

    /// Whether an offer is not answered yet.
    package var isWaiting: Bool { sent != nil }

    /// There is something to offer.
    package mutating func change() { isNeeded = true }

    /// There is something to offer, whether or not the offer before is answered.
    package mutating func replace() {
        isNeeded = true
        sent = nil
    }

    /// Whether an offer is to be made now; if so, it waits for its answer from now on.
    package mutating func begin(now: Instant) -> Bool {
        guard isNeeded else { return false }
        // A page that does not answer for long has lost the offer.
        if let sent, now - sent < Self.answerTimeout { return false }
        isNeeded = false
        sent = now
        return true
    }

    package mutating func handleAnswer() {
        sent = nil
        failures = 0
    }

    package mutating func handleFailure() -> Remedy {
        sent = nil
        failures += 1
        switch failures {
        case 1:
            isNeeded = true
            return .again
        case 2: return .renew
        default: return .rest
        }
    }

    private static let answerTimeout = Interval.seconds(10)
}
