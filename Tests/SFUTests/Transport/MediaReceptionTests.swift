import SFU
import Testing
import WebRTC
import Wire

/// What a peer with keys sends of one camera, and is told of it over a way that has none, so that it can be read.
@Suite struct MediaReceptionTests {
    private static let numberID: UInt8 = 3
    private static let keys = SRTPKeyingMaterial(
        profile: .aeadAES128GCM,
        localKey: Array(1...16),
        localSalt: Array(1...12),
        remoteKey: Array(101...116),
        remoteSalt: Array(101...112)
    )

    private let room: WayRoom
    private let transport: PlainTransport
    private let producer: Producer
    private let news = TransportNews()
    private let outbox = Outbox()

    init() throws {
        room = try WayRoom()
        transport = try room.makePlain()
        try transport.connect(to: SocketAddress(ipv4: 0x7f00_0001, port: 6_000), now: room.now)
        let id = try room.core.produce(
            on: room.source.id,
            kind: .video,
            parameters: RTPParameters(
                codecs: [RTPCodecParameters(.vp8, payloadType: 96)],
                headerExtensions: [RTPHeaderExtensionParameters(.transportWideCC, id: Self.numberID)],
                encodings: [RTPEncodingParameters(ssrc: 55)]
            ),
            streamID: nil
        )
        producer = try room.core.producer(id)
    }

    @Test func onlyWhatIsSealedWithThePeersKeyIsThePeers() throws {
        var media = makeReception()
        var peer = try SRTPSender(Self.keys.reversed)
        #expect(!receive(1, from: &peer, by: &media), "before there are keys")
        media.setKeys(try SRTPReceiver(Self.keys))
        #expect(receive(2, from: &peer, by: &media))
        var stranger = try SRTPSender(Self.keys)
        #expect(!receive(3, from: &stranger, by: &media))
        #expect(producer.streams[0].received.map(\.header.sequenceNumber) == [2])
        media.setKeys(nil)
        #expect(!receive(4, from: &peer, by: &media), "after the end")
        let rejected = media.rejected
        #expect(rejected == 0)
    }

    @Test func aStreamThatNobodyKnowsIsCountedAndDropped() throws {
        var media = makeReception()
        media.setKeys(try SRTPReceiver(Self.keys))
        var peer = try SRTPSender(Self.keys.reversed)
        #expect(receive(1, ssrc: 56, payloadType: 97, from: &peer, by: &media))
        let rejected = media.rejected
        #expect(rejected == 1)
        #expect(producer.streams[0].received.isEmpty)
    }

    @Test func whatIsBeyondAPersonsCeilingIsCountedAndDroppedAndToldOnce() throws {
        var limits = WorkerConfiguration.Limits()
        limits.personBitrate = 80_000
        var media = makeReception(limits)
        media.setKeys(try SRTPReceiver(Self.keys))
        var peer = try SRTPSender(Self.keys.reversed)
        for sequence in UInt16(1)...100 { _ = receive(sequence, size: 1_000, from: &peer, by: &media) }
        let overLimit = media.overLimit
        let taken = producer.streams[0].received.count
        // Two seconds' worth at once.
        #expect((15...20).contains(taken))
        #expect(overLimit == 100 - UInt64(taken))
        let limited = news.events.filter {
            if case .producerLimited(producer.id) = $0 { true } else { false }
        }
        #expect(limited.count == 1)
    }

    @Test func aPictureBeginsWithItsFirstPacketAndEndsWithItsMarkedOne() throws {
        var media = makeReception()
        media.setKeys(try SRTPReceiver(Self.keys))
        var peer = try SRTPSender(Self.keys.reversed)
        _ = receive(1, from: &peer, by: &media)
        let during = media.pictureBegan
        #expect(during == room.now)
        _ = receive(2, isMarked: true, from: &peer, by: &media)
        let after = media.pictureBegan
        #expect(after == nil)
    }

