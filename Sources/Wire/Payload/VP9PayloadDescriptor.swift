/// The descriptor before a VP9 payload (RFC 9628 §4.2).
///
/// ```
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |I|P|L|F|B|E|V|Z|
/// +-+-+-+-+-+-+-+-+
/// |M| PictureID   |   if I; a second byte if M
/// | TID |U| SID |D|   if L
/// |   TL0PICIDX   |   if L and not F
/// |   P_DIFF    |N|   if P and F; up to three, another one follows if N
/// |      SS …     |   if V
/// ```
///
/// A *picture* is what is shown at one time; it has one *frame* for each spatial layer.
public struct VP9PayloadDescriptor: Hashable, Sendable {
    /// Counts the pictures: 7 or 15 bits.
    public var pictureID: UInt16?
    /// Whether ``pictureID`` has 15 bits.
    public var isLongPictureID: Bool
    /// Counts the pictures of the temporal base layer.
    ///
    /// Only outside the flexible mode.
    public var temporalBaseIndex: UInt8?
    /// 0…7; `nil` if the stream has no layers.
    public var temporalLayer: UInt8?
    /// 0…7; `nil` if the stream has no layers.
    public var spatialLayer: UInt8?
    /// Whether later pictures of higher temporal layers depend on none of theirs from before this picture
    /// (U).
    public var isSwitchingUpPoint: Bool
    /// Whether this frame depends on the next lower spatial layer of the same picture (D).
    public var isInterLayerPredicted: Bool
    /// Whether this frame depends on earlier pictures (P).
    public var isInterPicturePredicted: Bool
    /// Whether no frame of a higher spatial layer depends on this one (Z): a receiver of higher layers can do
    /// without.
    public var isUnusedByUpperLayers: Bool
    /// Whether ``references`` names the pictures that this frame depends on (F).
    public var isFlexible: Bool
    public var references: VP9References
    /// Whether a frame of one spatial layer begins in this packet (B).
    public var startsFrame: Bool
    /// Whether a frame of one spatial layer ends in this packet (E).
    public var endsFrame: Bool
    public var scalabilityStructure: VP9ScalabilityStructure?
    /// Bytes before the VP9 payload.
    public var length: Int

    /// `nil` if `payload` ends before the first byte after its descriptor, or if the descriptor breaks a
    /// rule: flexible mode without a picture id, or more than three references.
    public init?(_ payload: RawSpan) {
        guard let first = payload.bigEndian(UInt8.self, at: 0) else { return nil }
        isInterPicturePredicted = first & 0x40 != 0
        isFlexible = first & 0x10 != 0
        startsFrame = first & 0x08 != 0
        endsFrame = first & 0x04 != 0
        isUnusedByUpperLayers = first & 0x01 != 0
        isLongPictureID = false
        isSwitchingUpPoint = false
        isInterLayerPredicted = false
        references = VP9References()
        var offset = 1
        if first & 0x80 != 0 {
            guard let short = payload.bigEndian(UInt8.self, at: offset) else { return nil }
            pictureID = UInt16(short)
            if short & 0x80 != 0 {
                guard let long = payload.bigEndian(UInt16.self, at: offset) else { return nil }
                pictureID = long & 0x7fff
                isLongPictureID = true
            }
            offset += isLongPictureID ? 2 : 1
        } else if isFlexible {
            return nil
        }
        if first & 0x20 != 0 {
            guard let layers = payload.bigEndian(UInt8.self, at: offset) else { return nil }
            temporalLayer = layers >> 5
            isSwitchingUpPoint = layers & 0x10 != 0
            spatialLayer = layers >> 1 & 7
            isInterLayerPredicted = layers & 1 != 0
            offset += 1
            if !isFlexible {
                guard let index = payload.bigEndian(UInt8.self, at: offset) else { return nil }
                temporalBaseIndex = index
                offset += 1
            }
        }
        if isFlexible, isInterPicturePredicted {
            var more = true
            while more {
                guard let reference = payload.bigEndian(UInt8.self, at: offset),
                    references.append(reference >> 1)
                else { return nil }
                more = reference & 1 != 0
                offset += 1
            }
        }
        if first & 0x02 != 0 {
            guard let structure = VP9ScalabilityStructure(payload, at: offset) else { return nil }
            scalabilityStructure = structure
            offset = structure.end
        }
        guard payload.byteCount > offset else { return nil }
        length = offset
    }

    /// Whether a key picture begins in this packet: its lowest frame depends on nothing.
    public var startsKeyFrame: Bool { startsFrame && isInKeyPictureBase }

    /// Whether this packet belongs to the lowest frame of a key picture.
    public var isInKeyPictureBase: Bool { !isInterPicturePredicted && spatialLayer ?? 0 == 0 }
}

/// The pictures that a frame of the flexible mode depends on: how far back each one lies, 0…127 pictures.
public struct VP9References: Hashable, Sendable, RandomAccessCollection {
    // At most three, one a byte: a value without an allocation.
    private var packed: UInt32 = 0
    public private(set) var endIndex = 0
    public var startIndex: Int { 0 }

    public subscript(index: Int) -> UInt8 {
        precondition(indices.contains(index), "an index comes from `indices`")
        return UInt8(truncatingIfNeeded: packed >> UInt32(8 * index))
    }

    /// False if there are three already.
    fileprivate mutating func append(_ difference: UInt8) -> Bool {
        guard endIndex < 3 else { return false }
        packed |= UInt32(difference) << UInt32(8 * endIndex)
        endIndex += 1
        return true
    }
}
