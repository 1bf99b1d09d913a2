internal import WebRTC
internal import Wire

extension WebRTCTransport {
    // MARK: RTP from the peer

    func handleRTP(_ datagram: inout MutableRawSpan, now: Instant) {
        guard receiver != nil, let length = try? receiver?.unprotectRTP(&datagram) else {
            statistics.packetsRejected += 1
            return
        }
        let packet = datagram.bytes.extracting(first: length)
        guard let header = try? RTPHeader(parsing: packet), let stream = stream(of: header, in: packet) else {
            statistics.packetsRejected += 1
            return
        }
        if let id = stream.format.transportWideCCID,
            let range = RTPHeaderExtensions(header).find(id, in: packet),
            let number = packet.bigEndian(UInt16.self, at: range.lowerBound)
        {
            arrivals.handle(SequenceNumber(number), now: now)
            if let due = arrivals.pollTimeout() { deadline = min(deadline, due) }
            if adaptation.nextLimit == nil {
                adaptation.nextLimit = now
                deadline = now
            }
        }
        if !stream.handle(packet, header, now: now) { statistics.packetsRejected += 1 }
        if let due = stream.pollTimeout() { deadline = min(deadline, due) }
    }

    /// By SSRC, or by the header extensions of a stream whose SSRC is not known yet.
    private func stream(of header: RTPHeader, in packet: RawSpan) -> RTPStream? {
        for producer in producers { if let stream = producer.stream(of: header.ssrc) { return stream } }
        for producer in producers { if let stream = producer.learn(header, in: packet) { return stream } }
        return nil
    }

    // MARK: RTP to the peer

