internal import WebRTC
package import Wire

/// One media source that a transport receives (mediasoup's *Producer*): one stream of packets, or several
/// encodings of one picture (simulcast).
package final class Producer {
    package let id: ProducerID
    let transport: TransportID
    let kind: MediaKind
    let parameters: RTPParameters
    let format: ProducerFormat
    /// Streams of one name are synchronised (RFC 8830).
    let streamID: String
    /// The encodings, lowest first.
    package let streams: [RTPStream]
    private(set) var isPaused = false
    /// Whether the fan-out that is going on has something of it.
    private(set) var isForwarded = false
    /// Whether the only encoding may be one of spatial layers.
    let hasSpatialLayers: Bool
    /// How many encodings, or spatial layers of the only one, can be told apart.
    let layers: Int
    private(set) var wanted: WantedLayers
    /// Whether the source makes its encodings on demand, all but the last, and is silent while its picture is
    /// still: the desk.
    let isOnDemand: Bool
    /// Whether its source is to be told which encodings or layers are watched.
    let hasWantedLayers: Bool
    /// Whether it may be somebody who speaks; sound of this machine is not.
    let isMicrophone: Bool
    /// Those that send it, wherever.
    private var subscribers: [Subscriber] = []
    /// What the encodings take; of a source on demand.
    private(set) var usages: [EncodingUsage]

    /// - Parameters:
    ///   - isTrusted: Whether packets come from this machine, so that none is asked for again.
    ///   - ceiling: What it may send at most; `nil`: its source is trusted.
    ///   - retransmissionBytes: What is kept of the highest encoding.
    init(
        id: ProducerID,
        transport: TransportID,
        kind: MediaKind,
        parameters: RTPParameters,
        streamID: String,
        isTrusted: Bool,
        ceiling: MediaCeiling?,
        retransmissionBytes: Int
    ) {
        self.id = id
        self.transport = transport
        self.kind = kind
        self.parameters = parameters
        self.streamID = streamID
        let format = ProducerFormat(kind, parameters)
        self.format = format
        let asksAgain = !isTrusted && (parameters.codecs.first?.rtcpFeedback.contains(.nack) ?? false)
        let count = parameters.encodings.count
        let isOnDemand = isTrusted && count > 1
        self.isOnDemand = isOnDemand
        hasSpatialLayers = kind == .video && count == 1 && Self.isLayered(parameters.codecs.first?.codec)
        layers = hasSpatialLayers ? Self.spatialLayers : count
        hasWantedLayers = isTrusted ? count > 1 : layers > 1
        isMicrophone = kind == .audio && !isTrusted
        wanted = WantedLayers(count: layers, isOnDemand: isOnDemand)
        usages = parameters.encodings.enumerated().map {
            EncodingUsage(maximum: $1.maximumBitrate, isFull: $0 == count - 1)
        }
        streams = parameters.encodings.enumerated().map { index, encoding in
            // Each encoding has about a quarter of the next one's pixels.
            let share =
                kind == .video
                ? retransmissionBytes >> (2 * min(2, count - 1 - index)) : retransmissionBytes / 16
            return RTPStream(
                encoding,
                format: format,
                hasSiblings: count > 1 && !isOnDemand,
                asksAgain: asksAgain,
                ceiling: ceiling,
                retransmissionBytes: share
            )
        }
    }

    var clockRate: Int { format.clockRate }

    /// One of the SSRCs, once any is known.
    var ssrc: UInt32? { streams.lazy.compactMap(\.ssrc).first }

    /// Whether a consumer has something to forward.
    var hasReceived: Bool { streams.contains { !$0.received.isEmpty } }

    private static func isLayered(_ codec: RTPCodec?) -> Bool { codec == .vp9 || codec == .av1 }

    // MARK: Consumers

    /// Egresses own consumers; this only knows them.
    private struct Subscriber {
        unowned let consumer: Consumer
    }

    var consumers: [Consumer] { subscribers.map(\.consumer) }

    func add(_ consumer: Consumer) { subscribers.append(Subscriber(consumer: consumer)) }
    func remove(_ consumer: Consumer) { subscribers.removeAll { $0.consumer === consumer } }

    /// A bit for each encoding, or spatial layer of the only one, that somebody's receiver watches.
    var watchedLayers: UInt8 { subscribers.reduce(0) { $0 | $1.consumer.watchedLayers } }

    /// What its source is to be told of now, a bit for each encoding or spatial layer that it is to send; `nil`: nothing new.
    func updateWanted(now: Instant) -> UInt8? {
        let before = wanted.told
        guard let told = wanted.update(watchedLayers | unaskedEncodings, now: now) else { return nil }
        if isOnDemand {
            for index in streams.indices where (before ^ told) & 1 << UInt8(index) != 0 {
                streams[index].expectBeginning()
            }
        }
        return told
    }

    /// The encodings, or spatial layers of the only one, that its source was last told to send.
    var toldLayers: Set<Int> { Set((0..<layers).filter { wanted.told & 1 << UInt8($0) != 0 }) }

    // MARK: Streams

    /// The encoding that a packet of this SSRC belongs to, as media or as a retransmission.
    func stream(of ssrc: UInt32) -> RTPStream? {
        for stream in streams where stream.owns(ssrc) { return stream }
        return nil
    }

    /// The encoding that a packet of an unknown SSRC belongs to: by its mid (RFC 8843 §9.2) and, where there
    /// are several, by its RID or that of the stream it repairs (RFC 8852 §3).
    ///
    /// It is its encoding's from now on, in the place of the SSRC before.
    func learn(_ header: RTPHeader, in packet: RawSpan) -> RTPStream? {
        guard let payload = format.payload(header.payloadType) else { return nil }
        let ridID = payload.codec == .rtx ? format.repairedRIDID : format.ridID
        for stream in streams {
            if stream.rid.isEmpty {
                guard isOwn(header, in: packet), stream.adopt(header) else { continue }
            } else {
                guard ProducerFormat.matches(stream.rid, ridID, of: header, in: packet),
                    isOwn(header, in: packet),
                    stream.adopt(header)
                else { continue }
            }
            return stream
        }
        return nil
    }

    /// Whether a packet of an unknown SSRC can be this producer's though nothing in it says so: the sender has no
    /// header extension for it, and the encoding has no SSRC yet (RFC 8843 §9.2, the last step).
    func learnUnmarked(_ header: RTPHeader) -> RTPStream? {
        guard format.midID == nil, streams.count == 1, let stream = streams.first,
            let payload = format.payload(header.payloadType),
            payload.codec == .rtx ? stream.ssrc != nil && stream.rtxSSRC == nil : stream.ssrc == nil,
            stream.adopt(header)
        else { return nil }
        return stream
    }

    private func isOwn(_ header: RTPHeader, in packet: RawSpan) -> Bool {
        ProducerFormat.matches(format.mid, format.midID, of: header, in: packet)
    }

    /// A bit for each encoding that the source makes whether or not anybody watches it: the full picture of
    /// one on demand, even while there is nothing new in it to be sent.
    var unaskedEncodings: UInt8 { isOnDemand ? 1 << UInt8(streams.count - 1) : 0 }

    /// Whether the source sends this encoding: it has come, and has not been silent for long while others
    /// came.
    ///
    /// A source that sends little in all of them, as that of a still screen, stops none.
    func isSending(_ index: Int, now: Instant) -> Bool {
        if unaskedEncodings & 1 << UInt8(index) != 0 { return true }
        guard let last = streams[index].lastArrival else { return false }
        guard streams.count > 1, now - last >= Self.silence else { return true }
        // Two encoders that look at a still screen fall silent each at its own time; reports go on.
        if isOnDemand { return streams[index].lastReport.map { now - $0 < Self.reportSilence } ?? false }
        return !streams.contains { $0.thirdNewestFrame.map { $0 > last } ?? false }
    }

    /// Bits per second of an encoding, or of a spatial layer in the only one, up to a temporal layer; over
    /// the last full second.
    ///
    /// - Parameter now: `nil`: as it was while it came last, if nothing comes now.
    func bitrate(of layers: MediaLayers, now: Instant? = nil) -> Int {
        guard streams.count > 1 else {
            return streams[0].bitrates.bitsPerSecond(
                spatial: layers.spatial,
                temporal: layers.temporal,
                now: now
            )
        }
        return streams[min(layers.spatial, streams.count - 1)].bitrates
            .bitsPerSecond(spatial: .max, temporal: layers.temporal, now: now)
    }

    /// Takes in what the encodings of a source on demand have taken of late.
    func measureUsages(now: Instant) {
        for (index, stream) in streams.enumerated() { usages[index].handle(bytes: stream.bytes, now: now) }
    }

    // MARK: Commands

    /// The source's process was started anew: whatever comes next is the beginning.
    func expectRestart() {
        for stream in streams { stream.expectRestart() }
    }

    /// Drops what comes while paused.
    ///
    /// Afterwards, what was missed cannot be mended: consumers go on with a new picture.
    package func setPaused(_ isPaused: Bool, now: Instant) {
        guard self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        for stream in streams { stream.setPaused(isPaused) }
        guard !isPaused else { return }
        expectRestart()
        requestKeyFrame(now: now)
    }

    /// Forgets what has come and takes nothing before ``release(from:)``.
    ///
    /// What waits for a pacer is dropped too: it is of a generation that is over.
    package func withhold() { for stream in streams { stream.withhold() } }

    /// Goes on with what the source has made since: from these timestamps on, by SSRC.
    ///
    /// An encoding that is not among them stays withheld.
    package func release(from timestamps: [UInt32: UInt32]) {
        for stream in streams {
            if let timestamp = stream.ssrc.flatMap({ timestamps[$0] }) { stream.release(from: timestamp) }
        }
    }

    /// Asks the source for a key frame of every encoding that it makes.
    package func requestKeyFrame(now: Instant) {
        for (index, stream) in streams.enumerated() where !isOnDemand || wanted.told & 1 << UInt8(index) != 0
        {
            stream.requestKeyFrame(now: now)
        }
    }

    // MARK: Time

    func handleTimeout(now: Instant) {
        let isStill = streams.allSatisfy { $0.isStill(now: now) }
        for stream in streams { stream.handleTimeout(isProducerStill: isStill, now: now) }
    }

    func pollTimeout() -> Instant? { streams.lazy.compactMap { $0.pollTimeout() }.min() }

    /// A fan-out begins: what comes from now on waits for the next one.
    package func beginForwarding() { isForwarded = hasReceived }

    /// Every consumer has had its turn.
    package func endWakeUp() {
        isForwarded = false
        for stream in streams { stream.endWakeUp() }
    }

    // MARK: Statistics

    /// - Parameter now: `nil` leaves the bitrates out.
    package func currentStatistics(now: Instant? = nil) -> ProducerStatistics {
        ProducerStatistics(kind: kind, encodings: streams.map { $0.currentStatistics(now: now) })
    }

    /// The most that any scalability mode has (W3C webrtc-svc §6).
    private static let spatialLayers = 3
    /// Until one of several encodings that is silent while others are not counts as stopped.
    private static let silence = Interval.milliseconds(500)
    /// Until an encoding without reports, which come every second, counts as stopped.
    private static let reportSilence = Interval.seconds(3)
}
