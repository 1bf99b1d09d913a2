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
        try consumer(id).consumer.setPreferred(layers, now: now)
        hasLayerNews = true
    }

    package func setPaused(_ id: ConsumerID, _ isPaused: Bool, now: Instant) throws(SFUError) {
        try consumer(id).consumer.setPaused(isPaused, now: now)
        hasLayerNews = true
    }

    /// Tells, after something has changed and when it is due, which encodings or layers are watched.
    func settleLayers(now: Instant) {
        guard hasLayerNews || now >= nextLayerRemoval else { return }
        hasLayerNews = false
        nextLayerRemoval = .never
        for transport in publishers {
            for producer in transport.producers where producer.layers > 1 {
                settleLayers(of: producer, now: now)
            }
        }
        for transport in plainTransports {
            for producer in transport.producers where producer.streams.count > 1 {
                settleLayers(of: producer, now: now)
            }
        }
    }

    private func settleLayers(of producer: Producer, now: Instant) {
        let before = producer.wanted.told
        let watched = watchedLayers(of: producer) | producer.unaskedEncodings
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

    private func watchedLayers(of producer: Producer) -> UInt8 {
        var watched: UInt8 = 0
        for transport in transports {
            for consumer in transport.consumers where consumer.producer === producer {
                watched |= consumer.watchedLayers
            }
        }
        return watched
    }
}
