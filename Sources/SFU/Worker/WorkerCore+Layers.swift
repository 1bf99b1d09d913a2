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
        hasLayerNews = true
    }

    package func setPaused(_ id: ConsumerID, _ isPaused: Bool, now: Instant) throws(SFUError) {
        if let pipe = pipes[id] {
            for member in pipe.members { member.setPaused(isPaused, now: now) }
        } else {
            try consumer(id).setPaused(isPaused, now: now)
        }
        hasLayerNews = true
    }

    /// Tells, after something has changed and when it is due, which encodings or layers are watched.
    func settleLayers(now: Instant) {
        guard hasLayerNews || now >= nextLayerRemoval else { return }
        hasLayerNews = false
        nextLayerRemoval = .never
        for transport in table.publishers {
            for producer in transport.producers where producer.hasWantedLayers {
                settleLayers(of: producer, now: now)
            }
        }
    }

    private func settleLayers(of producer: Producer, now: Instant) {
        let before = producer.wanted.told
        let watched = producer.watchedLayers | producer.unaskedEncodings
        if let wanted = producer.wanted.update(watched, now: now) {
            let layers = Set((0..<producer.layers).filter { wanted & 1 << UInt8($0) != 0 })
            if producer.isOnDemand {
                for index in producer.streams.indices where (before ^ wanted) & 1 << UInt8(index) != 0 {
                    producer.streams[index].expectBeginning()
                }
            }
            events.append(.wantedLayersChanged(producer.id, layers))
        }
        if let due = producer.wanted.pollTimeout() { nextLayerRemoval = min(nextLayerRemoval, due) }
    }
}
