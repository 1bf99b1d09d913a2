internal import WebRTC
package import Wire

/// Unprotected RTP and RTCP on one port, from a process on this machine (mediasoup's *PlainTransport*).
///
/// It learns where its peer is from the first packet of a producer's stream ("comedia"). A packet from
/// elsewhere is taken only once the peer has been silent, or after ``forgetPeer()``.
package final class PlainTransport {
    package let id: TransportID
    let router: RouterID
    var producers: [Producer] = []
    package var statistics = TransportStatistics()
    private(set) var peer: SocketAddress?

    /// When the first packet of a picture came whose last one has not come; `nil` between pictures.
    private(set) var pictureBegan: Instant?

    private let ssrc: UInt32
    private var lastHeard = Instant(nanoseconds: .min / 2)

    init(id: TransportID, router: RouterID, ssrc: UInt32) {
        self.id = id
        self.router = router
        self.ssrc = ssrc
    }

    /// The peer's process was started anew: the next packet of a known stream tells where it is.
    package func forgetPeer() {
        peer = nil
        for producer in producers { producer.expectRestart() }
    }

    func handle(_ datagram: RawSpan, from source: SocketAddress, now: Instant) {
        statistics.packetsReceived += 1
        statistics.bytesReceived += UInt64(datagram.byteCount)
        guard accept(datagram, from: source, now: now) else {
            statistics.packetsRejected += 1
            return
        }
    }

    private func accept(_ datagram: RawSpan, from source: SocketAddress, now: Instant) -> Bool {
        guard source == peer || peer == nil || now - lastHeard >= Self.silence else { return false }
        switch PacketKind(of: datagram) {
        case .rtp:
            guard datagram.byteCount <= Self.maximumPacketSize,
                let header = try? RTPHeader(parsing: datagram),
                let stream = stream(of: header.ssrc),
                stream.handle(datagram, header, now: now)
            else { return false }
            if stream.format.kind == .video {
                pictureBegan = header.isMarked ? nil : pictureBegan ?? now
            }
        case .rtcp:
            guard handleRTCP(datagram, now: now) else { return false }
        case .dtls, .stun, nil: return false
        }
        if source != peer {
            peer = source
            statistics.remoteAddress = source
        }
        lastHeard = now
        return true
    }

    /// Whether the packet is of a known stream.
    private func handleRTCP(_ compound: RawSpan, now: Instant) -> Bool {
        var packets = RTCPPackets()
        var isKnown = false
        do throws(RTCPParseError) {
            while let element = try packets.next(in: compound) {
                guard element.type == RTCPType.senderReport else { continue }
                let report = try SenderReport(element.body, in: compound)
                guard let stream = stream(of: report.ssrc) else { continue }
                stream.handle(report, now: now)
                isKnown = true
            }
        } catch {
            return false
        }
        return isKnown
    }

    private func stream(of ssrc: UInt32) -> RTPStream? {
        for producer in producers { if let stream = producer.stream(of: ssrc) { return stream } }
        return nil
    }

    func handleTimeout(now: Instant) {
        for producer in producers { producer.handleTimeout(now: now) }
    }

    func pollTimeout() -> Instant {
        // Without a peer there is nobody to tell; its first packet wakes the loop.
        guard peer != nil else { return .never }
        return producers.lazy.compactMap { $0.pollTimeout() }.min() ?? .never
    }

    /// Appends what the peer is to be told.
    package func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        guard let peer else { return }
        for producer in producers {
            for stream in producer.streams where stream.hasFeedback(now: now) {
                queue.append(to: peer) { stream.writeFeedback(from: ssrc, now: now, into: &$0) }
                statistics.packetsSent += 1
            }
        }
    }

    private static let silence = Interval.milliseconds(100)
    /// With a consumer's header extensions, retransmission prefix and authentication tag it still fits in a
    /// datagram.
    private static let maximumPacketSize = 1_400
}
