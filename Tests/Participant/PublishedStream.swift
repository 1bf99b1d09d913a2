internal import WebRTC
public import Wire

/// A synthetic source of one media stream: frames at a steady rate, key frames on request, and a memory to
/// answer NACKs from.
///
/// Its owner calls ``writeFrame(now:_:)`` when ``pollTimeout()`` has come, and sends each packet it is given:
/// as it is to a plain transport, encrypted to a WebRTC transport.
public final class PublishedStream {
    public private(set) var parameters: Parameters
    public private(set) var packets = 0
    public private(set) var frames: UInt32 = 0
    public private(set) var keyFrames = 0
    /// Requests that came, whether or not a key frame was due already.
    public internal(set) var keyFrameRequests = 0
    public internal(set) var retransmitted = 0
    /// A still source sends nothing.
    public var isStill = false
    /// Pictures or sound to send, over and over, instead of synthetic payloads; at its own frame rate.
    public var recording: RecordedMedia?
    /// What a microphone's packets say of their loudness: 0…127 dB below the loudest (RFC 6464).
    public var audioLevel: UInt8 = 30
    /// Whether the encoder makes frames, as `active` of `RTCRtpEncodingParameters`.
    ///
    /// It begins anew with a key frame.
    public var isActive = true {
        didSet { if isActive, !oldValue { wantsKeyFrame = true } }
    }

