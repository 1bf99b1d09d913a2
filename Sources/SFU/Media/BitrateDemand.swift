internal import WebRTC
package import Wire

/// What one consumer asks the allocator for, by what its stream takes, seen over seconds; and what it was granted.
package struct BitrateDemand {
    /// `nil`: not decided yet, or nothing.
    package private(set) var granted: Allocator.Layer?
    /// Bits per second; `nil` before the stream was measured.
    private var mean: Double?

    package init() {}

    package mutating func grant(_ layer: Allocator.Layer?) { granted = layer }

    /// What there is to choose from, the least first; call about ``Egress/adaptationInterval`` apart.
    ///
    /// - Parameters:
    ///   - wanted: The highest layers of use; `nil`: nothing is.
    ///   - isPathKnown: Whether probes have had their time.
    package mutating func layers(
        of producer: Producer,
        upTo wanted: MediaLayers?,
        isPathKnown: Bool,
        now: Instant
    ) -> [Allocator.Layer] {
        guard let wanted else { return [] }
        guard !producer.isOnDemand else {
            return producer.layersOnDemand(
                upTo: wanted,
                shown: granted?.spatial,
                isPathKnown: isPathKnown,
                now: now
            )
        }
        var layers = producer.layers(upTo: wanted)
        guard layers.count == 1 else { return layers }
        // It cannot be made smaller: what it takes in the mean counts.
        note(layers[0].bitrate)
        if let mean { layers[0].bitrate = Int(mean) }
        return layers
    }

    private mutating func note(_ bitrate: Int) {
        guard let mean else {
            if bitrate > 0 { self.mean = Double(bitrate) }
            return
        }
        // A burst is no need yet; a source that has been told to send less is believed at once.
        self.mean = mean + (Double(bitrate) - mean) * (Double(bitrate) > mean ? 0.1 : 0.5)
    }
}

extension Producer {
    /// The full picture and those that are made if somebody needs them.
    ///
    /// - Parameter shown: The encoding that the receiver has now.
    fileprivate func layersOnDemand(
        upTo wanted: MediaLayers,
        shown: Int?,
        isPathKnown: Bool,
        now: Instant
    ) -> [Allocator.Layer] {
        let last = streams.count - 1
        measureUsages(now: now)
        // Who has just come sees what everybody sees until it is known that the path is too narrow.
        let full = isPathKnown ? usages[last].ofFull(isShown: shown ?? last == last) : Int(usages[last].least)
        return (0...min(wanted.spatial, last)).map { index in
            let bitrate =
                index == last
                ? full : usages[index].ofSmall(beside: full, isRunning: isSending(index, now: now))
            return Allocator.Layer(spatial: index, bitrate: bitrate)
        }
    }

    fileprivate func layers(upTo wanted: MediaLayers) -> [Allocator.Layer] {
        var layers: [Allocator.Layer] = []
        // The index of the highest encoding, or of the highest spatial layer in the only one.
        let highestSpatial = streams.count > 1 ? streams.count - 1 : streams[0].bitrates.highestSpatial
        for spatial in 0...min(wanted.spatial, highestSpatial) {
            let stream = streams[min(spatial, streams.count - 1)]
            let highest = min(wanted.temporal, stream.bitrates.highestTemporal)
            // The lowest is thinned out before it is given up; a sharper picture that stutters is no better
            // than a smooth one.
            for temporal in (spatial == 0 ? 0 : highest)...highest {
                let bitrate = bitrate(of: MediaLayers(spatial: spatial, temporal: temporal))
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
        return layers
    }
}
