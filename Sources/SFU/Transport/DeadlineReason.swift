package import Wire

/// Why a transport is due.
package enum DeadlineReason: UInt8, Hashable, Sendable {
    /// What the path carries is to be shared out again.
    case adaptation
    /// When packets arrived is to be told (transport-wide feedback).
    case arrivals
    /// A consent, or a check of an address, ends (ICE).
    case connectivity
    /// A consumer begins, goes on with what is kept, or its end is to be sent once more.
    case consumer
    /// Something of the association (SCTP).
    case dataChannels
    /// A flight of the handshake is to be repeated (DTLS).
    case handshake
    /// The publisher is to be told how much it may send.
    case limit
    /// Nothing is.
    case none
    /// Packets that wait, or a probe, may go.
    case pacing
    /// Senders are to be reported.
    case senderReport
    /// A producer's source is to be told of loss, reception or a key frame.
    case source
}

/// The earliest of several moments, and what is due then.
package struct Deadline: Hashable, Sendable {
    package private(set) var at: Instant
    package private(set) var reason: DeadlineReason

    package init() {
        at = .never
        reason = .none
    }

    package init(at: Instant, _ reason: DeadlineReason) {
        self.at = at
        self.reason = at == .never ? .none : reason
    }

    /// Of two at the same moment the first counts.
    package mutating func consider(_ due: Instant?, _ reason: DeadlineReason) {
        guard let due, due < at else { return }
        at = due
        self.reason = reason
    }

    package mutating func consider(_ other: Deadline) { consider(other.at, other.reason) }
}