    public private(set) var sequence: UInt16
    private var firstTimestamp: UInt32
    /// Of the newest frame.
    public private(set) var newestTimestamp: UInt32 = 0
    private var started: Instant?
    private var nextFrame: Instant?
    private var wantsKeyFrame = true
    private var place = 0
    private var recordedFrame = 0
    private var dependency = SyntheticDependency()
    private var descriptors: [UInt16: [UInt8]] = [:]
    private var pictureID: UInt16
    private var temporalBaseIndex: UInt8
    private var store = RetransmissionStore(capacity: 1 << 20, lifetime: .seconds(2))
    var sent: SenderStatistics
    var rtxSequence: UInt16 = 1
    private var packet = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)

    public init(_ parameters: Parameters, random: inout some RandomNumberGenerator) {
        precondition(parameters.payloadLength >= SyntheticStamp.length, "a payload holds at least its stamp")
        self.parameters = parameters
        sequence = .random(in: .min ... .max, using: &random)
        firstTimestamp = .random(in: .min ... .max, using: &random)
        pictureID = .random(in: 0...0x7fff, using: &random)
        temporalBaseIndex = .random(in: .min ... .max, using: &random)
        sent = SenderStatistics(clockRate: parameters.codec.clockRate)
    }

    /// Makes the next frame a key frame, and makes it at once.
    public func requestKeyFrame(now: Instant) {
        keyFrameRequests += 1
        guard parameters.codec.isVideo else { return }
        wantsKeyFrame = true
        // The encodings of one camera are made of the same pictures.
        if parameters.rid == nil { nextFrame = now }
    }

    /// Begins anew as a browser does that stops an encoding and starts it again: other numbers, other SSRCs.
    public func restart(ssrc: UInt32, sequence: UInt16) {
        parameters.ssrc = ssrc
        parameters.rtxSSRC = parameters.rtxSSRC == nil ? nil : ssrc + 1
        self.sequence = sequence
        firstTimestamp &+= 0x1234_5678
        pictureID = pictureID &+ 0x123 & 0x7fff
        sent = SenderStatistics(clockRate: parameters.codec.clockRate)
        rtxSequence = 1
        wantsKeyFrame = true
    }

    /// Sends plain packets from now on.
    public func stopRedundancy(payloadType: UInt8) {
        parameters.payloadType = payloadType
        parameters.blockPayloadType = nil
    }

    /// Begins anew as a process that was started again does: other numbers, the same SSRC.
    public func restart(sequence: UInt16, timestamp: UInt32) {
        self.sequence = sequence
        firstTimestamp = timestamp
        started = nil
        nextFrame = nil
        wantsKeyFrame = true
        frames = 0
    }

    /// Makes frames, from the next one on, of the size that gives this bitrate of payload; key frames are
    /// `keyFrame` times as large.
    public func setBitrate(_ bitsPerSecond: Int, keyFrame: Int = 3) {
        let interval = Double(parameters.frameInterval.nanoseconds) / 1e9
        let bytes = max(SyntheticStamp.length, Int(Double(bitsPerSecond) / 8 * interval))
        parameters.packetsPerFrame = (bytes + Self.largestPayload - 1) / Self.largestPayload
        parameters.packetsPerKeyFrame = parameters.packetsPerFrame * keyFrame
        parameters.payloadLength = max(SyntheticStamp.length, bytes / parameters.packetsPerFrame)
    }

    public func start(now: Instant) {
        started = now
        nextFrame = now
    }

    public func pollTimeout() -> Instant? { isStill && !wantsKeyFrame ? nil : nextFrame }

    /// Makes the frame that is due and gives its packets to `send`: plain RTP without header extensions.
    public func writeFrame(now: Instant, _ send: (RTPHeader, RawSpan) -> Void) {
        guard let due = pollTimeout(), now >= due, let started else { return }
        guard isActive else {
            nextFrame = now + parameters.frameInterval
            return
        }
        // Not from when its owner woke up: a late frame does not delay the others.
        nextFrame = (now - due < parameters.frameInterval ? due : now) + parameters.frameInterval
        let elapsed = (now - started).nanoseconds / 1_000 * Int64(parameters.codec.clockRate) / 1_000_000
        let timestamp = firstTimestamp &+ UInt32(truncatingIfNeeded: elapsed)
        newestTimestamp = timestamp
        if recording == nil {
            writeSyntheticFrame(timestamp, now: now, send)
        } else {
            writeRecordedFrame(timestamp, now: now, send)
        }
        frames += 1
    }

    private func writeSyntheticFrame(
        _ timestamp: UInt32,
        now: Instant,
        _ send: (RTPHeader, RawSpan) -> Void
    ) {
        let isKeyFrame = parameters.codec.isVideo && wantsKeyFrame
        let layer = nextLayer(isKeyFrame: isKeyFrame)
        if parameters.dependencyDescriptorID != nil { dependency.advance(isKeyFrame: isKeyFrame) }
        wantsKeyFrame = false
        let count = isKeyFrame ? parameters.packetsPerKeyFrame : parameters.packetsPerFrame
        for index in 0..<count {
            let stamp = SyntheticStamp(
                frame: frames,
                index: UInt16(index),
                count: UInt16(count),
                isKeyFrame: isKeyFrame,
                encoding: parameters.encoding,
                sent: now
            )
            if parameters.dependencyDescriptorID != nil {
                descriptors[sequence] = dependency.bytes(isFirst: index == 0, isLast: index == count - 1)
                descriptors[sequence &- 4_096] = nil
            }
            write(
                timestamp,
                length: parameters.payloadLength,
                isLast: index == count - 1,
                now: now,
                { stamp.write(parameters.codec, layer: layer, into: &$0) },
                send
            )
        }
        if isKeyFrame { keyFrames += 1 }
    }

    private func writeRecordedFrame(
        _ timestamp: UInt32,
        now: Instant,
        _ send: (RTPHeader, RawSpan) -> Void
    ) {
        guard let recording else { return }
        if wantsKeyFrame { recordedFrame = 0 }
        wantsKeyFrame = false
        let frame = recording.frames[recordedFrame]
        let isKeyFrame = parameters.codec.isVideo && recordedFrame == 0
        recordedFrame = (recordedFrame + 1) % recording.frames.count
        let layer = parameters.codec == .vp8 ? nextLayer(isKeyFrame: isKeyFrame) : nil
        for (index, part) in frame.enumerated() {
            write(
                timestamp,
                length: (layer == nil ? 0 : 1 + SyntheticLayer.length) + part.payload.count,
                isLast: index == frame.count - 1,
                now: now,
                { out in
                    if let layer {
                        out.append(0x80 | part.descriptor)
                        layer.write(into: &out)
                    }
                    out.append(copying: part.payload.span.bytes)
                },
                send
            )
        }
        if isKeyFrame { keyFrames += 1 }
    }

    /// Appends a sender report, as a process that sends plain RTP does every second; nothing before the first
    /// packet.
    public func writeReport(wallClock: NTPTime, now: Instant, into out: inout OutputRawSpan) {
        sent.makeReport(parameters.ssrc, wallClock: wallClock, now: now)?.write(into: &out)
    }

    /// The dependency descriptor of a packet that was sent lately; empty if it has none.
    func descriptor(of sequence: UInt16) -> [UInt8] { descriptors[sequence] ?? [] }

    private func nextLayer(isKeyFrame: Bool) -> SyntheticLayer? {
        // A recording has lost its own descriptors.
        guard let layers = parameters.temporalLayers ?? (recording == nil ? nil : 1) else { return nil }
        place = isKeyFrame ? 0 : place + 1
        pictureID = pictureID &+ 1 & 0x7fff
        let (temporalLayer, isSync) = SyntheticLayer.layer(at: place, of: layers)
        if temporalLayer == 0 { temporalBaseIndex &+= 1 }
        return SyntheticLayer(
            pictureID: pictureID,
            temporalBaseIndex: temporalBaseIndex,
            temporalLayer: temporalLayer,
            isSync: isSync
        )
    }

    /// Writes a packet with `payload` and keeps it to be sent again; what lay behind the payload fills it up
    /// to `length`.
    private func write(
        _ timestamp: UInt32,
        length: Int,
        isLast: Bool,
        now: Instant,
        _ payload: (inout OutputRawSpan) -> Void,
        _ send: (RTPHeader, RawSpan) -> Void
    ) {
        let header = RTPHeader(
            payloadType: parameters.payloadType,
            sequenceNumber: sequence,
            timestamp: timestamp,
            ssrc: parameters.ssrc,
            isMarked: isLast && parameters.codec.isVideo,
            payloadLength: length
        )
        packet.withUnsafeMutableBytes { buffer in
            var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
            header.write(hasExtensions: false, into: &out)
            if let type = parameters.blockPayloadType {
                // One block of ten bytes from 20 ms before, and the primary one.
                out.append(bigEndian: 0x8000_0000 | UInt32(type) << 24 | 960 << 10 | 10 as UInt32)
                out.append(type)
                for _ in 0..<10 { out.append(0xaa as UInt8) }
            }
            payload(&out)
            _ = out.finalize(for: buffer)
        }
        // Shares its memory; a span of the property itself may not cross the call.
        let packet = packet
        store.store(
            packet.span.bytes.extracting(first: RTPHeader.fixedLength + length),
            sequence: sequence,
            now: now
        )
        _ = store.withPacket(sequence, now: now) { bytes in send(header, bytes) }
        sent.handle(timestamp: timestamp, payload: length, now: now)
        sequence &+= 1
        packets += 1
    }

    /// Gives `body` a packet that was sent lately, for its retransmission.
    func withPacket(_ sequence: UInt16, now: Instant, _ body: (RTPHeader, RawSpan) -> Void) {
        _ = store.withPacket(sequence, now: now) { bytes in
            if let header = try? RTPHeader(parsing: bytes) { body(header, bytes) }
        }
    }

    /// What an RTCP compound asks of this stream of a plain transport, which has no NACKs: key frames.
    public func handlePlainFeedback(_ compound: RawSpan, now: Instant) {
        var packets = RTCPPackets()
        while let element = try? packets.next(in: compound) {
            guard element.type == RTCPType.payloadFeedback, element.count == RTCPType.pictureLossIndication,
                let feedback = try? RTCPFeedback(element, in: compound), feedback.media == parameters.ssrc
            else { continue }
            requestKeyFrame(now: now)
        }
    }

    /// Bytes.
    private static let largestPayload = 1_100
}
