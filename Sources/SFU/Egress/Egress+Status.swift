internal import WebRTC
internal import Wire

/// What is known of an egress; nothing here changes it.
extension Egress {
    /// Where packets go; `nil` before the peer has proved where it is.
    var address: SocketAddress? { sender.address }

    /// Whether media can be sent.
    @inline(__always)
    var isSendable: Bool { sender.isSendable }

    /// Whether packets are protected, and the peer's keys are not there yet.
    var isAwaitingKeys: Bool { sender.isAwaitingKeys }

    /// Whether a packet may go out twice under one number.
    var mayRepeat: Bool { sender.mayRepeat }

    /// Whether whoever gets the packets is in this process, and misses none.
    var isReadHere: Bool { sender.reader != nil }

    /// Whether everything that is sent arrives, sooner or later: the path is a TCP connection.
    var isReliable: Bool { congestion.pacer.isGated }

    /// Whether the peer is a browser: everything else has a socket of its own, or is in this process.
    var isPeerBrowser: Bool { outbox == nil && !isReadHere }

    /// What was sent and rejected, and what is known of the path.
    func addStatistics(to statistics: inout TransportStatistics) {
        statistics.packetsSent += sender.statistics.packetsSent
        statistics.bytesSent += sender.statistics.bytesSent
        statistics.packetsRejected += sender.statistics.packetsRejected + limits.rejected
        statistics.availableBitrate = availableBitrate
        statistics.receiverEstimatedBitrate = receiverEstimatedBitrate
    }

    // MARK: The path

    /// Whether video must wait; what waits already goes first.
    func mustHold(now: Instant) -> Bool {
        congestion.pacer.rate != nil && (!held.isEmpty || !congestion.pacer.allows(now: now))
    }

    /// Whether the path is known to need pacing.
    var isPaced: Bool { congestion.pacer.rate != nil }

    /// Whether a packet has not been sent at all yet.
    func isHeld(_ sequence: UInt16, of consumer: Consumer) -> Bool {
        held.contains { $0.consumer === consumer && $0.header.sequenceNumber == sequence }
    }

    var roundTrip: Interval {
        consumers.lazy.compactMap(\.roundTrip).first ?? .milliseconds(100)
    }

    /// What is sent in the mean, bits per second.
    var sendingBitrate: Int {
        consumers.reduce(0) { $0 + ($1.isLimited ? 0 : $1.granted?.bitrate ?? $1.wantedBitrate) }
    }

    /// What there would be use for if the path were wide: enough to know that it needs no pacing, or still needs
    /// none, and for the bursts of a desk that begins to move.
    var wantedBitrate: Int {
        guard consumers.contains(where: \.canProbe) else { return 0 }
        let wanted = consumers.reduce(0) { $0 + $1.wantedBitrate }
        return max(Self.burst, congestion.isWide ? wanted * 5 / 2 : wanted * 9 / 2)
    }

    // MARK: Time

    /// When ``handleTimeout(now:into:)`` is next due, and why.
    func pollDeadline(now: Instant) -> Deadline {
        var next = Deadline()
        guard isSendable else { return next }
        next.consider(reports.due, .senderReport)
        next.consider(pollPacing(now: now), .pacing)
        next.consider(adaptation.next, .adaptation)
        for consumer in consumers {
            next.consider(consumer.pollTimeout(isPathWide: congestion.isWide), .consumer)
        }
        return next
    }

    /// The moment alone.
    func pollTimeout(now: Instant) -> Instant { pollDeadline(now: now).at }

    /// So much later, or a little more: where the path is wide, what is due in turns waits for that of other viewers.
    func later(_ interval: Interval, now: Instant) -> Instant {
        congestion.isWide ? (now + interval).roundedUp(to: Self.grid) : now + interval
    }

    /// When ``releaseHeld(now:into:)`` or ``sendProbes(now:into:)`` is next due.
    func pollPacing(now: Instant) -> Instant {
        min(congestion.pacer.pollTimeout(now: now) ?? .never, congestion.cluster?.pollTimeout() ?? .never)
    }

    /// Twenty wake-ups a second, however many viewers there are.
    private static let grid = Interval.milliseconds(50)
    /// Bits per second.
    private static let burst = 2_500_000
}
