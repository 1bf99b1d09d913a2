internal import Wire

/// What a synthetic VP9 packet says of its layers (RFC 9628 §4.2): each packet of a picture is the frame of
/// one spatial layer, and layers depend on one another in key pictures alone.
struct SyntheticPicture {
    private let stamp: SyntheticStamp
    private let layer: SyntheticLayer

    /// Bytes that it takes behind the descriptor's first one.
    static let length = 4

    init(_ stamp: SyntheticStamp, _ layer: SyntheticLayer?) {
        self.stamp = stamp
        self.layer =
            layer ?? SyntheticLayer(pictureID: 0, temporalBaseIndex: 0, temporalLayer: 0, isSync: false)
    }

    /// Whether `payload` begins with a descriptor that says it.
    static func isDescribed(_ payload: RawSpan) -> Bool {
        guard let start = payload.bigEndian(UInt16.self, at: 0) else { return false }
        return start & 0xb080 == 0xa080
    }

    func write(into out: inout OutputRawSpan) {
        let isHighest = stamp.index == stamp.count - 1
        // I, L, B and E; P but in key pictures; Z where nothing above depends on it.
        out.append(0xac | (stamp.isKeyFrame ? 0 : 0x40) | (stamp.isKeyFrame || isHighest ? 0 : 0x01) as UInt8)
        out.append(bigEndian: layer.pictureID | 0x8000)
        let spatial = UInt8(truncatingIfNeeded: stamp.index)
        let dependsOnLower: UInt8 = stamp.isKeyFrame && spatial > 0 ? 1 : 0
        // U: whoever has this picture can go on with higher temporal layers.
        out.append(layer.temporalLayer << 5 | 0x10 | spatial << 1 | dependsOnLower)
        out.append(layer.temporalBaseIndex)
    }
}
