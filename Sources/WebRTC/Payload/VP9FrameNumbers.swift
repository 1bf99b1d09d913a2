public import Wire

/// The numbers of a VP9 packet in the stream of one consumer (RFC 9628 §4.2).
public struct VP9FrameNumbers: Hashable, Sendable {
    /// 15 bits; a descriptor with a short picture id takes the lowest seven.
    public var pictureID: UInt16
    public var temporalBaseIndex: UInt8
    /// The marker of the RTP header: whether the packet is the picture's last.
    public var isMarked: Bool

    public init(pictureID: UInt16, temporalBaseIndex: UInt8, isMarked: Bool) {
        self.pictureID = pictureID
        self.temporalBaseIndex = temporalBaseIndex
        self.isMarked = isMarked
    }

    /// Appends a copy of `payload`, which begins with `descriptor`, with these numbers in it.
    ///
    /// No byte moves: the numbers that the descriptor has are overwritten in their width.
    public func write(_ payload: RawSpan, _ descriptor: VP9PayloadDescriptor, into out: inout OutputRawSpan) {
        let start = out.byteCount
        out.append(copying: payload)
        var offset = start + 1
        if descriptor.pictureID != nil {
            offset += out.overwrite(pictureID: pictureID, isLong: descriptor.isLongPictureID, at: offset)
        }
        // After the layers.
        if descriptor.temporalBaseIndex != nil { out.overwrite(bigEndian: temporalBaseIndex, at: offset + 1) }
    }
}
