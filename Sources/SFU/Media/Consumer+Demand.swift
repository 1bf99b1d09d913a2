internal import WebRTC
internal import Wire

/// What one consumer's stream takes, seen over seconds, and what it was granted.
struct ConsumerAdaptation {
    /// `nil`: not decided yet, or nothing.
    var granted: Allocator.Layer?
    /// Bits per second; `nil` before the stream was measured.
    private(set) var mean: Double?

    /// Takes a sample in; call about ``Egress/adaptationInterval`` apart.
    mutating func handle(_ bitrate: Int) {
        guard let mean else {
            if bitrate > 0 { self.mean = Double(bitrate) }
            return
        }
        // A burst is no need yet; a source that has been told to send less is believed at once.
        self.mean = mean + (Double(bitrate) - mean) * (Double(bitrate) > mean ? 0.1 : 0.5)
    }
}

extension Consumer {
    /// What the allocator is asked for.
    ///
    /// - Parameter isPathKnown: Whether probes have had their time.
    func demand(isPathKnown: Bool, now: Instant) -> Allocator.Demand {
        let layers =
            producer.isOnDemand ? layersOnDemand(isPathKnown: isPathKnown, now: now) : demandedLayers()
        return Allocator.Demand(
            id,
            kind: kind,
            priority: priority,
            layers: layers,
            isMeasured: !producer.isOnDemand || producer.isSending(0, now: now)
        )
    }

    /// The full picture and those that are made if somebody needs them.
    private func layersOnDemand(isPathKnown: Bool, now: Instant) -> [Allocator.Layer] {
        guard let wanted = wantedLayers, let last = producer.streams.indices.last else { return [] }
        for (index, stream) in producer.streams.enumerated() {
            producer.usages[index].handle(bytes: stream.bytes, now: now)
        }
        // Who has just come sees what everybody sees until it is known that the path is too narrow.
        let full =
            isPathKnown
            ? producer.usages[last].ofFull(isShown: adaptation.granted?.spatial ?? last == last)
            : Int(producer.usages[last].least)
        return (0...min(wanted.spatial, last)).map { index in
            let bitrate =
                index == last
                ? full
                : producer.usages[index].ofSmall(
                    beside: full,
                    isRunning: producer.isSending(index, now: now)
                )
            return Allocator.Layer(spatial: index, bitrate: bitrate)
        }
    }

    private func demandedLayers() -> [Allocator.Layer] {
        guard let wanted = wantedLayers else { return [] }
        var layers: [Allocator.Layer] = []
        for spatial in 0...min(wanted.spatial, producer.highestSpatialLayer) {
            let highest = min(wanted.temporal, producer.highestTemporalLayer(of: spatial))
            // The lowest is thinned out before it is given up; a sharper picture that stutters is no better
            // than a smooth one.
            for temporal in (spatial == 0 ? 0 : highest)...highest {
                let bitrate = producer.bitrate(of: MediaLayers(spatial: spatial, temporal: temporal))
                guard bitrate > layers.last?.bitrate ?? 0 else { continue }
                layers.append(
                    Allocator.Layer(
                        spatial: spatial,
                        temporal: temporal == highest ? nil : temporal,
                        bitrate: bitrate
                    )
                )
            }
        }
        guard layers.count == 1 else { return layers }
        // It cannot be made smaller: what it takes in the mean counts.
        adaptation.handle(layers[0].bitrate)
        if let mean = adaptation.mean { layers[0].bitrate = Int(mean) }
        return layers
    }
}

extension Producer {
    /// The index of the highest encoding, or of the highest spatial layer in the only one.
    fileprivate var highestSpatialLayer: Int {
        streams.count > 1 ? streams.count - 1 : streams[0].bitrates.highestSpatial
    }

    fileprivate func highestTemporalLayer(of spatial: Int) -> Int {
        streams[min(spatial, streams.count - 1)].bitrates.highestTemporal
    }
}
