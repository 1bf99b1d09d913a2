import SFU
import Testing
import WebRTC
import Wire

/// A plain transport that seals what it sends, with a key that signalling has carried.
@Suite struct PlainSRTPTests {
    private static let suites: [SRTPCryptoSuite] = [.aeadAES128GCM, .aesCM128HMACSHA1_80]
    private let room: WayRoom
    private let peer = SocketAddress(ipv4: 0x7f00_0001, port: 6_000)

    init() throws { room = try WayRoom() }

    @Test(arguments: suites)
    func thePeerOpensWhatComesAndIsUnderstood(suite: SRTPCryptoSuite) throws {
        let transport = try room.makePlain(PlainTransportOptions(srtpCryptoSuite: suite))
        let consumer = try room.consume(on: transport.id)
        let other = try Other(suite, room: try #require(transport.srtp))
        try room.send(isKey: true)
        #expect(transport.outbox.drain().isEmpty, "without keys nothing leaves")
        try transport.connect(to: peer, srtp: other.parameters, now: room.now)
        try room.send(isKey: true)
        for _ in 0..<9 { try room.send() }
        room.run(for: .milliseconds(1_200))
        let sent = transport.outbox.drain()
        let packets = sent.filter { !$0.isRTCP }.compactMap { other.openRTP($0.bytes) }
        #expect(packets.count == 10)
        #expect(
            packets.allSatisfy {
                (try? RTPHeader(parsing: $0.span.bytes).ssrc) == consumer.rtp.encodings[0].ssrc
            }
        )
        let reports = sent.filter(\.isRTCP).compactMap { other.openRTCP($0.bytes) }
        #expect(reports.contains { elements(of: $0).first?.type == RTCPType.senderReport })

        let ssrc = try #require(consumer.rtp.encodings[0].ssrc)
        let request = written { PictureLossIndication.write(from: 9, about: ssrc, into: &$0) }
        let before = room.keyFrameRequests()
        room.deliver(request, to: transport, from: peer)
        #expect(room.keyFrameRequests() == before, "what is not sealed is not the peer's")
        room.deliver(other.sealRTCP(request), to: transport, from: peer)
        #expect(room.keyFrameRequests() == before + 1)
        #expect(transport.currentStatistics().packetsRejected == 1)
    }

