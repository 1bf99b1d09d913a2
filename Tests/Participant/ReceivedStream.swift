internal import WebRTC
public import Wire

/// One media stream that a ``Participant`` receives: what came, what is missing, and what to ask for again.
public struct ReceivedStream {
    public let parameters: Parameters
    /// What came, in order of arrival, without repetitions; empty unless ``Participant/isRecording``.
    public private(set) var arrivals: [Arrival] = []
    /// The missing numbers of which the sender says that there is nothing, as in ``Arrival/sequence``; empty
    /// unless ``Participant/isRecording``.
    public private(set) var voids: [Int] = []
    /// The sender's newest report.
    public internal(set) var senderReport: SenderReport?
    /// The media identification of the first packet.
    public internal(set) var mid: String?

    var reception: ReceiveStatistics
    var nack: NackGenerator?
    var wantsKeyFrame = false
    private var dependencyReader = DependencyDescriptorReader()
    /// Of the packet that is being taken in.
    private var dependency: DependencyDescriptor?
    private let latencies: LatencyHistogram?
    private var counts = Statistics()
    private var window = SequenceWindow()
    private var newestFrame: (timestamp: UInt32, came: Instant)?
    private var delays: Int64 = 0
    private var delayed: Int64 = 0

    init(_ parameters: Parameters, _ latencies: LatencyHistogram? = nil) {
        self.parameters = parameters
        self.latencies = latencies
        reception = ReceiveStatistics(clockRate: parameters.clockRate)
        nack = parameters.asksAgain ? NackGenerator() : nil
    }

    public var statistics: Statistics {
        var statistics = counts
        statistics.reordered = window.reordered
        statistics.missing = window.missing
        statistics.lost = max(0, reception.lost)
        statistics.jitter = reception.jitterSeconds
        statistics.delay = Interval(nanoseconds: delayed > 0 ? delays / delayed : 0)
        return statistics
    }

    /// Forgets the longest gap.
    mutating func beginMeasurement() { counts.longestGap = .zero }

    func owns(_ ssrc: UInt32) -> Bool { ssrc == parameters.ssrc || ssrc == parameters.rtxSSRC }

    /// Reads what the header of the packet that comes next says of its frame.
    mutating func readDependency(_ header: RTPHeader, in packet: RawSpan) {
        guard let id = parameters.dependencyDescriptorID else { return }
        dependency = nil
        guard let range = RTPHeaderExtensions(header).find(id, in: packet) else { return }
        dependency = try? dependencyReader.read(packet.extracting(range))
    }

    /// Takes a packet of the stream in.
    ///
    /// - Parameter payload: `nil` if it was not decrypted.
    mutating func handle(_ header: RTPHeader, _ payload: RawSpan?, size: Int, records: Bool, now: Instant) {
        counts.packets += 1
        counts.bytes += size
        _ = reception.handle(header, size: size, now: now)
        var stamp: SyntheticStamp?
        if let payload, parameters.codecs.isEmpty {
            let start =
                header.payloadType == parameters.redundantPayloadType
                ? RedundantAudio(payload)?.primary.data.lowerBound ?? 0 : 0
            stamp = SyntheticStamp(payload.extracting(start..<payload.byteCount))
        }
        guard let number = window.insert(header.sequenceNumber) else {
            counts.duplicates += 1
            return
        }
        accept(header, stamp, payload, number: number, isRetransmission: false, records: records, now: now)
    }

    /// Takes a retransmission in (RFC 4588 §4).
    mutating func handleRetransmission(_ header: RTPHeader, _ payload: RawSpan, records: Bool, now: Instant) {
        counts.retransmissions += 1
        guard let original = payload.bigEndian(UInt16.self, at: 0), let number = window.insert(original)
        else { return }
        guard payload.byteCount > 2 else {
            // There is nothing under this number.
            nack?.handle(SequenceNumber(original), now: now)
            counts.empty += 1
            if records { voids.append(number) }
            return
        }
        counts.recovered += 1
        var restored = header
        restored.sequenceNumber = original
        let media = payload.extracting(2..<payload.byteCount)
        let stamp = parameters.codecs.isEmpty ? SyntheticStamp(media) : nil
        accept(restored, stamp, media, number: number, isRetransmission: true, records: records, now: now)
    }

