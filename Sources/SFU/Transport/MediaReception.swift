package import WebRTC
package import Wire

/// What a peer with keys sends: decrypted, brought to its stream and kept below the ceilings; and what the peer is told
/// of it.
package struct MediaReception: ~Copyable {
    /// Of packets that are not the peer's, or cannot be read.
    package private(set) var rejected: UInt64 = 0
    package private(set) var overLimit: UInt64 = 0

    private let egress: Egress
    private let news: TransportNews
    /// Names this side in RTCP that is about nobody's stream in particular.
    private let ssrc: UInt32
    /// `nil` before the handshake, and after the end.
    private var keys: SRTPReceiver?
    /// What the peer may send in all.
    private let ceiling: MediaCeiling
    /// When the core may next be told that it sends more.
    private var nextNotice = Instant.past
    /// Of the camera: browsers send a picture at once if the path carries it.
    private var burst = PictureBurst(isBurst: true)

    private var arrivals = TransportFeedbackGenerator()
    /// What the peer is told it may send, bits per second.
    private let bitrate: UInt64?
    /// When it is next told so; `nil` before its first packet.
    private var nextLimit: Instant?

    package init(_ limits: WorkerConfiguration.Limits, ssrc: UInt32, egress: Egress, news: TransportNews) {
        self.egress = egress
        self.news = news
        self.ssrc = ssrc
        ceiling = MediaCeiling(limits)
        bitrate = limits.incomingBitrate.map { UInt64($0) }
    }

    /// When the first packet of a picture came whose last one is about to.
    package var pictureBegan: Instant? { burst.began }

    // MARK: Keys

    package mutating func setKeys(_ keys: consuming SRTPReceiver?) { self.keys = keys }

    /// How likely a packet is the peer's, the less the likelier; `nil` if it cannot be.
    mutating func leadOfRTP(_ packet: RawSpan) -> UInt64? { keys?.leadOfRTP(packet) }
    mutating func leadOfRTCP(_ packet: RawSpan) -> UInt64? { keys?.leadOfRTCP(packet) }

    /// Decrypts an RTCP packet in place; returns its length, or `nil` if it is not the peer's.
    mutating func openRTCP(_ datagram: inout MutableRawSpan) -> Int? {
        try? keys?.unprotectRTCP(&datagram)
    }

    // MARK: RTP

    /// Decrypts an RTP packet in place and takes it; returns whether it was the peer's.
    package mutating func handleRTP(
        _ datagram: inout MutableRawSpan,
        of producers: [Producer],
        now: Instant
    ) -> Bool {
        guard keys != nil, let length = try? keys?.unprotectRTP(&datagram) else { return false }
        take(datagram.bytes.extracting(first: length), of: producers, now: now)
        return true
    }

    private mutating func take(_ packet: RawSpan, of producers: [Producer], now: Instant) {
        guard let header = try? RTPHeader(parsing: packet),
            let stream = Self.stream(of: header, in: packet, among: producers)
        else {
            rejected += 1
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
        if !stream.handle(packet, header, now: now) { rejected += 1 }
        if stream.format.kind == .video, header.ssrc == stream.ssrc {
            burst.handle(isLast: header.isMarked, now: now)
        }
        if let due = stream.pollTimeout() { egress.expect(.source, at: due) }
    }

    private mutating func noteExcess(of stream: RTPStream, now: Instant) {
        overLimit += 1
        guard now >= nextNotice, let producer = stream.ceiling?.producer else { return }
        nextNotice = now + Self.noticeInterval
        // ThreadSanitizer's compiler (Swift 6.3) fails where a mutating function writes through a property of `self`.
        let news = news
        news.events.append(.producerLimited(producer))
    }

    /// By SSRC, or by the header extensions of a stream whose SSRC is not known yet.
    private static func stream(
        of header: RTPHeader,
        in packet: RawSpan,
        among producers: [Producer]
    ) -> RTPStream? {
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

    // MARK: What the peer is told

    /// Considers when something is to be told, and what.
    package func consider(for next: inout Deadline) {
        next.consider(arrivals.pollTimeout(), .arrivals)
        next.consider(nextLimit, .limit)
    }

    /// Tells the producers' sources what is due: loss, key frames, arrival times.
    ///
    /// Only while there is a path.
    package mutating func sendFeedback(
        of producers: [Producer],
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let ssrc = ssrc
        for producer in producers {
            for stream in producer.streams where stream.hasFeedback(now: now) {
                egress.sendRTCP(into: &queue) { stream.writeFeedback(from: ssrc, now: now, into: &$0) }
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
            egress.sendRTCP(into: &queue) { out in
                isPending = arrivals.pollFeedback(from: ssrc, about: media, now: now, into: &out)
            }
        }
    }

    /// Tells the publisher how much it may send (draft-alvestrand-rmcat-remb-03), if that is due: browsers keep to it
    /// beside their own estimate.
    package mutating func sendLimit(to producers: [Producer], now: Instant, into queue: inout TransmitQueue) {
        guard let due = nextLimit, now >= due else { return }
        nextLimit = now + Self.limitInterval
        guard let bitrate, let media = producers.lazy.compactMap(\.videoSSRC).first else { return }
        let ssrc = ssrc
        egress.sendRTCP(into: &queue) { out in
            ReportBlock.writeEmptyReceiverReport(from: ssrc, into: &out)
            ReceiverEstimatedMaximumBitrate(bitrate: bitrate).write(from: ssrc, about: media, into: &out)
        }
    }

    private static let noticeInterval = Interval.seconds(10)
    /// An estimate that is not repeated is forgotten by some.
    private static let limitInterval = Interval.seconds(2)
}

extension Producer {
    /// Of the first encoding of a video that has come; `nil` for sound.
    fileprivate var videoSSRC: UInt32? { kind == .video ? streams.lazy.compactMap(\.ssrc).first : nil }
}
