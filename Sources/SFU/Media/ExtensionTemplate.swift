internal import WebRTC
internal import Wire

/// The header extension block of one consumer's packets (RFC 8285 §4.2), written once: a packet gets a copy with its own
/// send time, transport-wide number and audio level.
///
/// It serves where those are all that differs. Dependency descriptors, and packets of a source that tells its level
/// only now and then, are written element by element.
struct ExtensionTemplate {
    private var bytes = InlineArray<48, UInt8>(repeating: 0)
    /// With the block's own header, in bytes; a multiple of four, 0 if there is no template.
    private var count = 0
    /// Where the values are; 0: the receiver does not take them.
    private var sendTime = 0
    private var transportSequence = 0
    private var audioLevel = 0
    private var sendTimeID: UInt32 = 0

    init() {}

    init(_ format: ConsumerFormat) {
        var end = 4
        if let id = format.absoluteSendTimeID {
            sendTime = end
            sendTimeID = UInt32(id)
            end += 4
        }
        if format.transportWideCCID != nil {
            transportSequence = end + 1
            end += 3
        }
        if format.midID != nil { end += 1 + format.mid.count }
        if format.playoutDelayID != nil, format.playoutDelay != nil { end += 4 }
        if format.audioLevelID != nil {
            audioLevel = end + 1
            end += 2
        }
        count = (end + 3) & ~3
        guard count <= bytes.count else {
            count = 0
            return
        }
        var span = bytes.mutableSpan
        unsafe span.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            RTPHeaderExtensionWriter.write(
                format,
                audioLevel: 0,
                descriptor: RawSpan(),
                transportSequence: 0,
                now: Instant(nanoseconds: 0),
                into: &out
            )
            // An element of a length that the form does not take is left out: no template then.
            if out.byteCount != count { count = 0 }
            _ = unsafe out.finalize(for: buffer)
        }
    }

    /// Appends the block behind the fixed header in `out`; `false`: nothing, it is to be written element by element.
    @inline(__always)
    func write(
        audioLevel level: UInt8?,
        transportSequence sequence: UInt16,
        now: Instant,
        into out: inout OutputRawSpan
    ) -> Bool {
        guard count > 0, audioLevel == 0 || level != nil else { return false }
        let start = out.byteCount
        unsafe out.append(copying: bytes.span.bytes.extracting(first: count))
        if sendTime > 0 {
            // Id and length of the element are the upper byte.
            out.overwrite(
                bigEndian: sendTimeID << 28 | 2 << 24 | AbsoluteSendTime(now).rawValue,
                at: start + sendTime
            )
        }
        if transportSequence > 0 { out.overwrite(bigEndian: sequence, at: start + transportSequence) }
        if audioLevel > 0, let level { out.overwrite(bigEndian: level, at: start + audioLevel) }
        return true
    }
}

extension RTPHeaderExtensionWriter {
    /// Writes a consumer's extensions behind the fixed header in `out`, element by element.
    static func write(
        _ format: ConsumerFormat,
        audioLevel: UInt8?,
        descriptor: RawSpan,
        transportSequence: UInt16,
        now: Instant,
        into out: inout OutputRawSpan
    ) {
        let writer = RTPHeaderExtensionWriter(isTwoByte: descriptor.byteCount > 16, &out)
        if let id = format.absoluteSendTimeID {
            writer.append(id, uint24: AbsoluteSendTime(now).rawValue, to: &out)
        }
        if let id = format.transportWideCCID { writer.append(id, uint16: transportSequence, to: &out) }
        if let id = format.midID { unsafe writer.append(id, bytes: format.mid.span.bytes, to: &out) }
        if let id = format.playoutDelayID, let delay = format.playoutDelay {
            writer.append(id, uint24: delay.rawValue, to: &out)
        }
        if let id = format.audioLevelID, let audioLevel { writer.append(id, uint8: audioLevel, to: &out) }
        if let id = format.dependencyDescriptorID, !descriptor.isEmpty {
            writer.append(id, bytes: descriptor, to: &out)
        }
        writer.finish(&out)
    }
}
