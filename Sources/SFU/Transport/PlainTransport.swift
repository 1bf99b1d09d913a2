internal import WebRTC
package import Wire

/// Unprotected RTP and RTCP on one port, from a process on this machine (mediasoup's *PlainTransport*).
///
/// It learns where the sender of an encoding is from the encoding's first packet ("comedia"). A packet of it
/// from elsewhere is taken only once that sender has been silent, or after ``forgetPeer()``.
///
/// Any program on this machine can send to the port. With a key, the sender is whoever sends a report whose CNAME is
/// the key (RFC 3550 §6.5.1), and nothing else is taken: others can neither read what goes over loopback nor send from a
/// port that is in use.
package final class PlainTransport {
    package let id: TransportID
    let router: RouterID
    var producers: [Producer] = [] {
        didSet {
            peers.removeAll { peer in !producers.contains { $0.streams.contains { $0 === peer.stream } } }
        }
    }
    package var statistics = TransportStatistics()

    /// Where an encoding comes from, and where feedback about it goes.
    private struct Peer {
        var stream: RTPStream
        var address: SocketAddress
        var lastHeard: Instant
    }

    /// When the first packet of a picture came whose last one has not come; `nil` between pictures.
    private(set) var pictureBegan: Instant?

    private let ssrc: UInt32
    private let key: [UInt8]?
    private var peers: [Peer] = []

    init(id: TransportID, router: RouterID, ssrc: UInt32, key: String? = nil) {
        self.key = key.map { Array($0.utf8) }
        self.id = id
        self.router = router
        self.ssrc = ssrc
    }

    /// The peer's process was started anew: the next packet of a known stream tells where it is.
    package func forgetPeer() {
        peers.removeAll()
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
        switch PacketKind(of: datagram) {
        case .rtp:
            guard datagram.byteCount <= Self.maximumPacketSize,
                let header = try? RTPHeader(parsing: datagram),
                let stream = stream(of: header.ssrc), mayCome(stream, from: source, now: now),
                stream.handle(datagram, header, now: now)
            else { return false }
            if stream.format.kind == .video {
                pictureBegan = header.isMarked ? nil : pictureBegan ?? now
            }
            note(stream, source, now: now)
            return true
        case .rtcp: return handleRTCP(datagram, from: source, now: now)
        case .dtls, .stun, nil: return false
        }
    }

    /// Whether the packet is of a known stream.
    private func handleRTCP(_ compound: RawSpan, from source: SocketAddress, now: Instant) -> Bool {
        guard hasKey(compound) else { return false }
        var packets = RTCPPackets()
        var isKnown = false
        do throws(RTCPParseError) {
            while let element = try packets.next(in: compound) {
                guard element.type == RTCPType.senderReport else { continue }
                let report = try SenderReport(element.body, in: compound)
                guard let stream = stream(of: report.ssrc),
                    key != nil || mayCome(stream, from: source, now: now)
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

    /// Whether a compound packet carries the key, if there is one.
    private func hasKey(_ compound: RawSpan) -> Bool {
        guard let key else { return true }
        var packets = RTCPPackets()
        while let element = try? packets.next(in: compound) {
            if SourceDescription.isNamed(key, element, in: compound) { return true }
        }
        return false
    }

    private func mayCome(_ stream: RTPStream, from source: SocketAddress, now: Instant) -> Bool {
        guard let peer = peers.first(where: { $0.stream === stream }) else { return key == nil }
        return peer.address == source || key == nil && now - peer.lastHeard >= Self.silence
    }

    private func note(_ stream: RTPStream, _ source: SocketAddress, now: Instant) {
        if let index = peers.firstIndex(where: { $0.stream === stream }) {
            peers[index].lastHeard = now
            guard peers[index].address != source else { return }
            peers[index].address = source
        } else {
            peers.append(Peer(stream: stream, address: source, lastHeard: now))
        }
        statistics.remoteAddress = source
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
        guard !peers.isEmpty else { return .never }
        return producers.lazy.compactMap { $0.pollTimeout() }.min() ?? .never
    }

    /// Appends what the peer is to be told.
    package func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        for peer in peers where peer.stream.hasFeedback(now: now) {
            queue.append(to: peer.address) { peer.stream.writeFeedback(from: ssrc, now: now, into: &$0) }
            statistics.packetsSent += 1
        }
    }

    private static let silence = Interval.milliseconds(100)
    /// With a consumer's header extensions, retransmission prefix and authentication tag it still fits in a
    /// datagram.
    private static let maximumPacketSize = 1_400
}
