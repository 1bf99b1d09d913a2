internal import WebRTC
internal import Wire

extension Egress {
    func handleTransportFeedback(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(RTCPParseError) {
        // A few bytes can speak of 65 535 packets.
        guard limits.arrivals.takes(try TransportFeedback(feedback, in: compound).count, now: now) else {
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
            results: &scratch.feedback,
            now: now
        )
        if !scratch.feedback.arrived.isEmpty {
            for consumer in consumers { consumer.handleArrivals(scratch.feedback.arrived) }
        }
        // One copy that came makes up for another that did not.
        for result in scratch.feedback.results where !result.isLost {
            consumers.first { $0.owns(result.ssrc) }?.retransmitter.handleDelivered(result.sequence)
        }
        for result in scratch.feedback.results where result.isLost {
            guard let consumer = consumers.first(where: { $0.owns(result.ssrc) }), consumer.kind == .video,
                !consumer.retransmitter.isDelivered(result.sequence)
            else { continue }
            consumer.repair(result.sequence, through: self, now: now, into: &queue)
        }
        statistics.availableBitrate = congestion.target
        adaptation.handleFeedback(now: now)
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
            adaptation.putOff(until: nil)
            return
        }
        adaptation.putOff(until: later(Self.adaptationInterval, now: now))
        guard !congestion.isUnanswered(now: now) else {
            // Of a peer that is sent nothing there will be none.
            congestion.giveUpWaiting(wanted: wantedBitrate, now: now)
            return
        }
        if !isPaced, held.isEmpty, held.room > 0 { held.giveBack() }
        statistics.availableBitrate = target
        let pictures = consumers.count { $0.kind == .video && $0.adaptation.granted != nil }
        adaptation.allocate(
            consumers,
            available: congestion.sustained(canShed: pictures > 1),
            news: news,
            now: now
        )
        if adaptation.isNews(target, now: now) {
            news.events.append(.availableBitrateChanged(id, target))
        }
    }

    /// So much later, or a little more: where the path is wide, what is due in turns waits for that of other viewers.
    func later(_ interval: Interval, now: Instant) -> Instant {
        congestion.isWide ? (now + interval).roundedUp(to: Self.grid) : now + interval
    }

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

    /// Twenty wake-ups a second, however many viewers there are.
    private static let grid = Interval.milliseconds(50)
    static let adaptationInterval = Interval.milliseconds(200)
    /// Bits per second.
    private static let burst = 2_500_000
}
