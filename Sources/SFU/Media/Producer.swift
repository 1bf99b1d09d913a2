internal import WebRTC
package import Wire

/// One media source that a transport receives (mediasoup's *Producer*): one stream of packets, or several encodings of one
/// picture (simulcast).
package final class Producer {
    let id: ProducerID
    let transport: TransportID
    let kind: MediaKind
    let parameters: RTPParameters
    let format: ProducerFormat
    /// Streams of one name are synchronised (RFC 8830).
    let streamID: String
    /// The encodings, lowest first.
    package let streams: [RTPStream]
    private(set) var isPaused = false

    /// - Parameters:
    ///   - isLossless: Whether packets come from this machine, so that none is asked for again.
    ///   - retransmissionBytes: What is kept of the highest encoding.
    init(
        id: ProducerID,
        transport: TransportID,
        kind: MediaKind,
        parameters: RTPParameters,
        streamID: String,
        isLossless: Bool,
        retransmissionBytes: Int
    ) {
        self.id = id
        self.transport = transport
        self.kind = kind
        self.parameters = parameters
        self.streamID = streamID
        let format = ProducerFormat(kind, parameters)
        self.format = format
        let asksAgain = !isLossless && (parameters.codecs.first?.rtcpFeedback.contains(.nack) ?? false)
        streams = parameters.encodings.map { encoding in
            RTPStream(
                encoding,
                format: format,
                asksAgain: asksAgain,
                retransmissionBytes: kind == .video ? retransmissionBytes : retransmissionBytes / 16
            )
        }
    }

    var clockRate: Int { format.clockRate }

    /// One of the SSRCs, once any is known.
    var ssrc: UInt32? { streams.lazy.compactMap(\.ssrc).first }

    /// Whether a consumer has something to forward.
    var hasReceived: Bool { streams.contains { !$0.received.isEmpty } }

    // MARK: Streams

    /// The encoding that a packet of this SSRC belongs to, as media or as a retransmission.
    func stream(of ssrc: UInt32) -> RTPStream? {
        for stream in streams where stream.owns(ssrc) { return stream }
        return nil
    }

    /// The encoding that a packet of an unknown SSRC belongs to by its mid (RFC 8843 §9.2).
    func learn(_ header: RTPHeader, in packet: RawSpan) -> RTPStream? {
        for stream in streams where stream.canLearn(header) {
            guard ProducerFormat.matches(format.mid, format.midID, of: header, in: packet) else { return nil }
            stream.learn(header)
            return stream
        }
        return nil
    }

    // MARK: Commands

    /// The source's process was started anew: whatever comes next is the beginning.
    func expectRestart() {
        for stream in streams { stream.expectRestart() }
    }

    /// Drops what comes while paused. Afterwards, what was missed cannot be mended: consumers go on with a new picture.
    package func setPaused(_ isPaused: Bool, now: Instant) {
        guard self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        for stream in streams { stream.isPaused = isPaused }
        guard !isPaused else { return }
        expectRestart()
        requestKeyFrame(now: now)
    }

    /// Asks the source for a key frame of every encoding.
    package func requestKeyFrame(now: Instant) {
        for stream in streams { stream.requestKeyFrame(now: now) }
    }

    // MARK: Time

    func handleTimeout(now: Instant) {
        for stream in streams { stream.handleTimeout(now: now) }
    }

    func pollTimeout() -> Instant? { streams.lazy.compactMap { $0.pollTimeout() }.min() }

    /// Every consumer has had its turn.
    func endWakeUp() {
        for stream in streams { stream.endWakeUp() }
    }

    // MARK: Statistics

    package func currentStatistics() -> ProducerStatistics {
        var total = streams[0].currentStatistics()
        for stream in streams.dropFirst() { total.add(stream.currentStatistics()) }
        return total
    }
}
