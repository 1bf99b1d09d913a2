/// A spatial and a temporal layer, or the highest of each that may be sent.
struct MediaLayers: Equatable {
    /// The index of an encoding, lowest first, or of a spatial layer within one.
    var spatial: Int
    var temporal: Int

    static let unlimited = Self(spatial: .max, temporal: .max)

    func limited(by other: Self) -> Self {
        Self(spatial: min(spatial, other.spatial), temporal: min(temporal, other.temporal))
    }
}
