internal import WebRTC
package import Wire

/// RTP and RTCP with a process that speaks nothing else, such as GStreamer or FFmpeg (mediasoup's *PlainTransport*).
///
/// It has one peer, whose address is told or learnt, and sends to it what it consumes. One that was made with
/// ``init(desk:router:ssrc:key:shared:now:)`` only receives, from as many ports of this machine as there are encodings.
package final class PlainTransport: TupleTransport {
    /// `nil`: there is one peer.
    private var sources: PlainSources?
    private var began: Instant?
    private let ssrc: UInt32

    init(
        id: TransportID,
        router: RouterID,
        options: PlainTransportOptions,
        key: SRTPMasterKey?,
        ssrc: UInt32,
        shared: SharedState,
        now: Instant
    ) {
        self.ssrc = ssrc
        super.init(
            id: id,
            router: router,
            options: options,
            key: key,
            ssrc: ssrc,
            isTrusted: false,
            shared: shared,
            now: now
        )
    }

    /// Makes one that receives from this machine, on loopback.
    ///
    /// Any program on this machine can send to its port. With a key, others can neither read what goes over loopback nor
    /// send from a port that is in use.
    init(
        desk id: TransportID,
        router: RouterID,
        ssrc: UInt32,
        key: String?,
        shared: SharedState,
        now: Instant
    ) {
        self.ssrc = ssrc
        sources = PlainSources(key: key)
        super.init(
            id: id,
            router: router,
            options: PlainTransportOptions(),
            key: nil,
            ssrc: ssrc,
            isTrusted: true,
            shared: shared,
            now: now
        )
    }

    override var canConsume: Bool { sources == nil }

    override var pictureBegan: Instant? { began }

    override func remove(_ producer: Producer) {
        super.remove(producer)
        sources?.remove(producer)
    }

    /// The peer's process was started anew: the next packet of a known stream tells where it is.
    override package func forgetPeer() {
        sources?.removeAll()
        super.forgetPeer()
    }

    override func accept(
        _ datagram: RawSpan,
        from source: SocketAddress,
        at port: TransportPort,
        now: Instant
    ) -> Bool {
        guard sources != nil else { return super.accept(datagram, from: source, at: port, now: now) }
        switch PacketKind(of: datagram) {
        case .rtp: return acceptRTP(datagram, from: source, now: now)
        case .rtcp: return acceptRTCP(datagram, from: source, now: now)
        case .dtls, .stun, nil: return false
        }
    }

    private func acceptRTP(_ packet: RawSpan, from source: SocketAddress, now: Instant) -> Bool {
        guard packet.byteCount <= Self.maximumPacketSize, let header = try? RTPHeader(parsing: packet),
            let stream = stream(of: header.ssrc), sources?.mayCome(stream, from: source, now: now) == true,
            stream.handle(packet, header, now: now)
        else { return false }
        if stream.format.kind == .video { began = header.isMarked ? nil : began ?? now }
        note(stream, source, now: now)
        return true
    }

    /// Whether the packet is of a known stream.
    private func acceptRTCP(_ compound: RawSpan, from source: SocketAddress, now: Instant) -> Bool {
        guard sources?.hasKey(compound) == true else { return false }
        var packets = RTCPPackets()
        var isKnown = false
        do throws(RTCPParseError) {
            while let element = try packets.next(in: compound) {
                guard element.type == RTCPType.senderReport else { continue }
                let report = try SenderReport(element.body, in: compound)
                guard let stream = stream(of: report.ssrc),
                    sources?.mayReport(stream, from: source, now: now) == true
                else { continue }
                stream.handle(report, now: now)
                note(stream, source, now: now)
                isKnown = true
            }
        } catch {
            return false
        }
        return isKnown
    }

    private func note(_ stream: RTPStream, _ source: SocketAddress, now: Instant) {
        sources?.note(stream, source, now: now)
        statistics.remoteAddress = source
    }

    // MARK: Time

    override func rearm(now: Instant) {
        guard let sources else {
            super.rearm(now: now)
            return
        }
        var next = Deadline()
        // Without a source there is nobody to tell; its first packet wakes the loop.
        if !sources.all.isEmpty {
            for producer in producers { next.consider(producer.pollTimeout(), .source) }
        }
        due = next
    }

    override package func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        guard let sources else {
            super.sendFeedback(now: now, into: &queue)
            return
        }
        for source in sources.all where source.stream.hasFeedback(now: now) {
            queue.append(to: source.address) { source.stream.writeFeedback(from: ssrc, now: now, into: &$0) }
            statistics.packetsSent += 1
        }
        rearm(now: now)
    }
}
