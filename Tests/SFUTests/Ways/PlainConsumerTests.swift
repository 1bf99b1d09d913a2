import SFU
import Testing
import WebRTC
import Wire

/// What leaves through a plain transport, and what comes back about it.
@Suite struct PlainConsumerTests {
    private let room: WayRoom
    private let peer = SocketAddress(ipv4: 0x7f00_0001, port: 6_000)
    private let stranger = SocketAddress(ipv4: 0x7f00_0001, port: 6_001)

    init() throws { room = try WayRoom() }

    // MARK: RTP

    @Test func aConnectedPeerGetsTheStreamInOrderFromAKeyFrameOn() throws {
        let transport = try room.makePlain()
        let consumer = try room.consume(on: transport.id)
        try transport.connect(to: peer, now: room.now)
        try room.send()
        #expect(transport.outbox.drain().isEmpty, "nothing before a key frame")
        try room.send(isKey: true)
        for _ in 0..<20 { try room.send() }
        let sent = transport.outbox.drain()
        #expect(sent.allSatisfy { $0.destination == peer })
        let headers = sent.filter { !$0.isRTCP }.compactMap(\.header)
        #expect(headers.count == 21)
        #expect(headers.allSatisfy { $0.ssrc == consumer.rtp.encodings[0].ssrc && $0.payloadType == 100 })
        for (before, after) in zip(headers, headers.dropFirst()) {
            #expect(after.sequenceNumber == before.sequenceNumber &+ 1)
            #expect(after.timestamp == before.timestamp &+ 2_970)
        }
        #expect(sent.first { !$0.isRTCP }?.payload.prefix(2) == [0x10, 0x00])
    }

    @Test func beforeItIsToldNothingLeaves() throws {
        let transport = try room.makePlain()
        _ = try room.consume(on: transport.id)
        try room.send(isKey: true)
        room.run(for: .seconds(3))
        #expect(transport.outbox.drain().isEmpty)
    }

    // MARK: RTCP

    @Test func senderReportsGoOut() throws {
        let (transport, ssrc) = try connected()
        room.run(for: .milliseconds(1_500))
        let reports = transport.outbox.drain().filter(\.isRTCP).flatMap { datagram in
            elements(of: datagram.bytes).filter { $0.type == RTCPType.senderReport }.compactMap {
                try? SenderReport($0.body, in: datagram.bytes.span.bytes)
            }
        }
        #expect(reports.contains { $0.ssrc == ssrc && $0.packetCount > 0 })
    }

