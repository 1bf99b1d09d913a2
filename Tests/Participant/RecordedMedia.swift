internal import Wire

/// A few seconds of encoded pictures or sound, to be sent over and over by any number of ``PublishedStream``s.
///
/// The first frame is a key frame, so that the recording can begin anew at any time.
public final class RecordedMedia: Sendable {
    /// What one packet carries.
    struct Part: Hashable, Sendable {
        /// Of VP8's descriptor, what belongs to this packet and not to the frame: S, N and the partition.
        var descriptor: UInt8
        /// Without the descriptor.
        var payload: [UInt8]
    }

    /// The packets of each frame.
    let frames: [[Part]]

    /// Bytes of payload of the whole recording.
    public var size: Int { frames.reduce(0) { $0 + $1.reduce(0) { $0 + $1.payload.count } } }
    public var frameCount: Int { frames.count }

    /// Reads RTP packets, each behind its length in two bytes (RFC 4571 §2), as GStreamer's `rtpstreampay`
    /// writes them; `nil` if they are none, or do not begin with a key frame.
    public init?(parsing bytes: [UInt8], codec: SyntheticCodec) {
        var frames: [[Part]] = []
        var newest: UInt32?
        let all = bytes.span.bytes
        var offset = 0
        while let length = all.bigEndian(UInt16.self, at: offset) {
            let end = offset + 2 + Int(length)
            guard end <= all.byteCount else { return nil }
            let packet = all.extracting(offset + 2..<end)
            offset = end
            guard let header = try? RTPHeader(parsing: packet), !header.payload.isEmpty else { return nil }
            let payload = packet.extracting(header.payload)
            var part = Part(descriptor: 0, payload: [])
            var length = 0
            if codec == .vp8 {
                // A partition may be empty.
                guard let descriptor = VP8PayloadDescriptor(payload) else { continue }
                if frames.isEmpty, !descriptor.startsKeyFrame { return nil }
                part.descriptor = (payload.bigEndian(UInt8.self, at: 0) ?? 0) & 0x37
                length = descriptor.length
            }
            part.payload = payload.extracting(length..<payload.byteCount).withUnsafeBytes { [UInt8]($0) }
            if header.timestamp != newest { frames.append([]) }
            newest = header.timestamp
            frames[frames.count - 1].append(part)
        }
        guard !frames.isEmpty else { return nil }
        self.frames = frames
    }
}
