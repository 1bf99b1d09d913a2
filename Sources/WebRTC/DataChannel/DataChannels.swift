public import Wire

/// The data channels of one peer connection (RFC 8831, RFC 8832) over an SCTP association of their own.
///
/// Call ``connect(now:)`` once DTLS is up. After every call that takes `now`, drain ``pollPacket(now:into:)`` into
/// DTLS and ``pollEvent()``, then arm a timer for ``pollTimeout()``, which calls ``handleTimeout(now:)``.
public struct DataChannels: Sendable {
    /// The association's state; `closed` is final.
    public enum State: Hashable, Sendable { case new, connecting, connected, closed }

    public enum Event: Hashable, Sendable {
        case stateChanged(State)
        /// The peer opened a channel.
        case opened(stream: UInt16, DataChannelParameters)
        /// The peer acknowledged a channel that ``open(_:now:)`` asked for.
        case acknowledged(stream: UInt16)
        case message(stream: UInt16, isBinary: Bool, bytes: [UInt8])
        /// The channel is closed in both directions; its stream may be used again.
        case closed(stream: UInt16)
        /// What waits to be sent fell to the channel's threshold.
        case bufferedAmountLow(stream: UInt16)
    }

    public struct Statistics: Hashable, Sendable {
        public var packetsSent = 0
        public var packetsReceived = 0
        /// DATA chunks sent again.
        public var retransmissions = 0
        /// Packets or chunks dropped because they were malformed, misdirected or beyond a bound.
        public var rejected = 0
        /// Smoothed round-trip time; `nil` before the first measurement.
        public var roundTripTime: Interval?
    }

    public private(set) var state = State.new
    public private(set) var statistics = Statistics()

    /// - Parameters:
    ///   - isDTLSClient: The DTLS client opens channels on even streams, the server on odd ones (RFC 8832 §6).
    ///   - maximumMessageSize: Longest message accepted, in bytes; a longer one aborts the association.
    ///   - remoteMaximumMessageSize: Longest message the peer accepts (`a=max-message-size`), in bytes.
    ///   - maximumChannels: Channels open at a time, whoever opened them.
    ///   - generator: Source of the verification tag, the first TSN and the cookie's key.
    public init(
        isDTLSClient: Bool,
        localPort: UInt16 = 5_000,
        remotePort: UInt16 = 5_000,
        maximumMessageSize: Int = 262_144,
        remoteMaximumMessageSize: Int = 65_536,
        maximumChannels: Int = 32,
        using generator: inout some RandomNumberGenerator
    ) {
    }

    // MARK: Association

    /// Sends INIT. Both sides may (RFC 9260 §5.2).
    public mutating func connect(now: Instant) {}

    /// Takes one SCTP packet out of DTLS.
    public mutating func handle(_ packet: RawSpan, now: Instant) {}

    public mutating func handleTimeout(now: Instant) {}

    /// When to call ``handleTimeout(now:)`` next, or `nil` if nothing is pending.
    public func pollTimeout() -> Instant? { nil }

    /// Appends the next packet for DTLS, at most 1,150 bytes, to `out`, which is empty; returns whether there was one.
    public mutating func pollPacket(now: Instant, into out: inout OutputRawSpan) -> Bool { false }

    public mutating func pollEvent() -> Event? { nil }

    /// Ends the association once everything queued is delivered (RFC 9260 §9.2).
    public mutating func shutdown(now: Instant) {}

    /// Ends the association at once (RFC 9260 §9.1).
    public mutating func abort(now: Instant) {}

    // MARK: Channels

    /// Opens a channel and returns its stream; allowed before the association is connected.
    ///
    /// Messages may be sent at once, before the peer acknowledges (RFC 8832 §6).
    public mutating func open(
        _ parameters: DataChannelParameters,
        now: Instant
    ) throws(DataChannelError) -> UInt16 { throw .tooManyChannels }

    /// Queues one message, which may be empty.
    public mutating func send(
        _ bytes: RawSpan,
        isBinary: Bool,
        on stream: UInt16,
        now: Instant
    ) throws(DataChannelError) { throw .notOpen }

    /// Closes a channel once what is queued on it is sent (RFC 8831 §6.7); ``Event/closed(stream:)`` follows.
    public mutating func close(stream: UInt16, now: Instant) {}

    /// Bytes of messages queued on `stream` and not yet sent for the first time.
    public func bufferedAmount(of stream: UInt16) -> Int { 0 }

    /// Has ``Event/bufferedAmountLow(stream:)`` reported when the amount falls to `threshold` bytes.
    public mutating func setBufferedAmountLowThreshold(_ threshold: Int, of stream: UInt16) {}
}
