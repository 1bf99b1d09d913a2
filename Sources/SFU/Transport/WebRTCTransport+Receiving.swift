internal import WebRTC
internal import Wire

/// Media and reports from the peer.
extension WebRTCTransport {
    // MARK: RTP

    /// Decrypts an RTP packet in place and takes it; returns whether it was the peer's.
    func handleRTP(_ datagram: inout MutableRawSpan, now: Instant) -> Bool {
        guard receiver != nil, let length = try? receiver?.unprotectRTP(&datagram) else { return false }
        handleRTP(datagram.bytes.extracting(first: length), now: now)
        return true
    }

    private func handleRTP(_ packet: RawSpan, now: Instant) {
        guard let header = try? RTPHeader(parsing: packet), let stream = stream(of: header, in: packet) else {
            statistics.packetsRejected += 1
            return
        }
        // Before its arrival is noted: to its sender it is lost, and honest ones send less.
        guard stream.ceiling?.takes(packet.byteCount, now: now) != false,
            ceiling.takes(packet.byteCount, now: now)
        else {
            noteExcess(of: stream, now: now)
            return
        }
        if let id = stream.format.transportWideCCID,
            let range = RTPHeaderExtensions(header).find(id, in: packet),
            let number = packet.bigEndian(UInt16.self, at: range.lowerBound)
        {
            arrivals.handle(SequenceNumber(number), now: now)
            if let due = arrivals.pollTimeout() { egress.expect(.arrivals, at: due) }
            if nextLimit == nil {
                nextLimit = now
                egress.expect(.limit, at: now)
            }
        }
        if !stream.handle(packet, header, now: now) { statistics.packetsRejected += 1 }
        if stream.format.kind == .video, header.ssrc == stream.ssrc {
            burst.handle(isLast: header.isMarked, now: now)
        }
        if let due = stream.pollTimeout() { egress.expect(.source, at: due) }
    }

    private func noteExcess(of stream: RTPStream, now: Instant) {
        statistics.packetsOverLimit += 1
        guard now >= nextLimitNotice, let producer = stream.ceiling?.producer else { return }
        nextLimitNotice = now + Self.limitNoticeInterval
        shared.news.events.append(.producerLimited(producer))
    }

    private static let limitNoticeInterval = Interval.seconds(10)

    /// By SSRC, or by the header extensions of a stream whose SSRC is not known yet.
    private func stream(of header: RTPHeader, in packet: RawSpan) -> RTPStream? {
        for producer in producers { if let stream = producer.stream(of: header.ssrc) { return stream } }
        for producer in producers { if let stream = producer.learn(header, in: packet) { return stream } }
        // A payload type stands for a section if no other has it.
        var only: Producer?
        for producer in producers where producer.format.payload(header.payloadType) != nil {
            guard only == nil else { return nil }
            only = producer
        }
        return only?.learnUnmarked(header)
    }

    // MARK: RTCP

    /// Decrypts an RTCP packet in place and takes it; returns whether it was the peer's.
    func handleRTCP(
        _ datagram: inout MutableRawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard receiver != nil, let length = try? receiver?.unprotectRTCP(&datagram) else { return false }
        handleRTCP(datagram.bytes.extracting(first: length), now: now, into: &queue)
        return true
    }

    private func handleRTCP(_ compound: RawSpan, now: Instant, into queue: inout TransmitQueue) {
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
        if element.type == RTCPType.senderReport {
            let report = try SenderReport(element.body, in: compound)
            for producer in producers { producer.stream(of: report.ssrc)?.handle(report, now: now) }
        }
        try egress.handle(element, in: compound, now: now, into: &queue)
    }
}
