public import Wire

/// The numbers of a VP8 frame in the stream of one consumer (RFC 7741 §4.2).
public struct VP8FrameNumbers: Hashable, Sendable {
    /// 15 bits; a descriptor with a short picture id takes the lowest seven.
    public var pictureID: UInt16
    public var temporalBaseIndex: UInt8
    /// 5 bits.
    public var keyIndex: UInt8

    public init(pictureID: UInt16, temporalBaseIndex: UInt8, keyIndex: UInt8) {
        self.pictureID = pictureID
        self.temporalBaseIndex = temporalBaseIndex
        self.keyIndex = keyIndex
    }

    /// Appends a copy of `payload`, which begins with `descriptor`, with these numbers in it.
    ///
    /// No byte moves: the numbers that the descriptor has are overwritten in their width.
    public func write(_ payload: RawSpan, _ descriptor: VP8PayloadDescriptor, into out: inout OutputRawSpan) {
        let start = out.byteCount
        out.append(copying: payload)
        guard let first = payload.bigEndian(UInt8.self, at: 0), first & 0x80 != 0 else { return }
        var offset = start + 2
        if descriptor.pictureID != nil {
            offset += out.overwrite(pictureID: pictureID, isLong: descriptor.isLongPictureID, at: offset)
        }
        if descriptor.temporalBaseIndex != nil {
            out.overwrite(bigEndian: temporalBaseIndex, at: offset)
            offset += 1
        }
        if descriptor.keyIndex != nil, let layers = payload.bigEndian(UInt8.self, at: offset - start) {
            out.overwrite(bigEndian: layers & 0xe0 | keyIndex & 0x1f, at: offset)
        }
    }
}
