public import Wire

/// What a receiver knows of one source: loss, jitter, and the report block that says so (RFC 3550 §6.4.1,
/// §A.1, §A.3, §A.8).
public struct ReceiveStatistics: Sendable {
    /// What a packet's number means for the stream.
    public enum Arrival: Hashable, Sendable {
        /// New, and in order or ahead of what was expected.
        case inOrder
        /// A duplicate or an overtaken packet.
        case late
        /// Far from everything before, in number or in time: not believed until the next packet confirms it.
        case unconfirmed
        /// The source was restarted: numbering began anew with this packet.
        case restarted
    }

    public private(set) var packets = 0
    public private(set) var bytes = 0

    private let clockRate: Int
    private var first: Int?
    /// With the cycles of the number in the upper bits.
    private var highest = 0
    private var badNext: UInt16?
    private var jitter = 0.0
    private var lastTransit: Int32?
    private var expectedPrior = 0
    private var receivedPrior = 0
    private var receivedSinceStart = 0
    private var lastReport: (middle: UInt32, at: Instant)?

    /// - Parameter clockRate: Of the media, in Hz.
    public init(clockRate: Int) {
        self.clockRate = max(1, clockRate)
    }

    /// Counts a packet of `size` bytes.
    public mutating func handle(_ header: RTPHeader, size: Int, now: Instant) -> Arrival {
        let transit = transit(header.timestamp, now: now)
        let arrival = place(header.sequenceNumber, drift: lastTransit.map { transit &- $0 } ?? 0)
        guard arrival != .unconfirmed else { return arrival }
        packets += 1
        bytes += size
        receivedSinceStart += 1
        if arrival != .late { updateJitter(transit) }
        return arrival
    }

    /// Takes note of a sender report, for the delay that the next report block names.
    public mutating func handle(_ report: SenderReport, now: Instant) {
        lastReport = (report.ntpTime.middle, now)
    }

    /// Packets expected and not received so far; duplicates may make it negative.
    public var lost: Int { expected - receivedSinceStart }

    /// Interarrival jitter, in seconds.
    public var jitterSeconds: Double { jitter / Double(clockRate) }

    /// The block about `ssrc` for the next report; ends the interval that its fraction speaks of.
    public mutating func makeReportBlock(_ ssrc: UInt32, now: Instant) -> ReportBlock? {
        guard first != nil else { return nil }
        let expectedInterval = expected - expectedPrior
        let lostInterval = expectedInterval - (receivedSinceStart - receivedPrior)
        expectedPrior = expected
        receivedPrior = receivedSinceStart
        // The field ends at 65 536 s; the bound keeps the product within 64 bits.
        let sinceReport = lastReport.map { min(now - $0.at, .seconds(65_536)) } ?? .zero
        return ReportBlock(
            ssrc: ssrc,
            fractionLost: expectedInterval > 0 && lostInterval > 0
                ? UInt8(clamping: lostInterval * 256 / expectedInterval) : 0,
            cumulativeLost: Int32(clamping: lost),
            highestSequence: UInt32(truncatingIfNeeded: highest),
            jitter: UInt32(jitter),
            lastSenderReport: lastReport?.middle ?? 0,
            delaySinceLastSenderReport: UInt32(clamping: sinceReport.nanoseconds * 65_536 / 1_000_000_000)
        )
    }

    private var expected: Int { first.map { highest - $0 + 1 } ?? 0 }

    /// RFC 3550 §A.1, `update_seq`; and a restart whose random number happens to lie close to the old ones is
    /// told by its timestamp, which has moved by `drift` ticks against our clock since the last packet.
    private mutating func place(_ sequence: UInt16, drift: Int32) -> Arrival {
        guard first != nil else {
            restart(at: sequence)
            return .inOrder
        }
        let distance = SequenceNumber(UInt16(truncatingIfNeeded: highest)).distance(
            to: SequenceNumber(sequence)
        )
        let isContinuous = Int(drift.magnitude) < Self.maximumDrift * clockRate
        switch distance {
        case 1..<Self.maximumDropout where isContinuous:
            highest += distance
            badNext = nil
            return .inOrder
        case (1 - Self.maximumMisorder)...0 where isContinuous:
            return .late
        default:
            guard badNext == sequence else {
                badNext = sequence &+ 1
                return .unconfirmed
            }
            restart(at: sequence)
            return .restarted
        }
    }

    private mutating func restart(at sequence: UInt16) {
        first = Int(sequence)
        highest = Int(sequence)
        badNext = nil
        lastTransit = nil
        expectedPrior = 0
        receivedPrior = 0
        receivedSinceStart = 0
    }

    /// Arrival time minus timestamp, in ticks, modulo 2^32.
    private func transit(_ timestamp: UInt32, now: Instant) -> Int32 {
        let arrival = Interval(nanoseconds: now.nanoseconds).ticks(at: clockRate)
        return Int32(bitPattern: UInt32(truncatingIfNeeded: arrival) &- timestamp)
    }

    /// RFC 3550 §A.8.
    private mutating func updateJitter(_ transit: Int32) {
        if let lastTransit {
            jitter += (Double((transit &- lastTransit).magnitude) - jitter) / 16
        }
        lastTransit = transit
    }

    private static let maximumDropout = 3_000
    /// More than the 100 of RFC 3550: a retransmission comes a round trip late, behind a burst of other
    /// packets.
    private static let maximumMisorder = 1_500
    /// Seconds.
    private static let maximumDrift = 10
}
