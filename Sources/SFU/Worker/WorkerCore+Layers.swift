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
        _ = try consumers(named: id)
        consumers.setPaused(id, isPaused, now: now)
        watched.handleChange()
    }

    /// Says which encodings anybody behind a pipe watches; the others are not sent through it.
    package func setWantedEncodings(_ id: ConsumerID, _ encodings: Set<Int>, now: Instant) throws(SFUError) {
        guard consumers.setWanted(encodings, of: id, now: now) else { throw .notFound }
        watched.handleChange()
    }
}
