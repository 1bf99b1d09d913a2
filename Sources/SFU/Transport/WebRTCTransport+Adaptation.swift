internal import WebRTC
internal import Wire

/// When one transport's share-out was last looked at, and what was last told of it.
struct TransportAdaptation {
    var allocator = Allocator()
    /// When to look again; `nil` before the first feedback.
    var next: Instant?
    /// When the first feedback came: a moment later it is known what the path carries.
    var began: Instant?
    var told: (bitrate: Int, at: Instant)?
    /// When the publisher is next told how much it may send; `nil` before its first packet.
    var nextLimit: Instant?
}

/// What one consumer's stream takes, seen over seconds, and what it was granted.
struct ConsumerAdaptation {
    /// `nil`: not decided yet, or nothing.
    var granted: Allocator.Layer?
    /// Bits per second; `nil` before the stream was measured.
    private(set) var mean: Double?

    /// Takes a sample in; call about ``WebRTCTransport/adaptationInterval`` apart.
    mutating func handle(_ bitrate: Int) {
        guard let mean else {
            if bitrate > 0 { self.mean = Double(bitrate) }
            return
        }
        // A burst is no need yet; a source that has been told to send less is believed at once.
        self.mean = mean + (Double(bitrate) - mean) * (Double(bitrate) > mean ? 0.1 : 0.5)
    }
}

