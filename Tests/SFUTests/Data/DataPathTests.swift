import SFU
import Testing
import WebRTC
import Wire

/// The data channels of two transports that are connected by nothing but function calls.
@Suite struct DataPathTests {
    private struct Pair {
        var client = Self.path(1, isClient: true)
        var server = Self.path(2, isClient: false)
        var told: [WorkerEvent] = []
        let now = Instant(nanoseconds: 1_000_000_000_000)

        static func path(_ id: UInt32, isClient: Bool) -> DataPath {
            var random = RandomSource(seed: UInt64(id))
            let channels = DataChannels(
                isDTLSClient: isClient,
                localPort: 5_000,
                remotePort: 5_000,
                maximumMessageSize: 65_536,
                remoteMaximumMessageSize: 65_536,
                maximumChannels: 2,
                using: &random
            )
            return DataPath(of: TransportID(id), channels, identifiers: IdentifierSource())
        }

        init() {
            client.connect(now: now)
            server.connect(now: now)
            exchange()
        }

        /// Carries packets to and fro until there are none.
        mutating func exchange() {
            var isMoving = true
            while isMoving {
                isMoving = Self.carry(from: &client, to: &server, now: now)
                if Self.carry(from: &server, to: &client, now: now) { isMoving = true }
            }
            while let event = client.pollEvent(now: now) { told.append(event) }
            while let event = server.pollEvent(now: now) { told.append(event) }
        }

        private static func carry(
            from sender: inout DataPath,
            to receiver: inout DataPath,
            now: Instant
        ) -> Bool {
            var queue = TransmitQueue(capacity: 1)
            var isPending = false
            queue.append(to: SocketAddress(ipv4: 0x7f00_0001, port: 1)) {
                isPending = sender.pollPacket(now: now, into: &$0)
            }
            if !queue.isEmpty { queue.withBytes(at: 0) { receiver.handle($0, now: now) } }
            return isPending
        }

        mutating func takeEvents() -> [WorkerEvent] {
            defer { told = [] }
            return told
        }
    }

    private let consumer = DataConsumerID(9)

    @Test func anAssociationIsEstablished() {
        let pair = Pair()
        #expect(pair.client.state == .connected && pair.server.state == .connected)
    }

    @Test func aChannelHasANameOnBothSidesAndCarriesMessagesBothWays() throws {
        var pair = Pair()
        _ = pair.takeEvents()
        try pair.client.open(DataChannelParameters(label: "chat"), as: consumer, now: pair.now)
        pair.exchange()
        var producer: DataProducerID?
        var isAcknowledged = false
        for event in pair.takeEvents() {
            if case .dataProducerOpened(TransportID(2), let id, let parameters) = event {
                producer = id
                #expect(parameters.label == "chat")
            }
            if case .dataConsumerOpened(TransportID(1), consumer) = event { isAcknowledged = true }
        }
        #expect(isAcknowledged)
        let opened = try #require(producer)

        let sent: [UInt8] = [1, 2, 3]
        try pair.client.send(sent.span.bytes, isBinary: true, on: consumer, now: pair.now)
        try pair.server.send(sent.span.bytes, isBinary: true, on: opened, now: pair.now)
        pair.exchange()
        let messages = pair.takeEvents().compactMap { event -> DataMessage? in
            if case .dataMessage(TransportID(2), opened, let message) = event { message } else { nil }
        }
        // What comes back on a channel of ours has no producer.
        #expect(messages == [DataMessage(bytes: sent, isBinary: true, received: pair.now)])
    }

    @Test func aClosedChannelHasNoNameAnyMore() throws {
        var pair = Pair()
        try pair.client.open(DataChannelParameters(label: "a"), as: consumer, now: pair.now)
        pair.exchange()
        _ = pair.takeEvents()
        try pair.client.close(consumer, now: pair.now)
        pair.exchange()
        let events = pair.takeEvents()
        #expect(
            events.contains { if case .dataProducerClosed(TransportID(2), _) = $0 { true } else { false } }
        )
        let bytes: [UInt8] = [1]
        #expect(throws: SFUError.notFound) {
            try pair.client.send(bytes.span.bytes, isBinary: true, on: consumer, now: pair.now)
        }
    }

    @Test func whatHasNoNameIsNotFound() {
        var pair = Pair()
        #expect(throws: SFUError.notFound) { try pair.client.close(DataProducerID(1), now: pair.now) }
        let bytes: [UInt8] = [1]
        #expect(throws: SFUError.notFound) {
            try pair.client.send(bytes.span.bytes, isBinary: true, on: DataProducerID(1), now: pair.now)
        }
    }

    @Test func aChannelTooManyIsRefusedInWords() throws {
        var pair = Pair()
        for id in UInt32(1)...2 {
            try pair.client.open(DataChannelParameters(label: "\(id)"), as: DataConsumerID(id), now: pair.now)
        }
        #expect(throws: SFUError.invalidState("the transport has no room for a further channel")) {
            try pair.client.open(DataChannelParameters(label: "3"), as: DataConsumerID(3), now: pair.now)
        }
    }
}