    private mutating func accept(
        _ header: RTPHeader,
        _ stamp: SyntheticStamp?,
        _ payload: RawSpan?,
        number: Int,
        isRetransmission: Bool,
        records: Bool,
        now: Instant
    ) {
        let startsKeyFrame = parameters.isVideo && self.startsKeyFrame(header.payloadType, stamp, payload)
        if startsKeyFrame { counts.keyFrames += 1 }
        noteFrame(header.timestamp, now: now)
        // A recovered packet is not asked for again; its being a key frame says nothing about what is newer.
        nack?.handle(
            SequenceNumber(header.sequenceNumber),
            isKeyFrame: startsKeyFrame && !isRetransmission,
            now: now
        )
        if let stamp {
            let delay = now - stamp.sent
            delays += delay.nanoseconds
            delayed += 1
            counts.longestDelay = max(counts.longestDelay, delay)
            latencies?.add(delay)
        }
        guard records else { return }
        var descriptor: VP8PayloadDescriptor?
        if let payload, SyntheticLayer.isDescribed(payload) { descriptor = VP8PayloadDescriptor(payload) }
        var picture: VP9PayloadDescriptor?
        if let payload, SyntheticPicture.isDescribed(payload) { picture = VP9PayloadDescriptor(payload) }
        var blocks: [UInt8] = []
        if let payload { blocks = self.blocks(header, payload) }
        arrivals.append(
            Arrival(
                sequence: number,
                timestamp: header.timestamp,
                payloadType: header.payloadType,
                payloadLength: payload?.byteCount ?? 0,
                blocks: blocks,
                isMarked: header.isMarked,
                isRetransmission: isRetransmission,
                stamp: stamp,
                descriptor: descriptor,
                dependency: dependency,
                picture: picture,
                at: now
            )
        )
    }

    private mutating func noteFrame(_ timestamp: UInt32, now: Instant) {
        guard let newest = newestFrame else {
            newestFrame = (timestamp, now)
            counts.frames = 1
            return
        }
        guard Int32(bitPattern: timestamp &- newest.timestamp) > 0 else { return }
        newestFrame = (timestamp, now)
        counts.frames += 1
        counts.longestGap = max(counts.longestGap, now - newest.came)
    }

    /// Whether a key frame begins with this payload, and how high its picture is.
    private mutating func startsKeyFrame(
        _ payloadType: UInt8,
        _ stamp: SyntheticStamp?,
        _ payload: RawSpan?
    ) -> Bool {
        guard !parameters.codecs.isEmpty else { return stamp?.isKeyFrame == true && stamp?.index == 0 }
        guard let payload, let codec = parameters.codecs[payloadType] else { return false }
        switch codec {
        case .h264: return H264Payload.startsKeyFrame(payload)
        case .av1, .opus, .vp9: return false
        case .vp8:
            guard let descriptor = VP8PayloadDescriptor(payload), descriptor.startsKeyFrame else {
                return false
            }
            // Behind three bytes of sizes and three of a start code, little-endian (RFC 6386 §9.1).
            if let height = payload.bigEndian(UInt16.self, at: descriptor.length + 8) {
                counts.height = Int(height.byteSwapped & 0x3fff)
            }
            return true
        }
    }

    private func blocks(_ header: RTPHeader, _ payload: RawSpan) -> [UInt8] {
        guard header.payloadType == parameters.redundantPayloadType, var audio = RedundantAudio(payload)
        else { return [] }
        var types: [UInt8] = []
        while let block = audio.next(in: payload) { types.append(block.payloadType) }
        return types
    }

    mutating func handleTimeout(now: Instant) {
        nack?.handleTimeout(now: now)
        guard nack?.needsKeyFrame == true else { return }
        nack?.needsKeyFrame = false
        wantsKeyFrame = parameters.isVideo
    }

    /// Whether ``writeFeedback(from:now:into:)`` has something to say.
    func hasFeedback(now: Instant) -> Bool { wantsKeyFrame || nack?.pollTimeout().map { now >= $0 } ?? false }

    /// Appends the requests for lost packets and for a key frame.
    mutating func writeFeedback(from sender: UInt32, now: Instant, into out: inout OutputRawSpan) {
        var lost: [SequenceNumber] = []
        while lost.count < 128, let number = nack?.pollRequest(now: now) { lost.append(number) }
        counts.nacksSent += lost.count
        GenericNACK.write(lost.span, from: sender, about: parameters.ssrc, into: &out)
        guard wantsKeyFrame else { return }
        wantsKeyFrame = false
        counts.keyFrameRequestsSent += 1
        PictureLossIndication.write(from: sender, about: parameters.ssrc, into: &out)
    }
}
