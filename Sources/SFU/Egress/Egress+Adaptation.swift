internal import WebRTC
internal import Wire

/// When one egress's share-out was last looked at, and what was last told of it.
struct EgressAdaptation {
    var allocator = Allocator()
    /// When to look again; `nil` before the first feedback.
    var next: Instant?
    /// When the first feedback came: a moment later it is known what the path carries.
    var began: Instant?
    var told: (bitrate: Int, at: Instant)?
}

extension Egress {
    func handleTransportFeedback(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(RTCPParseError) {
        // A few bytes can speak of 65 535 packets.
        guard arrivalReports.takes(try TransportFeedback(feedback, in: compound).count, now: now) else {
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

    /// Everything that follows from what its path carries, as far as it is due.
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
            news.hasGrants = true
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
                news.events.append(.consumerLimited(consumer.id, isPaused: consumer.isLimited))
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
        news.events.append(.availableBitrateChanged(id, target))
    }

    /// Probes have found by then what the path carries.
    private static let beginning = Interval.seconds(1)
    /// Twenty wake-ups a second, however many viewers there are.
    private static let grid = Interval.milliseconds(50)
    static let adaptationInterval = Interval.milliseconds(200)
    /// Bits per second.
    private static let burst = 2_500_000
}
