package import Wire

/// Which encoding and layers are wanted, granted and sent.
extension Consumer {
    /// The highest layers that the receiver wants.
    func setPreferred(_ layers: MediaLayers, now: Instant) {
        preferred = layers
        retarget(now: now)
    }

    /// The highest layers that the path carries; `nil`: none at all, until it is set again.
    package func setTarget(spatial: Int?, temporal: Int?, now: Instant) {
        let wasActive = isActive
        granted = spatial.map { MediaLayers(spatial: max(0, $0), temporal: max(0, temporal ?? .max)) }
        retarget(now: now)
        guard wasActive != isActive else { return }
        suspend(now: now)
        if isActive { requestKeyFrameIfNeeded(now: now) }
    }

    /// Whether the path has no room for it.
    var isLimited: Bool { granted == nil }

    private func retarget(now: Instant) {
        filter.setTarget(
            spatial: producer.streams.count > 1 ? .max : target.spatial,
            temporal: target.temporal
        )
        if producer.streams.count > 1, isActive { choose(now: now) }
    }

    var target: MediaLayers { granted.map { preferred.limited(by: $0) } ?? preferred }
    var isActive: Bool { !isPaused && granted != nil }

    /// What the receiver wants, whatever the path carries.
    ///
    /// `nil` while paused. For the share of it that layers take, see ``Producer/bitrate(of:)``.
    var wantedLayers: MediaLayers? { isPaused ? nil : preferred }

    /// A bit for each encoding that the source must go on sending for this consumer: the one it wants, the
    /// one it may have, and the one on show until then.
    ///
    /// Of spatial layers in one encoding: all up to that which it wants.
    var watchedLayers: UInt8 {
        guard !isPaused else { return 0 }
        if producer.hasSpatialLayers {
            return 1 << UInt8(min(preferred.spatial, producer.layers - 1) + 1) - 1
        }
        if let only = selection.only { return 1 << UInt8(only) }
        let highest = producer.streams.count - 1
        var watched: UInt8 = 1 << UInt8(min(preferred.spatial, highest))
        watched |= 1 << UInt8(min(granted?.limited(by: preferred).spatial ?? 0, highest))
        if let current = selection.current { watched |= 1 << UInt8(current) }
        return watched
    }

    /// What is sent now; `nil` if nothing may be sent, or before the first key frame.
    var currentLayers: MediaLayers? {
        guard granted != nil, let current = selection.current else { return nil }
        return MediaLayers(
            spatial: producer.streams.count > 1 ? current : filter.spatialLayer ?? 0,
            temporal: min(filter.temporalLayer ?? 0, producer.streams[current].bitrates.highestTemporal)
        )
    }

    /// What is sent since the last call, if that has changed: `nil` inside if nothing may be sent.
    func pollLayersChange() -> MediaLayers?? {
        guard producer.kind == .video, selection.only == nil else { return nil }
        let layers = currentLayers
        // Until a key frame comes, the picture before it stays.
        guard layers != reported, layers != nil || granted == nil else { return nil }
        reported = layers
        return .some(layers)
    }

    /// What would be sent if the path were wide, bits per second.
    var wantedBitrate: Int { wantedLayers.map { producer.bitrate(of: $0) } ?? 0 }
}
