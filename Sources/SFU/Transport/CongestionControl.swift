internal import WebRTC
internal import Wire

/// What is known of how much one transport's path carries, from the peer's transport-wide feedback.
struct CongestionControl {
    /// The transport-wide number of the next packet.
    private(set) var nextSequence: UInt16 = 1
    /// Bits per second; `nil` before the first feedback.
    private(set) var target: Int?

    private var history = SentPacketHistory()
    private var estimator: BandwidthEstimator

    init(now: Instant) {
        estimator = BandwidthEstimator(now: now)
    }

    /// The packet with ``nextSequence``, `size` bytes long, was sent.
    mutating func handleSent(_ size: Int, now: Instant) {
        history.record(nextSequence, size: size, now: now)
        nextSequence &+= 1
    }

    /// - Parameter wanted: What would be sent if the path were wide, bits per second.
    mutating func handle(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        roundTrip: Interval,
        wanted: Int,
        now: Instant
    ) throws(RTCPParseError) {
        try TransportFeedback(feedback, in: compound).forEachPacket(in: compound) { number, arrival in
            guard let result = history.handle(number.rawValue, arrival: arrival) else { return }
            estimator.handle(result, now: now)
        }
        estimator.handleFeedback(roundTrip: roundTrip, wanted: wanted, now: now)
        target = estimator.target
    }
}
