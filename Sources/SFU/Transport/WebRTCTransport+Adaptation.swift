internal import WebRTC
internal import Wire

/// When one transport's share-out was last looked at, and what was last told of it.
struct TransportAdaptation {
    var allocator = Allocator()
    /// When to look again; `nil` before the first feedback.
    var next: Instant?
    var told: (bitrate: Int, at: Instant)?
    /// When the publisher is next told how much it may send; `nil` before its first packet.
    var nextLimit: Instant?
}

/// What one consumer's stream takes, seen over seconds.
struct ConsumerAdaptation {
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
    func handleTransportFeedback(_ feedback: RTCPFeedback, in compound: RawSpan, now: Instant) throws(RTCPParseError) {
        try TransportFeedback(feedback, in: compound).forEachPacket(in: compound) { number, arrival in
            guard arrival != nil else { return }
            for consumer in consumers { consumer.handleArrival(of: number.rawValue) }
        }
        try congestion.handle(
            feedback,
            in: compound,
            roundTrip: roundTrip,
            sending: sendingBitrate,
            wanted: wantedBitrate,
            now: now
        )
        statistics.availableBitrate = congestion.target
        if adaptation.next == nil { adaptation.next = now }
    }

    /// Everything of this transport that follows from what its path carries, as far as it is due.
    func handleAdaptation(now: Instant, into queue: inout TransmitQueue) {
        releaseHeld(now: now, into: &queue)
        sendProbes(now: now, into: &queue)
        guard let due = adaptation.next, now >= due else { return }
        congestion.handleTimeout(sending: sendingBitrate, wanted: wantedBitrate, now: now)
        // With a peer that is gone there is nothing to decide; its next feedback starts this again.
        guard let target = congestion.target, !congestion.isUnanswered(now: now) else {
            adaptation.next = nil
            return
        }
        adaptation.next = now + Self.adaptationInterval
        statistics.availableBitrate = target
        allocate(target, now: now)
        tell(target, now: now)
    }

    func pollAdaptation(now: Instant) -> Instant { min(pollPacing(now: now), adaptation.next ?? .never) }

    /// What is sent in the mean, bits per second.
    private var sendingBitrate: Int { consumers.reduce(0) { $0 + ($1.isLimited ? 0 : $1.wantedBitrate) } }

    /// What would be sent if the path were wide, with room for the bursts of a desk that begins to move.
    private var wantedBitrate: Int {
        guard consumers.contains(where: \.canProbe) else { return 0 }
        return max(Self.burst, 2 * consumers.reduce(0) { $0 + $1.wantedBitrate })
    }

    /// Tells the publisher how much it may send (draft-alvestrand-rmcat-remb-03): browsers keep to it beside their own estimate.
    func sendLimit(now: Instant, into queue: inout TransmitQueue) {
        guard let due = adaptation.nextLimit, now >= due else { return }
        adaptation.nextLimit = now + Self.limitInterval
        guard let limit = limits.incomingBitrate, let media = producers.lazy.compactMap(\.videoSSRC).first else { return }
        sendRTCP(into: &queue) { out in
            ReportBlock.writeEmptyReceiverReport(from: ssrc, into: &out)
            ReceiverEstimatedMaximumBitrate(bitrate: UInt64(limit)).write(from: ssrc, about: media, into: &out)
        }
    }

    private func allocate(_ target: Int, now: Instant) {
        let demands = consumers.map { $0.demand() }
        for (consumer, grant) in zip(consumers, adaptation.allocator.allocate(demands, available: target, now: now)) {
            let isLimited = consumer.kind == .video && grant.layer == nil && consumer.adaptation.mean != nil
            guard consumer.isLimited != isLimited else { continue }
            consumer.setTarget(spatial: isLimited ? nil : .max, temporal: nil, now: now)
            events.append(.consumerLimited(consumer.id, isPaused: isLimited))
        }
    }

    private func tell(_ target: Int, now: Instant) {
        if let told = adaptation.told {
            guard now - told.at >= .seconds(1), abs(target - told.bitrate) * 20 >= told.bitrate else { return }
        }
        adaptation.told = (target, now)
        events.append(.availableBitrateChanged(id, target))
    }

    /// An estimate that is not repeated is forgotten by some.
    private static let limitInterval = Interval.seconds(2)
    static let adaptationInterval = Interval.milliseconds(200)
    /// Bits per second.
    private static let burst = 2_500_000
}

extension Consumer {
    /// What the allocator is asked for.
    func demand() -> Allocator.Demand {
        if !isPaused { adaptation.handle(wantedBitrate) }
        let need = isPaused ? nil : adaptation.mean.map { Int($0) }
        return Allocator.Demand(
            id,
            kind: kind,
            priority: priority,
            layers: need.map { [Allocator.Layer(spatial: 0, bitrate: $0)] } ?? []
        )
    }
}

extension Producer {
    /// Of the first encoding of a video that has come; `nil` for sound.
    fileprivate var videoSSRC: UInt32? { kind == .video ? streams.lazy.compactMap(\.ssrc).first : nil }
}
