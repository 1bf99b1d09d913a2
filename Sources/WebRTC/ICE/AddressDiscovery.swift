public import Wire

/// Asks a STUN server from the media port how the port is seen from outside (RFC 8489 §6), and again from time to time, so that
/// a router which forgets its mapping is noticed, and has no reason to.
///
/// Call ``pollTransmit(now:using:into:)`` whenever ``pollTimeout()`` is due, and ``handle(_:from:)`` with each response that nobody else
/// has asked for; ``mapped`` is what is known.
public struct AddressDiscovery: Sendable {
    public let server: SocketAddress
    /// The address outside, by the last answer; `nil` while the server does not answer.
    public private(set) var mapped: SocketAddress?

    private var transaction: STUNTransactionID?
    private var attempts = 0
    private var due: Instant

    public init(server: SocketAddress, now: Instant) {
        self.server = server
        due = now
    }

    public func pollTimeout() -> Instant { due }

    /// Asks, if it is time to.
    public mutating func pollTransmit(
        now: Instant,
        using random: inout RandomSource,
        into queue: inout TransmitQueue
    ) {
        guard now >= due else { return }
        if transaction != nil, attempts >= Self.mostAttempts {
            // Nobody answers: what was known is not known any more.
            transaction = nil
            mapped = nil
        }
        let id = transaction ?? STUNTransactionID.random(using: &random)
        if transaction == nil { attempts = 0 }
        transaction = id
        // RFC 8489 §6.2.1: 500 ms, and twice as long each time.
        due = now + Self.firstWait * (1 << Int64(attempts))
        attempts += 1
        queue.append(to: server) { request in
            request.appendSTUNHeader(.request, id)
            request.appendSTUNFingerprint()
        }
    }

    /// Takes a response; `false` if it is not the one that was asked for.
    public mutating func handle(_ datagram: RawSpan, from source: SocketAddress, now: Instant) -> Bool {
        guard let transaction, source.high == server.high, source.low == server.low,
            source.port == server.port,
            STUNMessage.answeredTransaction(of: datagram) == transaction,
            let message = try? STUNMessage(parsing: datagram)
        else { return false }
        self.transaction = nil
        attempts = 0
        due = now + Self.interval
        // An error says that it knows nothing, and so does an answer without an address.
        mapped = message.kind == .successResponse ? message.mappedAddress : nil
        return true
    }

    private static let firstWait = Interval.milliseconds(500)
    private static let mostAttempts = 6
    /// Shorter than the two minutes for which routers keep a mapping (RFC 4787 §4.3), and the 30 s of those that do not care.
    private static let interval = Interval.seconds(25)
}
