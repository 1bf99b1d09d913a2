/// The descriptor before a VP8 payload (RFC 7741 §4.2).
///
/// ```
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |X|R|N|S|R| PID |
/// +-+-+-+-+-+-+-+-+
/// |I|L|T|K| RSV   |   if X
/// |M| PictureID   |   if I; a second byte if M
/// |   TL0PICIDX   |   if L
/// |TID|Y| KEYIDX  |   if T or K
/// ```
public struct VP8PayloadDescriptor: Hashable, Sendable {
    /// The reference of later frames: 7 or 15 bits.
    public var pictureID: UInt16?
    /// Whether ``pictureID`` has 15 bits.
    public var isLongPictureID: Bool
    /// Counts the frames of the base layer.
    public var temporalBaseIndex: UInt8?
    /// 0…3; 0 is the base layer.
    public var temporalLayer: UInt8?
    /// Counts the key frames: 5 bits.
    public var keyIndex: UInt8?
    /// Whether this frame depends on the base layer alone: a receiver can switch up to its layer here (Y).
    public var isLayerSync: Bool
    /// Whether this packet begins a partition, and which.
    public var startsPartition: Bool
    public var partition: UInt8
    public var isDiscardable: Bool
    /// Whether a key frame begins in this packet.
    public var startsKeyFrame: Bool
    /// Bytes before the VP8 payload.
    public var length: Int

    /// `nil` if `payload` ends before the first byte after its descriptor.
    public init?(_ payload: RawSpan) {
        guard let first = payload.bigEndian(UInt8.self, at: 0) else { return nil }
        isDiscardable = first & 0x20 != 0
        startsPartition = first & 0x10 != 0
        partition = first & 0x07
        isLayerSync = false
        isLongPictureID = false
        var offset = 1
        if first & 0x80 != 0 {
            guard let extensions = payload.bigEndian(UInt8.self, at: offset) else { return nil }
            offset += 1
            if extensions & 0x80 != 0 {
                guard let low = payload.bigEndian(UInt8.self, at: offset) else { return nil }
                if low & 0x80 != 0 {
                    guard let long = payload.bigEndian(UInt16.self, at: offset) else { return nil }
                    pictureID = long & 0x7fff
                    isLongPictureID = true
                    offset += 2
                } else {
                    pictureID = UInt16(low)
                    offset += 1
                }
            }
            if extensions & 0x40 != 0 {
                guard let index = payload.bigEndian(UInt8.self, at: offset) else { return nil }
                temporalBaseIndex = index
                offset += 1
            }
            if extensions & 0x30 != 0 {
                guard let layer = payload.bigEndian(UInt8.self, at: offset) else { return nil }
                if extensions & 0x20 != 0 {
                    temporalLayer = layer >> 6
                    isLayerSync = layer & 0x20 != 0
                }
                if extensions & 0x10 != 0 { keyIndex = layer & 0x1f }
                offset += 1
            }
        }
        length = offset
        // The P bit of the payload header is zero for a key frame (RFC 7741 §4.3).
        guard let header = payload.bigEndian(UInt8.self, at: offset) else { return nil }
        startsKeyFrame = startsPartition && partition == 0 && header & 1 == 0
    }
}