extension WebRTCTransport {
    func handleTransportFeedback(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(RTCPParseError) {
        // A few bytes can speak of 65 535 packets.
        guard reports.takes(try TransportFeedback(feedback, in: compound).count, now: now) else {
            statistics.packetsRejected += 1
            return
        }
        scratch.feedback.removeAll()
        for consumer in consumers {
            if let ssrc = consumer.format.rtxSSRC { scratch.feedback.repetitions.append(ssrc) }
            if let number = consumer.expectedArrival { scratch.feedback.expected.append(number) }
        }
        try congestion.handle(
            feedback,
            in: compound,
            roundTrip: roundTrip,
            sending: sendingBitrate,
            wanted: wantedBitrate,
            fates: &scratch.feedback,
            now: now
        )
        if !scratch.feedback.arrived.isEmpty {
            for consumer in consumers { consumer.handleArrivals(scratch.feedback.arrived) }
        }
        // One copy that came makes up for another that did not.
        for fate in scratch.feedback.fates where !fate.isLost {
            consumers.first { $0.owns(fate.ssrc) }?.retransmitted.handleDelivered(fate.sequence)
        }
        for fate in scratch.feedback.fates where fate.isLost {
            guard let consumer = consumers.first(where: { $0.owns(fate.ssrc) }), consumer.kind == .video,
                !consumer.retransmitted.isDelivered(fate.sequence)
            else { continue }
            consumer.repair(fate.sequence, through: self, now: now, into: &queue)
        }
        statistics.availableBitrate = congestion.target
        if adaptation.next == nil { adaptation.next = now }
        if adaptation.began == nil { adaptation.began = now }
    }

    /// Everything of this transport that follows from what its path carries, as far as it is due.
    func handleAdaptation(now: Instant, into queue: inout TransmitQueue) {
        releaseHeld(now: now, into: &queue)
        sendProbes(now: now, into: &queue)
        guard let due = adaptation.next, now >= due else { return }
        congestion.handleTimeout(sending: sendingBitrate, wanted: wantedBitrate, now: now)
        guard let target = congestion.target,
            !congestion.isUnanswered(now: now) || consumers.contains(where: \.isLimited)
        else {
            // With a peer that is gone there is nothing to decide; its next feedback starts this again.
            adaptation.next = nil
            return
        }
        adaptation.next = later(Self.adaptationInterval, now: now)
        guard !congestion.isUnanswered(now: now) else {
            // Of a peer that is sent nothing there will be none.
            congestion.giveUpWaiting(wanted: wantedBitrate, now: now)
            return
        }
        if !isPaced, held.isEmpty, held.room > 0 { held.giveBack() }
        statistics.availableBitrate = target
        let pictures = consumers.count { $0.kind == .video && $0.adaptation.granted != nil }
        allocate(congestion.sustained(canShed: pictures > 1), now: now)
        tell(target, now: now)
    }

    /// So much later, or a little more: where the path is wide, what is due in turns waits for that of other viewers.
    func later(_ interval: Interval, now: Instant) -> Instant {
        congestion.isWide ? (now + interval).roundedUp(to: Self.grid) : now + interval
    }

    func pollAdaptation(now: Instant) -> Instant { min(pollPacing(now: now), adaptation.next ?? .never) }

    /// What is sent in the mean, bits per second.
    private var sendingBitrate: Int {
        consumers.reduce(0) { $0 + ($1.isLimited ? 0 : $1.adaptation.granted?.bitrate ?? $1.wantedBitrate) }
    }

    /// What there would be use for if the path were wide: enough to know that it needs no pacing, or still needs
    /// none, and for the bursts of a desk that begins to move.
    private var wantedBitrate: Int {
        guard consumers.contains(where: \.canProbe) else { return 0 }
        let wanted = consumers.reduce(0) { $0 + $1.wantedBitrate }
        return max(Self.burst, congestion.isWide ? wanted * 5 / 2 : wanted * 9 / 2)
    }

    /// Tells the publisher how much it may send (draft-alvestrand-rmcat-remb-03): browsers keep to it beside
    /// their own estimate.
    func sendLimit(now: Instant, into queue: inout TransmitQueue) {
        guard let due = adaptation.nextLimit, now >= due else { return }
        adaptation.nextLimit = now + Self.limitInterval
        guard let limit = limits.incomingBitrate, let media = producers.lazy.compactMap(\.videoSSRC).first
        else { return }
        sendRTCP(into: &queue) { out in
            ReportBlock.writeEmptyReceiverReport(from: ssrc, into: &out)
            ReceiverEstimatedMaximumBitrate(bitrate: UInt64(limit)).write(
                from: ssrc,
                about: media,
                into: &out
            )
        }
    }

    private func allocate(_ target: Int, now: Instant) {
        let isKnown = adaptation.began.map { now - $0 >= Self.beginning } ?? false
        let demands = consumers.map { $0.demand(isPathKnown: isKnown, now: now) }
        for (index, grant) in adaptation.allocator.allocate(demands, available: target, now: now).enumerated()
        {
            let consumer = consumers[index]
            guard consumer.kind == .video, !demands[index].layers.isEmpty,
                grant.layer != consumer.adaptation.granted
            else { continue }
            consumer.adaptation.granted = grant.layer
            hasGrants = true
            let wasLimited = consumer.isLimited
            if let layer = grant.layer {
                // The highest that is known now is no bound: there may be a higher one soon.
                let isHighest = layer == demands[index].layers.last
                consumer.setTarget(
                    spatial: isHighest ? .max : layer.spatial,
                    temporal: isHighest ? nil : layer.temporal,
                    now: now
                )
            } else {
                consumer.setTarget(spatial: nil, temporal: nil, now: now)
            }
            if consumer.isLimited != wasLimited {
                events.append(.consumerLimited(consumer.id, isPaused: consumer.isLimited))
            }
        }
    }

    private func tell(_ target: Int, now: Instant) {
        if let told = adaptation.told {
            guard now - told.at >= .seconds(1), abs(target - told.bitrate) * 20 >= told.bitrate else {
                return
            }
        }
        adaptation.told = (target, now)
        events.append(.availableBitrateChanged(id, target))
    }

    /// An estimate that is not repeated is forgotten by some.
    private static let limitInterval = Interval.seconds(2)
    /// Probes have found by then what the path carries.
    private static let beginning = Interval.seconds(1)
    /// Twenty wake-ups a second, however many viewers there are.
    private static let grid = Interval.milliseconds(50)
    static let adaptationInterval = Interval.milliseconds(200)
    /// Bits per second.
    private static let burst = 2_500_000
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
    /// Of the first encoding of a video that has come; `nil` for sound.
    fileprivate var videoSSRC: UInt32? { kind == .video ? streams.lazy.compactMap(\.ssrc).first : nil }

    /// The index of the highest encoding, or of the highest spatial layer in the only one.
    fileprivate var highestSpatialLayer: Int {
        streams.count > 1 ? streams.count - 1 : streams[0].bitrates.highestSpatial
    }

    fileprivate func highestTemporalLayer(of spatial: Int) -> Int {
        streams[min(spatial, streams.count - 1)].bitrates.highestTemporal
    }
}
