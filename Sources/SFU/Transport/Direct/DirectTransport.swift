internal import WebRTC
internal import Wire

/// RTP and RTCP with this process itself (mediasoup's *DirectTransport*): what it consumes goes to a reader, and what it
/// produces comes as calls.
package final class DirectTransport: Transport {
    private let ssrc: UInt32
    private let news: TransportNews
    private let limits: WorkerConfiguration.Limits
    private var dataProducers: Set<DataProducerID> = []

    init(
        id: TransportID,
        router: RouterID,
        reader: DirectReader,
        ssrc: UInt32,
        shared: SharedState,
        now: Instant
    ) {
        self.ssrc = ssrc
        news = shared.news
        limits = shared.limits
        let egress = Egress(
            id: id,
            .reader(
                EgressReader(
                    handleRTP: { consumer, packet, now in
                        guard let header = try? RTPHeader(parsing: packet) else { return }
                        reader.rtp(consumer.describe(header, now: now), packet)
                    },
                    handleRTCP: reader.rtcp
                )
            ),
            cname: String(id.rawValue, radix: 36),
            outbox: nil,
            shared: shared,
            now: now
        )
        super.init(id, router: router, egress: egress, isTrusted: false)
    }

    // MARK: Packets of this process

    /// Takes an RTP packet of a producer; returns whether it was of use.
    func handleRTP(_ packet: RawSpan, now: Instant) -> Bool {
        noteReceived(packet)
        guard packet.byteCount <= TupleTransport.maximumPacketSize,
            let header = try? RTPHeader(parsing: packet),
            let stream = stream(of: header.ssrc), stream.handle(packet, header, now: now)
        else {
            statistics.packetsRejected += 1
            return false
        }
        if let due = stream.pollTimeout() { egress.expect(.source, at: due) }
        return true
    }

    /// Takes a compound RTCP packet: reports of the producers, and what the reader says of the consumers.
    ///
    /// Returns whether it was one.
    func handleRTCP(_ compound: RawSpan, now: Instant, into queue: inout TransmitQueue) -> Bool {
        noteReceived(compound)
        var packets = RTCPPackets()
        var count = 0
        do throws(RTCPParseError) {
            while let element = try packets.next(in: compound) {
                count += 1
                if element.type == RTCPType.senderReport {
                    let report = try SenderReport(element.body, in: compound)
                    stream(of: report.ssrc)?.handle(report, now: now)
                }
                try egress.handle(element, in: compound, now: now, into: &queue)
            }
        } catch {
            count = 0
        }
        rearm(now: now)
        guard count > 0 else {
            statistics.packetsRejected += 1
            return false
        }
        return true
    }

    // MARK: Messages of this process

    func addData(_ id: DataProducerID) throws(SFUError) {
        guard dataProducers.count < limits.dataChannelsPerTransport else {
            throw .invalidState("the transport has as many data producers as it may")
        }
        dataProducers.insert(id)
    }

    /// Sends a message as a data producer of this process.
    override func send(_ bytes: RawSpan, isBinary: Bool, on id: DataProducerID, now: Instant) throws(SFUError)
    {
        guard dataProducers.contains(id) else { throw .notFound }
        let message = DataMessage(
            bytes: unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) },
            isBinary: isBinary,
            received: now
        )
        news.events.append(.dataMessage(self.id, id, message))
    }

    override func close(_ id: DataProducerID, now: Instant) throws(SFUError) {
        guard dataProducers.remove(id) != nil else { throw .notFound }
        news.events.append(.dataProducerClosed(self.id, id))
    }

    private func noteReceived(_ packet: RawSpan) {
        statistics.packetsReceived += 1
        statistics.bytesReceived += UInt64(packet.byteCount)
    }

    private func stream(of ssrc: UInt32) -> RTPStream? {
        for producer in producers { if let stream = producer.stream(of: ssrc) { return stream } }
        return nil
    }

    // MARK: Time

    override func rearm(now: Instant) {
        var next = egress.pollDeadline(now: now)
        for producer in producers { next.consider(producer.pollTimeout(), .source) }
        due = next
    }

    override func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        for producer in producers { producer.handleTimeout(now: now) }
        egress.handleTimeout(now: now, into: &queue)
        sendFeedback(now: now, into: &queue)
        rearm(now: now)
    }

    override func sendKeyFrameRequests(now: Instant, into queue: inout TransmitQueue) {
        sendFeedback(now: now, into: &queue)
        rearm(now: now)
    }

    private func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        for producer in producers {
            for stream in producer.streams where stream.hasFeedback(now: now) {
                egress.sendRTCP(into: &queue) { stream.writeFeedback(from: ssrc, now: now, into: &$0) }
            }
        }
    }
}

extension Consumer {
    /// What a reader in this process is told of a packet that has just been written.
    fileprivate func describe(_ header: RTPHeader, now: Instant) -> DirectPacket {
        DirectPacket(
            consumer: id,
            header: header,
            encoding: self.encoding ?? 0,
            startsKeyFrame: hasKeyFrame(at: header.sequenceNumber),
            now: now,
            clock: stream?.clock.map {
                MediaClockMapping(ntpTime: $0.ntp, timestamp: $0.timestamp &+ timestampOffset)
            }
        )
    }
}
