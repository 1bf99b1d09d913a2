internal import WebRTC
internal import Wire

/// How a publisher adapts, as a browser does: an estimator on the room's feedback, and the room's limit.
struct PublisherEstimate {
    /// Of one stream's payload, bits per second.
    let ceiling: Int
    /// What the room allows; `nil`: anything.
    var limit: Int?
    private var history = SentPacketHistory()
    private var estimator: BandwidthEstimator

    init(ceiling: Int, now: Instant) {
        self.ceiling = ceiling
        estimator = BandwidthEstimator(start: 300_000, now: now)
    }

    mutating func handleSent(_ sequence: UInt16, size: Int, now: Instant) {
        history.record(sequence, size: size, now: now)
    }

    mutating func handle(_ feedback: RTCPFeedback, in compound: RawSpan, now: Instant) throws(RTCPParseError)
    {
        try TransportFeedback(feedback, in: compound).forEachPacket(in: compound) { number, arrival in
            guard let result = history.handle(number.rawValue, arrival: arrival) else { return }
            estimator.handle(result, now: now)
        }
        estimator.handleFeedback(roundTrip: .milliseconds(100), wanted: ceiling, now: now)
    }

    /// What to make of the stream, bits per second of payload.
    var bitrate: Int { min(ceiling, min(limit ?? ceiling, estimator.target) * 92 / 100) }
}