    @Test func whatThePeerMissesGoesAgainAsItWas() throws {
        let (transport, ssrc) = try connected()
        for _ in 0..<5 { try room.send() }
        let sent = transport.outbox.drain().filter { !$0.isRTCP }
        let lost = try #require(sent[2].header?.sequenceNumber)
        room.deliver(nack(lost, of: ssrc), to: transport, from: peer)
        let again = transport.outbox.drain().filter { !$0.isRTCP }
        #expect(again == [sent[2]])
        let statistics = try room.core.consumer(try #require(room.consumers.first)).currentStatistics()
        #expect(statistics.packetsNacked == 1 && statistics.retransmitted == 1)
    }

    @Test func withAFormatForItItGoesAsARetransmission() throws {
        let (transport, ssrc, consumer) = try connected(rtx: true)
        for _ in 0..<5 { try room.send() }
        let sent = transport.outbox.drain().filter { !$0.isRTCP }
        let lost = try #require(sent[2].header?.sequenceNumber)
        room.deliver(nack(lost, of: ssrc), to: transport, from: peer)
        let again = try #require(transport.outbox.drain().first { !$0.isRTCP })
        #expect(again.header?.ssrc == consumer.rtp.encodings[0].rtxSSRC && again.header?.payloadType == 101)
        #expect(again.payload == [UInt8(lost >> 8), UInt8(truncatingIfNeeded: lost)] + sent[2].payload)
    }

    @Test(arguments: [false, true])
    func aKeyFrameRequestReachesTheSource(isFIR: Bool) throws {
        let (transport, ssrc) = try connected()
        let before = room.keyFrameRequests()
        let request = written { out in
            ReportBlock.writeEmptyReceiverReport(from: 9, into: &out)
            if isFIR {
                out.append(copying: ([0x84, 206, 0, 4, 0, 0, 0, 9, 0, 0, 0, 0] as [UInt8]).span.bytes)
                out.append(bigEndian: ssrc)
                out.append(bigEndian: 0x0100_0000 as UInt32)
            } else {
                PictureLossIndication.write(from: 9, about: ssrc, into: &out)
            }
        }
        room.deliver(request, to: transport, from: peer)
        #expect(room.keyFrameRequests() == before + 1)
    }

    /// Even if the peer has everything: behind it somebody new may have come, for whom it asks once.
    @Test func soDoesOneOutOfALongSilence() throws {
        let (transport, ssrc) = try connected()
        try room.send()
        let sent = transport.outbox.drain().filter { !$0.isRTCP }
        let newest = try #require(sent.last?.header?.sequenceNumber)
        room.deliver(report(of: ssrc, highest: newest), to: transport, from: peer)
        room.run(for: .seconds(4))
        let before = room.keyFrameRequests()
        let request = written { PictureLossIndication.write(from: 9, about: ssrc, into: &$0) }
        room.deliver(request, to: transport, from: peer)
        #expect(room.keyFrameRequests() == before + 1)
    }

    @Test func aReceiverReportTellsTheRoundTrip() throws {
        let (transport, ssrc) = try connected()
        room.run(for: .milliseconds(1_100))
        let report = try #require(
            transport.outbox.drain().filter(\.isRTCP).compactMap {
                try? SenderReport(elements(of: $0.bytes)[0].body, in: $0.bytes.span.bytes)
            }.last
        )
        room.run(for: .milliseconds(80))
        let block = ReportBlock(
            ssrc: ssrc,
            fractionLost: 64,
            cumulativeLost: 3,
            highestSequence: 0,
            jitter: 7,
            lastSenderReport: report.ntpTime.middle,
            delaySinceLastSenderReport: 0
        )
        room.deliver(written { block.writeReceiverReport(from: 9, into: &$0) }, to: transport, from: peer)
        let statistics = try room.core.consumer(try #require(room.consumers.first)).currentStatistics()
        #expect(statistics.fractionLost == 0.25 && statistics.lost == 3)
        let roundTrip = try #require(statistics.roundTripTime)
        #expect(Interval.milliseconds(75)...Interval.milliseconds(1_200) ~= roundTrip)
    }

    /// Some programs speak no RTCP; what they have of a still picture nobody knows.
    @Test func whoNeverReportsGetsNoKeyFramesForThat() throws {
        let (transport, _) = try connected()
        let before = room.keyFrameRequests()
        room.run(for: .seconds(30))
        #expect(room.keyFrameRequests() == before)
        let media = transport.outbox.drain().filter { !$0.isRTCP }
        #expect(media.isEmpty, "and no repetitions")
    }

    @Test func withoutMuxReportsHaveTheirOwnPortBothWays() throws {
        let transport = try room.makePlain(PlainTransportOptions(rtcpMux: false))
        let consumer = try room.consume(on: transport.id)
        try transport.connect(to: peer, rtcpPort: 6_001, now: room.now)
        try room.send(isKey: true)
        room.run(for: .milliseconds(1_500))
        #expect(transport.outbox.drain().allSatisfy { !$0.isRTCP && $0.destination == peer })
        let reports = try #require(transport.rtcpOutbox).drain()
        #expect(!reports.isEmpty && reports.allSatisfy { $0.isRTCP && $0.destination == stranger })

        let ssrc = try #require(consumer.rtp.encodings[0].ssrc)
        let before = room.keyFrameRequests()
        let request = written { PictureLossIndication.write(from: 9, about: ssrc, into: &$0) }
        room.deliver(request, to: transport, at: .rtp, from: peer)
        #expect(room.keyFrameRequests() == before, "RTCP has its own port")
        room.deliver(request, to: transport, at: .rtcp, from: stranger)
        #expect(room.keyFrameRequests() == before + 1)
    }

    // MARK: Comedia

    @Test func thePeerIsWhereItsFirstPacketComesFrom() throws {
        let transport = try room.makePlain(PlainTransportOptions(comedia: true))
        _ = try room.consume(on: transport.id)
        try room.send(isKey: true)
        room.deliver([0x80, 200, 1], to: transport, from: stranger)
        #expect(transport.outbox.drain().isEmpty, "what is no packet tells nothing")
        let hello = written { ReportBlock.writeEmptyReceiverReport(from: 9, into: &$0) }
        room.deliver(hello, to: transport, from: peer)
        room.deliver(hello, to: transport, from: stranger)
        try room.send(isKey: true)
        let sent = transport.outbox.drain()
        #expect(!sent.isEmpty && sent.allSatisfy { $0.destination == peer })
        #expect(transport.currentStatistics().packetsRejected == 2)
        #expect(transport.currentStatistics().remoteAddress == peer)

        transport.forgetPeer()
        room.deliver(hello, to: transport, from: stranger)
        try room.send()
        #expect(transport.outbox.drain().allSatisfy { $0.destination == stranger })
    }

    // MARK: Refusals

    @Test func whatDoesNotFitIsRefusedInWords() throws {
        func refusal(
            _ options: PlainTransportOptions,
            _ connect: (PlainTransport) throws -> Void
        ) throws -> String? {
            let transport = try room.makePlain(options)
            do {
                try connect(transport)
                return nil
            } catch SFUError.unsupported(let words) {
                return words
            } catch SFUError.invalidState(let words) {
                return words
            }
        }
        let now = room.now
        let key = SRTPParameters(
            cryptoSuite: .aeadAES128GCM,
            keyBase64: Base64.encode([UInt8](repeating: 1, count: 28))
        )
        let open = PlainTransportOptions()
        let sealed = PlainTransportOptions(srtpCryptoSuite: .aesCM128HMACSHA1_80)
        let gcm = PlainTransportOptions(srtpCryptoSuite: .aeadAES128GCM)
        let comedia = PlainTransportOptions(comedia: true)
        let apart = PlainTransportOptions(rtcpMux: false)
        let six = SocketAddress(high: 0, low: 1, port: 9)
        let refusals = [
            try refusal(open) { try $0.connect(to: nil, now: now) },
            try refusal(open) { try $0.connect(to: six, now: now) },
            try refusal(open) { try $0.connect(to: peer, rtcpPort: 7, now: now) },
            try refusal(open) { try $0.connect(to: peer, srtp: key, now: now) },
            try refusal(apart) { try $0.connect(to: peer, now: now) },
            try refusal(comedia) { try $0.connect(to: peer, now: now) },
            try refusal(comedia) { try $0.connect(to: nil, now: now) },
            try refusal(sealed) { try $0.connect(to: peer, now: now) },
            try refusal(sealed) { try $0.connect(to: peer, srtp: key, now: now) },
            try refusal(gcm) {
                try $0.connect(
                    to: peer,
                    srtp: SRTPParameters(cryptoSuite: .aeadAES128GCM, keyBase64: "AAAA"),
                    now: now
                )
            },
            try refusal(gcm) {
                try $0.connect(
                    to: peer,
                    srtp: SRTPParameters(cryptoSuite: .aeadAES128GCM, keyBase64: "?"),
                    now: now
                )
            },
            try refusal(open) {
                try $0.connect(to: peer, now: now)
                try $0.connect(to: peer, now: now)
            },
        ]
        #expect(!refusals.contains(nil))
        #expect(Set(refusals).count == refusals.count, "each says what is wrong: \(refusals)")
        #expect(throws: SFUError.self) {
            try room.makePlain(PlainTransportOptions(srtpCryptoSuite: .aeadAES256GCM))
        }
        #expect(throws: SFUError.self) {
            try room.makePlain(PlainTransportOptions(listenAddress: SocketAddress(ipv4: 0, port: 0)))
        }
        #expect(room.core.transports.count == 1 + refusals.count, "what was refused is not there")
    }

    @Test func aKeyIsInNoDescription() {
        let key = SRTPParameters(cryptoSuite: .aeadAES128GCM, keyBase64: "c2VjcmV0")
        #expect(!"\(key) \(String(reflecting: key))".contains("c2VjcmV0"))
        let parameters = PlainTransportParameters(id: room.source.id, localAddress: peer, srtp: key)
        #expect(!"\(parameters) \(String(reflecting: parameters))".contains("c2VjcmV0"))
    }

    // MARK: Hostile input

    @Test func nonsenseIsCountedAndDropped() throws {
        let (transport, ssrc) = try connected()
        _ = try room.core.produce(
            on: transport.id,
            kind: .video,
            parameters: RTPParameters(
                codecs: [RTPCodecParameters(.vp8, payloadType: 96)],
                encodings: [RTPEncodingParameters(ssrc: 7)]
            ),
            streamID: nil
        )
        let request = written { out in
            ReportBlock.writeEmptyReceiverReport(from: 9, into: &out)
            PictureLossIndication.write(from: 9, about: ssrc, into: &out)
        }
        let before = room.keyFrameRequests()
        room.deliver(request, to: transport, from: stranger)
        // Each end but those between two packets of the compound.
        for length in 0..<request.count where length != 8 {
            room.deliver(Array(request[..<length]), to: transport, from: peer)
        }
        var random = SplitMix64(seed: 3)
        for round in 0..<2_000 {
            var bytes = (0..<Int.random(in: 0...1_600, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            if bytes.count > 12, round % 2 == 0 { bytes.replaceSubrange(0..<2, with: [0x80, 96]) }
            room.deliver(bytes, to: transport, from: round % 3 == 0 ? stranger : peer)
        }
        #expect(room.keyFrameRequests() == before)
        let statistics = transport.currentStatistics()
        #expect(statistics.packetsRejected + 100 > statistics.packetsReceived)
        try room.send()
        #expect(transport.outbox.drain().contains { !$0.isRTCP }, "it goes on")
    }

    // MARK: Private

    private func connected() throws -> (PlainTransport, UInt32) {
        let (transport, ssrc, _) = try connected(rtx: false)
        return (transport, ssrc)
    }

    private func connected(rtx: Bool) throws -> (PlainTransport, UInt32, ConsumerParameters) {
        let transport = try room.makePlain()
        let consumer = try room.consume(on: transport.id, rtx: rtx)
        try transport.connect(to: peer, now: room.now)
        try room.send(isKey: true)
        try room.send()
        // A source is not asked for key frames in quick succession.
        room.run(for: .milliseconds(400))
        _ = transport.outbox.drain()
        return (transport, try #require(consumer.rtp.encodings[0].ssrc), consumer)
    }

    /// What a receiver says that has everything up to `highest`.
    private func report(of ssrc: UInt32, highest: UInt16) -> [UInt8] {
        let block = ReportBlock(
            ssrc: ssrc,
            fractionLost: 0,
            cumulativeLost: 0,
            highestSequence: UInt32(highest),
            jitter: 0,
            lastSenderReport: 0,
            delaySinceLastSenderReport: 0
        )
        return written { block.writeReceiverReport(from: 9, into: &$0) }
    }

    private func nack(_ sequence: UInt16, of ssrc: UInt32) -> [UInt8] {
        written { out in
            ReportBlock.writeEmptyReceiverReport(from: 9, into: &out)
            GenericNACK.write([SequenceNumber(sequence)].span, from: 9, about: ssrc, into: &out)
        }
    }
}
