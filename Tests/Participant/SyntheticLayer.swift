internal import Wire

/// What a synthetic VP8 frame says of its temporal layer (RFC 7741 §4.2).
///
/// Of every four frames one is of the base layer, one of the next, and two of the highest; with two layers,
/// every other one.
public struct SyntheticLayer: Hashable, Sendable {
    /// 15 bits.
    public var pictureID: UInt16
    public var temporalBaseIndex: UInt8
    public var temporalLayer: UInt8
    /// Whether the frame depends on the base layer alone.
    public var isSync: Bool

    /// Bytes that it takes behind the descriptor's first one.
    public static let length = 5

    /// The layer of a frame.
    ///
    /// - Parameters:
    ///   - place: The frame's place behind the last key frame.
    ///   - layers: 1…3.
    static func layer(at place: Int, of layers: Int) -> (temporalLayer: UInt8, isSync: Bool) {
        switch (layers, place % 4) {
        case (2, 1), (2, 3): (1, true)
        case (3, 1): (2, true)
        case (3, 2): (1, true)
        case (3, 3): (2, false)
        default: (0, false)
        }
    }

    /// Whether `payload` begins with a descriptor that says it.
    static func isDescribed(_ payload: RawSpan) -> Bool {
        guard let start = payload.bigEndian(UInt16.self, at: 0) else { return false }
        return start & 0x80ff == 0x80e0
    }

    func write(into out: inout OutputRawSpan) {
        // I, L and T.
        out.append(0xe0 as UInt8)
        out.append(bigEndian: pictureID | 0x8000)
        out.append(temporalBaseIndex)
        out.append(temporalLayer << 6 | (isSync ? 0x20 : 0))
    }
}
