/// The highest layers that a receiver wants, that the path carries, and that are therefore sent.
///
/// Layers are indices of encodings, or of spatial layers in the only one, and of temporal layers.
package struct LayerTarget: Sendable {
    package private(set) var isPaused: Bool
    private var preferred = MediaLayers.unlimited
    /// `nil`: nothing may be sent.
    private var granted: MediaLayers? = .unlimited
    private var reported: MediaLayers?

    package init(isPaused: Bool) { self.isPaused = isPaused }

    /// Whether anything is to be sent.
    package var isActive: Bool { !isPaused && granted != nil }
    /// Whether the path has no room for it.
    package var isLimited: Bool { granted == nil }
    /// The highest layers to send.
    package var highest: MediaLayers { granted.map { preferred.limited(by: $0) } ?? preferred }
    /// What the receiver wants, whatever the path carries; `nil` while paused.
    package var wanted: MediaLayers? { isPaused ? nil : preferred }

    // MARK: Commands

    package mutating func setPaused(_ isPaused: Bool) { self.isPaused = isPaused }

    /// The highest layers that the receiver wants.
    package mutating func setPreferred(_ layers: MediaLayers) { preferred = layers }

    /// The highest layers that the path carries; `nil`: none at all.
    package mutating func setGranted(_ layers: MediaLayers?) { granted = layers }

    // MARK: What follows

    /// A bit for each of several encodings that the source must go on sending for this receiver: the one it wants, the
    /// one it may have, and the one on show until then.
    package func watchedEncodings(of count: Int, current: Int?) -> UInt8 {
        guard !isPaused else { return 0 }
        var watched: UInt8 = 1 << UInt8(min(preferred.spatial, count - 1))
        watched |= 1 << UInt8(min(granted?.limited(by: preferred).spatial ?? 0, count - 1))
        if let current { watched |= 1 << UInt8(current) }
        return watched
    }

    /// A bit for each spatial layer of the only encoding: all up to that which the receiver wants.
    package func watchedSpatialLayers(of count: Int) -> UInt8 {
        isPaused ? 0 : 1 << UInt8(min(preferred.spatial, count - 1) + 1) - 1
    }

    /// What is sent since the last call, if that has changed: `nil` inside if nothing may be sent.
    ///
    /// - Parameter current: What is sent now; `nil` before the first key frame: until it comes, the picture before it
    ///   stays.
    package mutating func pollChange(to current: MediaLayers?) -> MediaLayers?? {
        let layers = granted == nil ? nil : current
        guard layers != reported, layers != nil || granted == nil else { return nil }
        reported = layers
        return .some(layers)
    }
}