    @Test func thePeerIsToldWhatHasArrivedAndHowMuchItMaySend() throws {
        var limits = WorkerConfiguration.Limits()
        limits.incomingBitrate = 2_000_000
        var media = makeReception(limits)
        media.setKeys(try SRTPReceiver(Self.keys))
        var peer = try SRTPSender(Self.keys.reversed)
        var deadline = Deadline()
        media.consider(for: &deadline)
        #expect(deadline.reason == .none)
        for sequence in UInt16(1)...5 { _ = receive(sequence, from: &peer, by: &media) }
        media.consider(for: &deadline)
        #expect(deadline.at == room.now && deadline.reason == .limit)
        media.sendLimit(to: [producer], now: room.now, into: &outbox.queue)
        media.sendLimit(to: [producer], now: room.now + .seconds(1), into: &outbox.queue)
        #expect(feedback(outbox.drain()).map(\.type) == [RTCPType.payloadFeedback], "every two seconds")

        var next = Deadline()
        media.consider(for: &next)
        #expect(next.reason == .arrivals)
        media.sendFeedback(of: [producer], now: next.at, into: &outbox.queue)
        let sent = outbox.drain()
        let told = feedback(sent).filter { $0.count == RTCPType.transportWideCC }
        #expect(told.count == 1)
        media.sendFeedback(of: [producer], now: next.at, into: &outbox.queue)
        #expect(outbox.drain().isEmpty)
    }

    @Test func itIsAskedForAKeyFrame() throws {
        var media = makeReception()
        producer.streams[0].requestKeyFrame(now: room.now)
        media.sendFeedback(of: [producer], now: room.now, into: &outbox.queue)
        #expect(
            feedback(outbox.drain()).map(\.count) == [RTCPType.pictureLossIndication]
        )
    }

    // MARK: Private

    private func makeReception(
        _ limits: WorkerConfiguration.Limits = WorkerConfiguration.Limits()
    ) -> MediaReception {
        MediaReception(limits, ssrc: 1, egress: transport.egress, news: news)
    }

    /// Of each compound the elements that are feedback.
    private func feedback(_ sent: [SentDatagram]) -> [RTCPPackets.Element] {
        sent.flatMap { elements(of: $0.bytes) }.filter {
            $0.type == RTCPType.transportFeedback || $0.type == RTCPType.payloadFeedback
        }
    }

    /// Has a packet come, numbered for its path as well; returns whether it was the peer's.
    private func receive(
        _ sequence: UInt16,
        ssrc: UInt32 = 55,
        payloadType: UInt8 = 96,
        isMarked: Bool = false,
        size: Int = 100,
        from peer: inout SRTPSender,
        by media: inout MediaReception
    ) -> Bool {
        let payload = [0x10, 1] + [UInt8](repeating: 7, count: size - 2)
        var queue = TransmitQueue(capacity: 1)
        try? queue.append(to: SocketAddress(ipv4: 1, port: 1)) { out throws(SRTPError) in
            RTPHeader(
                payloadType: payloadType,
                sequenceNumber: sequence,
                timestamp: UInt32(sequence) * 3_000,
                ssrc: ssrc,
                isMarked: isMarked,
                payloadLength: payload.count
            ).write(hasExtensions: true, into: &out)
            let writer = RTPHeaderExtensionWriter(&out)
            writer.append(Self.numberID, uint16: sequence, to: &out)
            writer.finish(&out)
            try peer.protectRTP(
                ssrc: ssrc,
                sequenceNumber: sequence,
                prefix: nil,
                payload: payload.span.bytes,
                into: &out
            )
        }
        guard !queue.isEmpty else { return false }
        var datagram = queue.withBytes(at: 0) { bytes(of: $0) }
        var span = datagram.mutableSpan
        var raw = span.mutableBytes
        return media.handleRTP(&raw, of: [producer], now: room.now)
    }
}
