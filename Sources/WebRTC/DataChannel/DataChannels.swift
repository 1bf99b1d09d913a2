public import Wire

/// The data channels of one peer connection (RFC 8831, RFC 8832) over an SCTP association of their own.
///
/// Call ``connect(now:)`` once DTLS is up. After every call that takes `now`, drain ``pollEvent()``, then
/// ``pollPacket(now:into:)`` into DTLS, then arm a timer for ``pollTimeout()``, which calls
/// ``handleTimeout(now:)``.
/// Messages that are not drained close the receive window, and the peer stops sending.
///
/// Retransmission goes on until the owner gives up: ICE and DTLS decide when a peer is gone, so channels
/// survive an outage as long as the connection does.
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
        /// Packets, chunks or messages dropped because they were malformed, misdirected or beyond a bound.
        public var rejected = 0
        /// Smoothed round-trip time; `nil` before the first measurement.
        public var roundTripTime: Interval?
    }

    public internal(set) var state = State.new

    let isDTLSClient: Bool
    let remoteMaximumMessageSize: Int
    let maximumChannels: Int

    var association: SCTPAssociation
    var channels: [UInt16: DataChannel] = [:]
    var events = Fifo<Event>()
    var rejected = 0

    /// - Parameters:
    ///   - isDTLSClient: The DTLS client opens channels on even streams, the server on odd ones (RFC 8832
    ///     §6).
    ///   - maximumMessageSize: Longest message accepted, in bytes; a longer one aborts the association.
    ///   - remoteMaximumMessageSize: Longest message the peer accepts (`a=max-message-size`), in bytes; 0:
    ///     any.
    ///   - maximumChannels: Channels open at a time, whoever opened them.
    ///   - random: Of the verification tag, the first TSN and the cookie's key.
    public init(
        isDTLSClient: Bool,
        localPort: UInt16 = 5_000,
        remotePort: UInt16 = 5_000,
        maximumMessageSize: Int = 262_144,
        remoteMaximumMessageSize: Int = 65_536,
        maximumChannels: Int = 32,
        using random: inout RandomSource
    ) {
        self.isDTLSClient = isDTLSClient
        self.remoteMaximumMessageSize = remoteMaximumMessageSize == 0 ? .max : remoteMaximumMessageSize
        self.maximumChannels = maximumChannels
        association = SCTPAssociation(
            SCTPAssociation.Configuration(
                localPort: localPort,
                remotePort: remotePort,
                maximumMessageSize: maximumMessageSize
            ),
            using: &random
        )
    }

    public var statistics: Statistics {
        var statistics = association.statistics
        statistics.rejected += rejected
        return statistics
    }

    // MARK: Association

    /// Sends INIT; both sides may (RFC 9260 §5.2).
    public mutating func connect(now: Instant) {
        guard state == .new else { return }
        association.connect(now: now)
        change(to: .connecting)
    }

    /// Takes one SCTP packet out of DTLS.
    public mutating func handle(_ packet: RawSpan, now: Instant) {
        association.handle(packet, now: now)
        handleEvents(now: now)
    }

    public mutating func handleTimeout(now: Instant) {
        association.handleTimeout(now: now)
        handleEvents(now: now)
    }

    /// When to call ``handleTimeout(now:)`` next, or `nil` if nothing is pending.
    public func pollTimeout() -> Instant? { association.pollTimeout() }

    /// Appends the next packet for DTLS, at most 1,150 bytes, to `out`; returns whether there was one.
    ///
    /// - Parameter out: Empty, with room for ``maximumPacketLength`` bytes.
    public mutating func pollPacket(now: Instant, into out: inout OutputRawSpan) -> Bool {
        guard association.pollPacket(now: now, into: &out) else { return false }
        reportLowAmounts()
        return true
    }

    public mutating func pollEvent() -> Event? {
        let event = events.popFirst()
        if case .message(_, _, let bytes) = event { association.releaseMessage(ofLength: bytes.count) }
        return event
    }

    /// Ends the association once everything queued is delivered (RFC 9260 §9.2).
    public mutating func shutdown(now: Instant) {
        association.shutdown(now: now)
        handleEvents(now: now)
    }

    /// Ends the association at once (RFC 9260 §9.1).
    public mutating func abort(now: Instant) {
        association.abort()
        handleEvents(now: now)
    }

    /// Of the packets to be sent, in bytes.
    public static let maximumPacketLength = SCTPAssociation.maximumPacketLength

    // MARK: Channels

    /// Opens a channel and returns its stream; allowed before the association is connected.
    ///
    /// Messages may be sent at once, before the peer acknowledges (RFC 8832 §6).
    public mutating func open(
        _ parameters: DataChannelParameters,
        now: Instant
    ) throws(DataChannelError) -> UInt16 {
        guard let request = DCEPOpen(parameters) else { throw .invalidParameters }
        guard state != .closed else { throw .notOpen }
        let streams = stride(from: isDTLSClient ? 0 : 1, to: association.outboundStreams, by: 2)
        guard channels.count < maximumChannels, let stream = streams.first(where: { channels[$0] == nil })
        else {
            throw .tooManyChannels
        }
        channels[stream] = DataChannel(parameters: parameters, isAcknowledged: false)
        association.send(
            OutgoingMessage(
                stream: stream,
                payloadProtocol: PayloadProtocol.dcep,
                bytes: DCEPMessage.open(request).bytes
            )
        )
        return stream
    }

    /// Queues one message, which may be empty.
    public mutating func send(
        _ bytes: RawSpan,
        isBinary: Bool,
        on stream: UInt16,
        now: Instant
    ) throws(DataChannelError) {
        guard let channel = channels[stream], !channel.isClosing, state != .closed else { throw .notOpen }
        guard bytes.byteCount <= remoteMaximumMessageSize else { throw .tooLong }
        guard association.bufferedBytes(of: stream) + bytes.byteCount <= Self.maximumBufferedBytesPerChannel,
            association.bufferedBytes + bytes.byteCount <= Self.maximumBufferedBytes,
            association.messageCount(of: stream) < Self.maximumBufferedMessages
        else { throw .bufferFull }
        let isEmpty = bytes.byteCount == 0
        let payloadProtocol =
            switch (isBinary, isEmpty) {
            case (true, false): PayloadProtocol.binary
            case (true, true): PayloadProtocol.emptyBinary
            case (false, false): PayloadProtocol.text
            case (false, true): PayloadProtocol.emptyText
            }
        association.send(
            OutgoingMessage(
                stream: stream,
                payloadProtocol: payloadProtocol,
                isUnordered: !channel.parameters.isOrdered && channel.isAcknowledged,
                maximumRetransmits: channel.parameters.maximumRetransmits,
                expiry: channel.parameters.maximumPacketLifeTime.map { now + .milliseconds(Int64($0)) },
                bytes: isEmpty ? [0] : bytes.withUnsafeBytes { [UInt8]($0) }
            )
        )
        if let threshold = channel.lowThreshold, association.bufferedBytes(of: stream) > threshold {
            channels[stream]?.isAboveThreshold = true
        }
    }

    /// Closes a channel once what is queued on it is sent (RFC 8831 §6.7); ``Event/closed(stream:)`` follows.
    public mutating func close(stream: UInt16, now: Instant) {
        guard channels[stream]?.isClosing == false else { return }
        startClosing(stream)
    }

    /// Bytes of messages queued on `stream` and not yet sent for the first time.
    public func bufferedAmount(of stream: UInt16) -> Int { association.bufferedBytes(of: stream) }

    /// Has ``Event/bufferedAmountLow(stream:)`` reported whenever the amount falls to `threshold` bytes;
    /// `nil`, as at first: never.
    public mutating func setBufferedAmountLowThreshold(_ threshold: Int?, of stream: UInt16) {
        channels[stream]?.lowThreshold = threshold
    }

    private static let maximumBufferedBytesPerChannel = 1 << 20
    /// With what is sent and not yet acknowledged.
    private static let maximumBufferedBytes = 4 << 20
    /// Bounds what tiny messages cost beside their bytes.
    private static let maximumBufferedMessages = 4_096
}
