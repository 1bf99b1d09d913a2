public import Wire

/// The codec that synthetic packets look like; only as much of it is real as tells where a key frame begins.
public enum SyntheticCodec: Hashable, Sendable {
    case av1
    case h264
    case opus
    case vp8
    case vp9

    public var isVideo: Bool { self != .opus }
    /// Hz.
    public var clockRate: Int { self == .opus ? 48_000 : 90_000 }
}

/// What a synthetic payload says of itself, so that whoever receives it can tell what is missing and how long
/// it travelled.
///
/// ```
/// | codec's first byte | encoding, P bit | frame (4) | index (2) | count (2) | sent (8) | filler …
/// ```
///
/// With temporal layers, the rest of VP8's descriptor is behind the first byte.
public struct SyntheticStamp: Hashable, Sendable {
    /// Counts the frames of the stream.
    public var frame: UInt32
    /// Which packet of the frame this is, and of how many.
    public var index: UInt16
    public var count: UInt16
    public var isKeyFrame: Bool
    /// Which of a simulcast's encodings it is, lowest first: 0…127.
    public var encoding: UInt8
    /// When the frame was made, on its maker's clock.
    public var sent: Instant

    /// Bytes.
    public static let length = 18

    public init(
        frame: UInt32,
        index: UInt16,
        count: UInt16,
        isKeyFrame: Bool,
        encoding: UInt8 = 0,
        sent: Instant
    ) {
        self.frame = frame
        self.index = index
        self.count = count
        self.isKeyFrame = isKeyFrame
        self.encoding = encoding
        self.sent = sent
    }

    /// Reads the stamp of `payload`; `nil` if it is too short.
    public init?(_ payload: RawSpan) {
        let start =
            SyntheticLayer.isDescribed(payload)
            ? SyntheticLayer.length : SyntheticPicture.isDescribed(payload) ? SyntheticPicture.length : 0
        guard let second = payload.bigEndian(UInt8.self, at: start + 1),
            let frame = payload.bigEndian(UInt32.self, at: start + 2),
            let index = payload.bigEndian(UInt16.self, at: start + 6),
            let count = payload.bigEndian(UInt16.self, at: start + 8),
            let sent = payload.bigEndian(UInt64.self, at: start + 10)
        else { return nil }
        self.init(
            frame: frame,
            index: index,
            count: count,
            isKeyFrame: second & 1 == 0,
            encoding: second >> 1,
            sent: Instant(nanoseconds: Int64(bitPattern: sent))
        )
    }

    /// Writes the payload's beginning, as `codec` has it.
    ///
    /// - Parameter layer: What the descriptor of VP8 or VP9 tells of the frame; `nil` writes the shortest
    ///   descriptor of VP8.
    public func write(_ codec: SyntheticCodec, layer: SyntheticLayer? = nil, into out: inout OutputRawSpan) {
        switch codec {
        // The N bit: a new coded video sequence (AV1 RTP specification §4.4).
        case .av1: out.append((isKeyFrame && index == 0 ? 0x18 : 0x10) as UInt8)
        // A NAL unit a packet: a parameter set begins a key frame (RFC 6184 §5.6).
        case .h264: out.append(isKeyFrame ? (index == 0 ? 0x67 : 0x65) : 0x41 as UInt8)
        // The S bit and partition 0 begin a frame (RFC 7741 §4.2).
        case .vp8:
            out.append((index == 0 ? 0x10 : 0x00) | (layer == nil ? 0x00 : 0x80) as UInt8)
            layer?.write(into: &out)
        case .vp9: SyntheticPicture(self, layer).write(into: &out)
        case .opus: out.append(0xfc as UInt8)
        }
        // VP8's P bit; the other codecs do not care.
        out.append(encoding << 1 | (isKeyFrame ? 0 : 1))
        out.append(bigEndian: frame)
        out.append(bigEndian: index)
        out.append(bigEndian: count)
        out.append(bigEndian: UInt64(bitPattern: sent.nanoseconds))
    }
}