    /// Writes and encrypts one RTP packet.
    ///
    /// - Parameters:
    ///   - numbers: What to write into a copy of the payload.
    ///   - descriptor: How many bytes of ``Scratch/descriptor`` are the dependency descriptor; 0: none.
    ///   - prefix: The original sequence number that a retransmission carries before its payload (RFC 4588
    ///     §4).
    func sendRTP(
        _ header: RTPHeader,
        format: ConsumerFormat,
        audioLevel: UInt8?,
        prefix: UInt16?,
        payload: RawSpan,
        numbers: PayloadNumbers,
        descriptor: Int,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard !numbers.isUnchanged else {
            sendRTP(header, format, audioLevel, prefix, payload, descriptor, now: now, into: &queue)
            return
        }
        guard payload.byteCount <= scratch.payload.count else {
            statistics.packetsRejected += 1
            return
        }
        let length = unsafe scratch.payload.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            numbers.write(payload, into: &out)
            return unsafe out.finalize(for: buffer)
        }
        // Shares its memory; a span of the property itself may not cross the call.
        let rewritten = scratch.payload
        unsafe sendRTP(
            header,
            format,
            audioLevel,
            prefix,
            rewritten.span.bytes.extracting(first: length),
            descriptor,
            now: now,
            into: &queue
        )
    }

    private func sendRTP(
        _ header: RTPHeader,
        _ format: ConsumerFormat,
        _ audioLevel: UInt8?,
        _ prefix: UInt16?,
        _ payload: RawSpan,
        _ descriptor: Int,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard let address, sender != nil else { return }
        let sequence = congestion.nextSequence
        var length = 0
        do throws(SRTPError) {
            try queue.append(to: address) { out throws(SRTPError) in
                header.write(hasExtensions: true, into: &out)
                if descriptor == 0 {
                    RTPHeaderExtensionWriter.write(
                        format,
                        audioLevel: audioLevel,
                        descriptor: RawSpan(),
                        transportSequence: sequence,
                        now: now,
                        into: &out
                    )
                } else {
                    // Shares its memory; a span of the property itself may not cross the call.
                    let memory = scratch.descriptor
                    unsafe RTPHeaderExtensionWriter.write(
                        format,
                        audioLevel: audioLevel,
                        descriptor: memory.span.bytes.extracting(first: descriptor),
                        transportSequence: sequence,
                        now: now,
                        into: &out
                    )
                }
                try sender?.protectRTP(
                    headerLength: out.byteCount,
                    prefix: prefix,
                    payload: payload,
                    into: &out
                )
                length = out.byteCount
            }
        } catch {
            // The payload did not fit in a datagram: its source ignores the MTU.
            statistics.packetsRejected += 1
            return
        }
        if format.transportWideCCID != nil {
            congestion.handleSent(
                length,
                ssrc: header.ssrc,
                rtpSequence: prefix ?? header.sequenceNumber,
                now: now
            )
        }
        statistics.packetsSent += 1
        statistics.bytesSent += UInt64(length)
    }

    /// Writes and encrypts one compound RTCP packet; an empty one is not sent.
    func sendRTCP(into queue: inout TransmitQueue, _ write: (inout OutputRawSpan) -> Void) {
        guard let address, sender != nil else { return }
        let length = unsafe scratch.compound.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            write(&out)
            return unsafe out.finalize(for: buffer)
        }
        guard length > 0 else { return }
        // Shares its memory; a span of the property itself may not cross the calls below.
        let compound = scratch.compound
        let plain = unsafe compound.span.bytes.extracting(first: length)
        do throws(SRTPError) {
            try queue.append(to: address) { out throws(SRTPError) in
                try sender?.protectRTCP(plain, into: &out)
            }
            statistics.packetsSent += 1
            statistics.bytesSent += UInt64(length)
        } catch {
            statistics.packetsRejected += 1
        }
    }

    // MARK: RTCP from the peer

    func handleRTCP(_ datagram: inout MutableRawSpan, now: Instant, into queue: inout TransmitQueue) {
        guard receiver != nil, let length = try? receiver?.unprotectRTCP(&datagram) else {
            statistics.packetsRejected += 1
            return
        }
        let compound = datagram.bytes.extracting(first: length)
        var packets = RTCPPackets()
        do throws(RTCPParseError) {
            while let element = try packets.next(in: compound) {
                try handle(element, in: compound, now: now, into: &queue)
            }
        } catch {
            statistics.packetsRejected += 1
        }
        // Feedback may have started retransmissions, key-frame requests and timers.
        rearm(now: now)
    }

    private func handle(
        _ element: RTCPPackets.Element,
        in compound: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(RTCPParseError) {
        switch element.type {
        case RTCPType.senderReport:
            let report = try SenderReport(element.body, in: compound)
            for producer in producers { producer.stream(of: report.ssrc)?.handle(report, now: now) }
            try handleBlocks(element, after: SenderReport.length, in: compound, now: now)
        case RTCPType.receiverReport:
            try handleBlocks(element, after: 4, in: compound, now: now)
        case RTCPType.transportFeedback:
            let feedback = try RTCPFeedback(element, in: compound)
            if element.count == RTCPType.genericNACK {
                guard let consumer = consumers.first(where: { $0.owns(feedback.media) }) else { return }
                try GenericNACK.forEachLost(feedback, in: compound) {
                    consumer.retransmit($0.rawValue, through: self, now: now, into: &queue)
                }
            } else if element.count == RTCPType.transportWideCC {
                try handleTransportFeedback(feedback, in: compound, now: now, into: &queue)
            }
        case RTCPType.payloadFeedback:
            try handlePayloadFeedback(element, in: compound, now: now)
        default: break
        }
    }

    private func handleBlocks(
        _ element: RTCPPackets.Element,
        after start: Int,
        in compound: RawSpan,
        now: Instant
    ) throws(RTCPParseError) {
        let clock = NTPTime(unixNanoseconds: now.nanoseconds &+ wallClockOffset)
        for index in 0..<Int(element.count) {
            let offset = element.body.lowerBound + start + index * ReportBlock.length
            guard offset + ReportBlock.length <= element.body.upperBound else { throw RTCPParseError() }
            let block = try ReportBlock(at: offset, in: compound)
            consumers.first { $0.owns(block.ssrc) }?.handle(block, wallClock: clock, now: now)
        }
    }

    private func handlePayloadFeedback(
        _ element: RTCPPackets.Element,
        in compound: RawSpan,
        now: Instant
    ) throws(RTCPParseError) {
        let feedback = try RTCPFeedback(element, in: compound)
        switch element.count {
        case RTCPType.pictureLossIndication:
            consumers.first { $0.owns(feedback.media) }?.handleKeyFrameRequest(now: now)
        case RTCPType.fullIntraRequest:
            try FullIntraRequest.forEachSource(feedback, in: compound) { ssrc, _ in
                consumers.first { $0.owns(ssrc) }?.handleKeyFrameRequest(now: now)
            }
        case RTCPType.applicationLayer:
            if let estimate = ReceiverEstimatedMaximumBitrate(feedback, in: compound) {
                statistics.receiverEstimatedBitrate = estimate.bitrate
            }
        default: break
        }
    }

    var roundTrip: Interval {
        consumers.lazy.compactMap(\.roundTrip).first ?? .milliseconds(100)
    }

    // MARK: RTCP to the peer

    /// Sender reports of every consumer, each second in which something was sent, and every fifth second
    /// otherwise.
    func sendReports(now: Instant, into queue: inout TransmitQueue) {
        guard let due = nextReport, now >= due else { return }
        nextReport = now + .seconds(1)
        let packets = consumers.reduce(0) { $0 + $1.packets }
        quietReports = packets == reportedPackets ? quietReports + 1 : 0
        reportedPackets = packets
        guard quietReports % 5 == 0 else { return }
        let clock = NTPTime(unixNanoseconds: now.nanoseconds &+ wallClockOffset)
        // Twelve reports with their names fit in one datagram.
        for start in stride(from: 0, to: consumers.count, by: 12) {
            sendRTCP(into: &queue) { out in
                for consumer in consumers[start..<min(start + 12, consumers.count)] {
                    consumer.writeReport(wallClock: clock, now: now, into: &out)
                }
            }
        }
    }

    /// What the producers' sources are to be told: loss, key frames, arrival times.
    ///
    /// Only while there is a path.
    func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        for producer in producers {
            for stream in producer.streams where stream.hasFeedback(now: now) {
                sendRTCP(into: &queue) { stream.writeFeedback(from: ssrc, now: now, into: &$0) }
            }
        }
        guard let due = arrivals.pollTimeout(), now >= due else { return }
        guard let media = producers.lazy.compactMap(\.ssrc).first else {
            // Their producer was closed: there is no stream left to report about.
            arrivals = TransportFeedbackGenerator()
            return
        }
        var isPending = true
        while isPending {
            isPending = false
            sendRTCP(into: &queue) { out in
                isPending = arrivals.pollFeedback(from: ssrc, about: media, now: now, into: &out)
            }
        }
    }
}
