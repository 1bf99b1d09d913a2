/// A spatial and a temporal layer, or the highest of each that may be sent.
package struct MediaLayers: Hashable, Sendable {
    /// The index of an encoding, lowest first, or of a spatial layer within one.
    package var spatial: Int
    package var temporal: Int

    package init(spatial: Int, temporal: Int) {
        self.spatial = spatial
        self.temporal = temporal
    }

    package static let unlimited = Self(spatial: .max, temporal: .max)

    package func limited(by other: Self) -> Self {
        Self(spatial: min(spatial, other.spatial), temporal: min(temporal, other.temporal))
    }
}
