/// What spatial layers a VP9 stream has, and how its pictures repeat (RFC 9628 §4.2.1).
///
/// ```
/// +-+-+-+-+-+-+-+-+
/// | N_S |Y|G|-|-|-|
/// +-+-+-+-+-+-+-+-+
/// | WIDTH  HEIGHT |   if Y; 2 × 16 bits for each of the N_S + 1 layers
/// |      N_G      |   if G
/// | TID |U| R |-|-|   N_G times, each followed by R bytes P_DIFF
/// ```
///
/// Holds offsets into the payload that it was parsed from, not the bytes.
public struct VP9ScalabilityStructure: Hashable, Sendable {
    /// 1…8.
    public var spatialLayers: Int
    /// Pictures in the group that repeats; `nil` if there is none described.
    public var pictures: Int?
    /// Where the structure ends in the payload.
    public var end: Int
    private var sizes: Int?

    init?(_ payload: RawSpan, at start: Int) {
        guard let first = payload.bigEndian(UInt8.self, at: start) else { return nil }
        spatialLayers = Int(first >> 5) + 1
        var offset = start + 1
        if first & 0x10 != 0 {
            sizes = offset
            offset += 4 * spatialLayers
        }
        if first & 0x08 != 0 {
            guard let count = payload.bigEndian(UInt8.self, at: offset) else { return nil }
            pictures = Int(count)
            offset += 1
            for _ in 0..<count {
                guard let picture = payload.bigEndian(UInt8.self, at: offset) else { return nil }
                offset += 1 + Int(picture >> 2 & 3)
            }
        }
        guard payload.byteCount >= offset else { return nil }
        end = offset
    }

    /// The size of a frame of the spatial layer `layer`, in pixels; `nil` if it is not told.
    public func size(of layer: Int, in payload: RawSpan) -> (width: UInt16, height: UInt16)? {
        guard let sizes, 0..<spatialLayers ~= layer,
            let width = payload.bigEndian(UInt16.self, at: sizes + 4 * layer),
            let height = payload.bigEndian(UInt16.self, at: sizes + 4 * layer + 2)
        else { return nil }
        return (width, height)
    }
}
