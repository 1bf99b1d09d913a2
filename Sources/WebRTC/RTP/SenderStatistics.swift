public import Wire

/// What a sender counts for its reports, and learns from the reports that come back (RFC 3550 §6.4).
public struct SenderStatistics: Sendable {
    public private(set) var packets = 0
    /// Payload bytes.
    public private(set) var octets = 0
    /// Measured from the last report block that answered one of our reports; `nil` before the first.
    public private(set) var roundTrip: Interval?
    /// The share of packets the receiver missed in its last interval, 0…1.
    public private(set) var fractionLost = 0.0
    /// The highest sequence number the receiver says it got, with cycles.
    public private(set) var highestReported: UInt32?

    private let clockRate: Int
    private var last: (timestamp: UInt32, at: Instant)?

    /// - Parameter clockRate: Of the media, in Hz.
    public init(clockRate: Int) {
        self.clockRate = clockRate
    }

    /// Counts a packet with `timestamp` and `size` payload bytes.
    @inlinable
    public mutating func handle(timestamp: UInt32, payload size: Int, now: Instant) {
        count(timestamp, size, now)
    }

    /// A report about this stream; `now` on the wall clock that our own reports carry.
    public mutating func handle(_ block: ReportBlock, wallClock now: NTPTime) {
        fractionLost = Double(block.fractionLost) / 256
        highestReported = block.highestSequence
        guard block.lastSenderReport != 0 else { return }
        let units = Int32(
            bitPattern: now.middle &- block.lastSenderReport &- block.delaySinceLastSenderReport
        )
        // A clock that steps gives nonsense; what is believable is kept.
        guard units >= 0, units < 30 * 65_536 else { return }
        let sample = Interval(nanoseconds: max(1_000_000, Int64(units) * 1_000_000_000 / 65_536))
        roundTrip = roundTrip.map { $0 + (sample - $0) / 4 } ?? sample
    }

    /// The report to send at `now`, or `nil` if nothing was sent yet.
    ///
    /// The RTP timestamp is where the media clock stands at `now`, counted on from the last packet.
    public func makeReport(_ ssrc: UInt32, wallClock: NTPTime, now: Instant) -> SenderReport? {
        guard let last else { return nil }
        let elapsed = (now - last.at).ticks(at: clockRate)
        return SenderReport(
            ssrc: ssrc,
            ntpTime: wallClock,
            rtpTimestamp: last.timestamp &+ UInt32(truncatingIfNeeded: elapsed),
            packetCount: UInt32(truncatingIfNeeded: packets),
            octetCount: UInt32(truncatingIfNeeded: octets)
        )
    }

    @usableFromInline
    mutating func count(_ timestamp: UInt32, _ size: Int, _ now: Instant) {
        packets += 1
        octets += size
        // Packets of one frame share a timestamp: the first of them tells when it was due. An overtaken one
        // tells nothing.
        if let last, Int32(bitPattern: timestamp &- last.timestamp) <= 0 { return }
        last = (timestamp, now)
    }
}
