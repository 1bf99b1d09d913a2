package import Wire

extension WorkerCore {
    /// The highest layers that a consumer's receiver wants.
    ///
    /// - Parameters:
    ///   - spatial: The index of an encoding or of a spatial layer; what is above the highest stands for it.
    ///   - temporal: Likewise; `nil`: the highest.
    package func setPreferredLayers(
        _ id: ConsumerID,
        spatial: Int,
        temporal: Int?,
        now: Instant
    ) throws(SFUError) {
        guard spatial >= 0, temporal ?? 0 >= 0 else { throw .unsupported("layers count from zero") }
        let layers = MediaLayers(spatial: spatial, temporal: temporal ?? .max)
        try consumer(id).setPreferred(layers, now: now)
        watched.handleChange()
    }

    package func setPaused(_ id: ConsumerID, _ isPaused: Bool, now: Instant) throws(SFUError) {
        for consumer in try consumers(named: id) { consumer.setPaused(isPaused, now: now) }
        watched.handleChange()
    }
}
