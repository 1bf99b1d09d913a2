internal import WebRTC
package import Wire

/// RTP and RTCP with one peer at a known address, as they are or sealed with keys that signalling has carried: what
/// plain and pipe transports have in common.
///
/// ```
///  socket ─▶ TransportTuple ─▶ SRTP, if any ─▶ Producer      Consumer ─▶ Egress ─▶ Outbox ─▶ socket
///                                        RTCP ─▶ Egress, Producer
/// ```
///
/// What leaves waits in ``outbox`` until the owner of the socket takes it.
package class TupleTransport: Transport {
    /// RTP on its way out, and RTCP if it has no port of its own.
    package final let outbox: Outbox
    /// RTCP on its way out through a port of its own.
    package final let rtcpOutbox: Outbox?
    final let shared: SharedState
    private let key: SRTPMasterKey?
    private let ssrc: UInt32
    private let listenAddress: SocketAddress
    private(set) final var tuple: TransportTuple
    private final var receiver: SRTPReceiver?
    private final var isConnected = false

    /// - Parameters:
    ///   - key: What this side seals with; `nil`: nothing is sealed.
    ///   - ssrc: Names this side in RTCP.
    init(
        id: TransportID,
        router: RouterID,
        options: PlainTransportOptions,
        key: SRTPMasterKey?,
        ssrc: UInt32,
        isTrusted: Bool,
        shared: SharedState,
        now: Instant
    ) {
        self.shared = shared
        self.key = key
        self.ssrc = ssrc
        listenAddress = options.listenAddress
        tuple = TransportTuple(rtcpMux: options.rtcpMux, comedia: options.comedia)
        outbox = Outbox()
        rtcpOutbox = options.rtcpMux ? nil : Outbox()
        let egress = Egress(
            id: id,
            key == nil ? .plain : .sealed,
            cname: String(id.rawValue, radix: 36),
            outbox: outbox,
            rtcpOutbox: rtcpOutbox,
            shared: shared,
            now: now
        )
        super.init(id, router: router, egress: egress, isTrusted: isTrusted)
    }

    /// The key that the peer must be told; `nil`: nothing is sealed.
    package final var srtp: SRTPParameters? { key?.parameters }

    // MARK: Commands

    /// Learns where the peer is and with what key it seals.
    ///
    /// - Parameters:
    ///   - remote: Where it takes RTP; `nil` with comedia.
    ///   - rtcpPort: Where it takes RTCP, at the same address; `nil`: with RTP.
    package final func connect(
        to remote: SocketAddress?,
        rtcpPort: UInt16? = nil,
        srtp: SRTPParameters? = nil,
        now: Instant
    ) throws(SFUError) {
        guard !isConnected else { throw .invalidState("the transport is connected already") }
        if tuple.comedia {
            guard remote == nil, rtcpPort == nil else {
                throw .unsupported(
                    "with comedia the peer's first packet says where it is: leave its address out"
                )
            }
            guard key != nil else {
                throw .invalidState("with comedia and without SRTP there is nothing to be told")
            }
        }
        let material = try material(srtp)
        if !tuple.comedia { try setTuple(remote, rtcpPort) }
        if let material {
            do throws(SRTPError) {
                receiver = try SRTPReceiver(material)
                egress.setKeys(try SRTPSender(material))
            } catch {
                throw .unsupported("SRTP: \(error)")
            }
        }
        isConnected = true
        noteTuple(now: now)
        rearm(now: now)
    }

    private func material(_ remote: SRTPParameters?) throws(SFUError) -> SRTPKeyingMaterial? {
        switch (key, remote) {
        case (nil, nil): return nil
        case (nil, _?): throw .unsupported("the transport was made without SRTP: leave the peer's key out")
        case (_?, nil): throw .unsupported("the transport seals its packets: the peer's SRTP key is needed")
        case (let key?, let remote?): return try key.material(with: SRTPMasterKey(remote))
        }
    }

    private func setTuple(_ remote: SocketAddress?, _ rtcpPort: UInt16?) throws(SFUError) {
        guard let remote, remote.port != 0 else {
            throw .unsupported("the peer's address and port are needed where there is no comedia")
        }
        guard (remote.ipv4 == nil) == (listenAddress.ipv4 == nil) else {
            throw .unsupported("the peer's address and the transport's are not both IPv4, or both IPv6")
        }
        guard tuple.rtcpMux == (rtcpPort == nil), rtcpPort != 0 else {
            throw .unsupported(
                tuple.rtcpMux
                    ? "RTCP goes to the port of RTP: leave its port out, or make the transport without rtcpMux"
                    : "without rtcpMux the peer's RTCP port is needed"
            )
        }
        var rtcp = remote
        rtcp.port = rtcpPort ?? remote.port
        tuple.set(rtp: remote, rtcp: rtcp)
    }

    /// Whoever sends next is the peer, where it is not told; what it sends begins anew.
    package func forgetPeer() {
        tuple.forget()
        egress.setAddress(tuple.rtp, rtcp: tuple.rtcp, isAlive: true)
        for producer in producers { producer.expectRestart() }
    }

    private func noteTuple(now: Instant) {
        egress.setAddress(tuple.rtp, rtcp: tuple.rtcp, isAlive: true)
        statistics.remoteAddress = tuple.rtp
        egress.handleReachable(now: now)
    }

    // MARK: Datagrams

    /// Takes a datagram that arrived at one of the transport's ports.
    final func handle(_ datagram: RawSpan, from source: SocketAddress, at port: TransportPort, now: Instant) {
        statistics.packetsReceived += 1
        statistics.bytesReceived += UInt64(datagram.byteCount)
        if !accept(datagram, from: source, at: port, now: now) { statistics.packetsRejected += 1 }
    }

    /// Returns whether the datagram was the peer's, and of use.
    func accept(
        _ datagram: RawSpan,
        from source: SocketAddress,
        at port: TransportPort,
        now: Instant
    ) -> Bool {
        guard tuple.accepts(source, at: port), let kind = PacketKind(of: datagram),
            tuple.rtcpMux || (kind == .rtp) == (port == .rtp)
        else { return false }
        switch kind {
        case .rtp:
            return withOpened(datagram, kind) { packet in
                handleRTP(packet, from: source, now: now)
            }
        case .rtcp:
            return withOpened(datagram, kind) { compound in
                handleRTCP(compound, from: source, at: port, now: now)
            }
        case .dtls, .stun: return false
        }
    }

    /// Gives `body` the packet without its seal, if it has one; `false` if it is not the peer's.
    private func withOpened(_ datagram: RawSpan, _ kind: PacketKind, _ body: (RawSpan) -> Bool) -> Bool {
        guard key != nil else { return body(datagram) }
        let scratch = shared.scratch
        guard receiver != nil, datagram.byteCount <= scratch.datagram.count else { return false }
        // One thread handles one datagram at a time, so the memory is nobody else's.
        return unsafe scratch.datagram.withUnsafeMutableBytes { buffer in
            unsafe datagram.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
            var copy = unsafe MutableRawSpan(
                _unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: buffer[..<datagram.byteCount])
            )
            let length =
                kind == .rtp ? try? receiver?.unprotectRTP(&copy) : try? receiver?.unprotectRTCP(&copy)
            guard let length else { return false }
            return body(copy.bytes.extracting(first: length))
        }
    }

    private func handleRTP(_ packet: RawSpan, from source: SocketAddress, now: Instant) -> Bool {
        guard packet.byteCount <= Self.maximumPacketSize,
            let header = try? RTPHeader(parsing: packet), let stream = stream(of: header.ssrc)
        else { return false }
        guard stream.ceiling?.takes(packet.byteCount, now: now) != false else {
            statistics.packetsOverLimit += 1
            return true
        }
        learn(source, at: .rtp, now: now)
        return stream.handle(packet, header, now: now)
    }

    private func handleRTCP(
        _ compound: RawSpan,
        from source: SocketAddress,
        at port: TransportPort,
        now: Instant
    ) -> Bool {
        var packets = RTCPPackets()
        var count = 0
        do throws(RTCPParseError) {
            while let element = try packets.next(in: compound) {
                count += 1
                if element.type == RTCPType.senderReport {
                    let report = try SenderReport(element.body, in: compound)
                    stream(of: report.ssrc)?.handle(report, now: now)
                }
                try egress.handle(element, in: compound, now: now, into: &outbox.queue)
            }
        } catch {
            return false
        }
        guard count > 0 else { return false }
        learn(source, at: port, now: now)
        return true
    }

    private func learn(_ source: SocketAddress, at port: TransportPort, now: Instant) {
        guard tuple.learn(source, at: port) else { return }
        noteTuple(now: now)
        if let rtp = tuple.rtp { shared.news.events.append(.selectedAddressChanged(id, rtp)) }
    }

    final func stream(of ssrc: UInt32) -> RTPStream? {
        for producer in producers { if let stream = producer.stream(of: ssrc) { return stream } }
        return nil
    }

    // MARK: Time

    override func rearm(now: Instant) {
        var next = egress.pollDeadline(now: now)
        if egress.isSendable { for producer in producers { next.consider(producer.pollTimeout(), .source) } }
        due = next
    }

    override func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        for producer in producers { producer.handleTimeout(now: now) }
        egress.handleTimeout(now: now, into: &outbox.queue)
        rearm(now: now)
    }

    /// Appends what the peer is to be told of its own streams; once a wake-up, after everything else.
    package func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        for producer in producers {
            for stream in producer.streams where stream.hasFeedback(now: now) {
                egress.sendRTCP(into: &queue) { stream.writeFeedback(from: ssrc, now: now, into: &$0) }
            }
        }
        rearm(now: now)
    }

    /// With a consumer's header extensions, retransmission prefix and authentication tag it still fits in a
    /// datagram.
    static let maximumPacketSize = 1_400
}
