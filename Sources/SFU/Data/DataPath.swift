package import WebRTC
package import Wire

/// The data channels of one transport: an SCTP association, and the Worker's names for what is on its streams.
///
/// A data producer is a channel that the peer opened, a data consumer one that this side opened; either carries messages
/// both ways. After ``handle(_:now:)``, ``handleTimeout(now:)`` and every command call ``pollPacket(now:into:)`` until it
/// returns `false`, then ``pollEvent(now:)`` until it returns `nil`.
package struct DataPath {
    package private(set) var state = DataChannels.State.new

    private let transport: TransportID
    private var channels: DataChannels
    private let identifiers: IdentifierSource
    private var directory = DataChannelDirectory()

    package init(of transport: TransportID, _ channels: DataChannels, identifiers: IdentifierSource) {
        self.transport = transport
        self.channels = channels
        self.identifiers = identifiers
    }

    /// Packets of the peer that were malformed or out of place.
    package var rejected: Int { channels.statistics.rejected }

    /// The stream that both ends know a channel of this side by.
    package func stream(of id: DataConsumerID) -> UInt16? { directory.stream(of: id) }

    /// The channel that the peer opened on a stream.
    package func producer(on stream: UInt16) -> DataProducerID? { directory.producer(on: stream) }

    // MARK: Commands

    /// Packets can be sent from now on.
    package mutating func connect(now: Instant) { channels.connect(now: now) }

    /// Tells the peer that this is the end.
    package mutating func abort(now: Instant) { channels.abort(now: now) }

    /// Opens a channel toward the peer, at once or when the association stands.
    ///
    /// - Throws: `unsupported` or `invalidState`, with what is wrong.
    package mutating func open(
        _ parameters: DataChannelParameters,
        as id: DataConsumerID,
        now: Instant
    ) throws(SFUError) {
        do throws(DataChannelError) {
            directory.add(id, on: try channels.open(parameters, now: now))
        } catch {
            throw Self.refusal(error)
        }
    }

    /// Sends a message back on a channel that the peer opened.
    package mutating func send(
        _ bytes: RawSpan,
        isBinary: Bool,
        on id: DataProducerID,
        now: Instant
    ) throws(SFUError) {
        try send(bytes, isBinary: isBinary, on: directory.stream(of: id), now: now)
    }

    /// Sends a message on a channel that this side opened.
    package mutating func send(
        _ bytes: RawSpan,
        isBinary: Bool,
        on id: DataConsumerID,
        now: Instant
    ) throws(SFUError) {
        try send(bytes, isBinary: isBinary, on: directory.stream(of: id), now: now)
    }

    package mutating func close(_ id: DataProducerID, now: Instant) throws(SFUError) {
        try close(directory.stream(of: id), now: now)
    }

    package mutating func close(_ id: DataConsumerID, now: Instant) throws(SFUError) {
        try close(directory.stream(of: id), now: now)
    }

    private mutating func send(
        _ bytes: RawSpan,
        isBinary: Bool,
        on stream: UInt16?,
        now: Instant
    ) throws(SFUError) {
        guard let stream else { throw .notFound }
        do throws(DataChannelError) {
            try channels.send(bytes, isBinary: isBinary, on: stream, now: now)
        } catch {
            throw Self.refusal(error)
        }
    }

    private mutating func close(_ stream: UInt16?, now: Instant) throws(SFUError) {
        guard let stream else { throw .notFound }
        channels.close(stream: stream, now: now)
    }

    // MARK: Packets and time

    /// Takes an SCTP packet of the peer.
    package mutating func handle(_ packet: RawSpan, now: Instant) { channels.handle(packet, now: now) }

    package mutating func handleTimeout(now: Instant) { channels.handleTimeout(now: now) }

    package func pollTimeout() -> Instant? { channels.pollTimeout() }

    /// Appends the next SCTP packet for the peer; `false`: there is none.
    package mutating func pollPacket(now: Instant, into out: inout OutputRawSpan) -> Bool {
        channels.pollPacket(now: now, into: &out)
    }

    // MARK: Events

    /// What happened, with the Worker's names.
    package mutating func pollEvent(now: Instant) -> WorkerEvent? {
        while let event = channels.pollEvent() {
            if let named = named(event, now: now) { return named }
        }
        return nil
    }

    private mutating func named(_ event: DataChannels.Event, now: Instant) -> WorkerEvent? {
        switch event {
        case .stateChanged(let state):
            self.state = state
            return .sctpStateChanged(transport, state)
        case .opened(let stream, let parameters):
            let producer = DataProducerID(identifiers.next())
            directory.add(producer, on: stream)
            return .dataProducerOpened(transport, producer, parameters)
        case .acknowledged(let stream):
            return directory.consumer(on: stream).map { .dataConsumerOpened(transport, $0) }
        case .message(let stream, let isBinary, let bytes):
            // A channel is used in both directions, whoever opened it: what comes back on ours has no producer
            // and is dropped.
            return directory.producer(on: stream).map {
                .dataMessage(transport, $0, DataMessage(bytes: bytes, isBinary: isBinary, received: now))
            }
        case .closed(let stream):
            defer { directory.remove(stream: stream) }
            if let producer = directory.producer(on: stream) {
                return .dataProducerClosed(transport, producer)
            }
            return directory.consumer(on: stream).map { .dataConsumerClosed(transport, $0) }
        case .bufferedAmountLow: return nil
        }
    }

    private static func refusal(_ error: DataChannelError) -> SFUError {
        switch error {
        case .bufferFull: .invalidState("the channel's send buffer is full")
        case .invalidParameters: .unsupported("the channel's parameters contradict each other")
        case .notOpen: .invalidState("the channel is not open")
        case .tooLong: .unsupported("the message is longer than the peer takes")
        case .tooManyChannels: .invalidState("the transport has no room for a further channel")
        }
    }
}