    /// A number twice under one key, with another header, would give the key away.
    @Test(arguments: suites)
    func withoutAFormatForItNothingIsSentAgain(suite: SRTPCryptoSuite) throws {
        let transport = try room.makePlain(PlainTransportOptions(srtpCryptoSuite: suite))
        let consumer = try room.consume(on: transport.id)
        let other = try Other(suite, room: try #require(transport.srtp))
        try transport.connect(to: peer, srtp: other.parameters, now: room.now)
        try room.send(isKey: true)
        for _ in 0..<5 { try room.send() }
        let lost = try #require(transport.outbox.drain()[2].header?.sequenceNumber)
        let ssrc = try #require(consumer.rtp.encodings[0].ssrc)
        let request = written { out in
            ReportBlock.writeEmptyReceiverReport(from: 9, into: &out)
            GenericNACK.write([SequenceNumber(lost)].span, from: 9, about: ssrc, into: &out)
        }
        room.deliver(other.sealRTCP(request), to: transport, from: peer)
        #expect(transport.outbox.drain().filter { !$0.isRTCP }.isEmpty)
    }

    /// With comedia, only what is sealed with the right key tells where the peer is.
    @Test(arguments: suites)
    func anotherKeyMovesNothing(suite: SRTPCryptoSuite) throws {
        let transport = try room.makePlain(PlainTransportOptions(comedia: true, srtpCryptoSuite: suite))
        let producer = try room.core.produce(
            on: transport.id,
            kind: .video,
            parameters: RTPParameters(
                codecs: [RTPCodecParameters(.vp8, payloadType: 96)],
                encodings: [RTPEncodingParameters(ssrc: 7)]
            ),
            streamID: nil
        )
        let key = try #require(transport.srtp)
        let other = try Other(suite, room: key)
        let forger = try Other(suite, room: key, seed: 666)
        try transport.connect(to: nil, srtp: other.parameters, now: room.now)
        let stranger = SocketAddress(ipv4: 0x7f00_0001, port: 6_666)
        var count: UInt64 = 0
        for sequence in UInt16(0)..<50 {
            let sealed = try #require(forger.sealRTP(sequence, ssrc: 7))
            for bytes in [sealed, Array(sealed.dropLast()), Array(sealed.prefix(13))] {
                room.deliver(bytes, to: transport, from: stranger)
                count += 1
            }
        }
        #expect(transport.currentStatistics().packetsRejected == count)
        #expect(transport.currentStatistics().remoteAddress == nil)
        for sequence in UInt16(0)..<5 {
            room.deliver(try #require(other.sealRTP(sequence, ssrc: 7)), to: transport, from: peer)
        }
        #expect(transport.currentStatistics().remoteAddress == peer)
        #expect(try room.core.producer(producer).currentStatistics().packets == 5)
    }

    @Test func everyTransportHasAKeyOfItsOwn() throws {
        let options = PlainTransportOptions(srtpCryptoSuite: .aeadAES128GCM)
        let keys = try (0..<3).map { _ in try #require(room.makePlain(options).srtp?.keyBase64) }
        #expect(Set(keys).count == 3)
        #expect(keys.allSatisfy { Base64.decode($0)?.count == 28 })
    }
}

/// The other side of a transport that seals.
private final class Other {
    let parameters: SRTPParameters
    private var sender: SRTPSender
    private var receiver: SRTPReceiver

    init(_ suite: SRTPCryptoSuite, room: SRTPParameters, seed: UInt64 = 5) throws {
        let profile: SRTPProfile = suite == .aeadAES128GCM ? .aeadAES128GCM : .aesCM128HMACSHA1_80
        var random = SplitMix64(seed: seed)
        let own = (0..<(16 + profile.saltLength)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let theirs = try #require(Base64.decode(room.keyBase64))
        let material = SRTPKeyingMaterial(
            profile: profile,
            localKey: Array(own.prefix(16)),
            localSalt: Array(own.dropFirst(16)),
            remoteKey: Array(theirs.prefix(16)),
            remoteSalt: Array(theirs.dropFirst(16))
        )
        sender = try SRTPSender(material)
        receiver = try SRTPReceiver(material)
        parameters = SRTPParameters(cryptoSuite: suite, keyBase64: Base64.encode(own))
    }

    func openRTP(_ sealed: [UInt8]) -> [UInt8]? {
        var bytes = sealed
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        guard let length = try? receiver.unprotectRTP(&raw) else { return nil }
        return Array(bytes.prefix(length))
    }

    func openRTCP(_ sealed: [UInt8]) -> [UInt8]? {
        var bytes = sealed
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        guard let length = try? receiver.unprotectRTCP(&raw) else { return nil }
        return Array(bytes.prefix(length))
    }

    func sealRTCP(_ compound: [UInt8]) -> [UInt8] {
        var queue = TransmitQueue(capacity: 1)
        try? queue.append(to: SocketAddress(ipv4: 1, port: 1)) { out throws(SRTPError) in
            try sender.protectRTCP(compound.span.bytes, into: &out)
        }
        return queue.isEmpty ? [] : queue.withBytes(at: 0) { bytes(of: $0) }
    }

    func sealRTP(_ sequence: UInt16, ssrc: UInt32) -> [UInt8]? {
        let payload: [UInt8] = [0x10, 0, 1, 2, 3, 4]
        var queue = TransmitQueue(capacity: 1)
        try? queue.append(to: SocketAddress(ipv4: 1, port: 1)) { out throws(SRTPError) in
            RTPHeader(
                payloadType: 96,
                sequenceNumber: sequence,
                timestamp: UInt32(sequence) * 3_000,
                ssrc: ssrc,
                payloadLength: payload.count
            ).write(hasExtensions: false, into: &out)
            try sender.protectRTP(
                ssrc: ssrc,
                sequenceNumber: sequence,
                prefix: nil,
                payload: payload.span.bytes,
                into: &out
            )
        }
        return queue.isEmpty ? nil : queue.withBytes(at: 0) { bytes(of: $0) }
    }
}
