internal import Wire

/// A short burst sent faster than the target rate, to see whether the link takes it.
public struct Probe: Hashable, Sendable {
    /// Marks the probe's packets in ``SentPacketHistory/record(_:size:probe:now:)``.
    public var id: Int
    /// Bits per second.
    public var rate: Int
    /// Bytes to send at that rate.
    public var bytes: Int

    public init(id: Int, rate: Int, bytes: Int) {
        self.id = id
        self.rate = rate
        self.bytes = bytes
    }
}

/// Decides when to probe, and reads a probe's outcome.
///
/// At the start it tries three and six times the first estimate, and doubles for as long as that succeeds, so
/// a good link is known after a few round trips. Later it probes while the application sends less than it
/// may, and after a fall, to find back.
struct ProbeController: Sendable {
    private var pending: [Probe] = []
    private var outcomes: [Int: Outcome] = [:]
    private var nextID = 0
    private var lastProbe: Instant?
    private var largest = 0
    private let maximum: Int
    /// What the sender has use for, bits per second: nothing beyond is probed.
    private var ceiling: Int

    private struct Outcome {
        var probe: Probe
        var bytes = 0
        var count = 0
        var firstSize = 0
        var firstArrival = Interval.zero
        var lastArrival = Interval.zero
        var firstSent = Instant(nanoseconds: 0)
        var lastSent = Instant(nanoseconds: 0)
        var lastSize = 0
    }

    init(maximum: Int) {
        self.maximum = maximum
        ceiling = maximum
    }

    mutating func start(rate: Int, now: Instant) {
        probe(at: 3 * rate, now: now)
        probe(at: 6 * rate, now: now)
    }

    /// Called with each feedback: `target` is the present estimate.
    ///
    /// - Parameter isClear: The path has taken everything for long, without a queue: there may be much more
    ///   room.
    mutating func handleFeedback(
        target: Int,
        isApplicationLimited: Bool,
        isClear: Bool,
        wanted: Int,
        now: Instant
    ) {
        ceiling = min(maximum, wanted)
        guard pending.isEmpty, isApplicationLimited || isClear, wanted > target, let lastProbe,
            now - lastProbe >= Self.interval
        else { return }
        // Beside others a short burst finds room that is theirs: less is asked for where there is no need to
        // catch up.
        probe(at: min(isApplicationLimited ? 2 * target : target + target / 2, wanted + wanted / 2), now: now)
        if !isApplicationLimited { ceiling = 0 }
    }

    /// Returns a rate that has been shown to fit, in bits per second.
    mutating func handle(_ result: PacketResult, now: Instant) -> Int? {
        guard let id = result.probe, let arrival = result.arrival, var outcome = outcomes[id] else {
            return nil
        }
        if outcome.count == 0 {
            outcome.firstArrival = arrival
            outcome.firstSent = result.sent
            outcome.firstSize = result.size
        }
        outcome.count += 1
        outcome.bytes += result.size
        outcome.lastArrival = max(outcome.lastArrival, arrival)
        outcome.lastSent = max(outcome.lastSent, result.sent)
        outcome.lastSize = result.size
        outcomes[id] = outcome
        guard outcome.count >= Self.minimumCount, outcome.bytes >= outcome.probe.bytes * 4 / 5 else {
            return nil
        }
        outcomes[id] = nil
        return evaluate(outcome, now: now)
    }

    /// The next probe to send, or `nil`.
    mutating func pollProbe() -> Probe? {
        pending.isEmpty ? nil : pending.removeFirst()
    }

    private mutating func evaluate(_ outcome: Outcome, now: Instant) -> Int? {
        let sent = Double((outcome.lastSent - outcome.firstSent).nanoseconds) / 1e9
        let arrived = Double((outcome.lastArrival - outcome.firstArrival).nanoseconds) / 1e9
        guard sent > 0, arrived > 0, sent < 1, arrived < 1 else { return nil }
        let sentRate = Double((outcome.bytes - outcome.lastSize) * 8) / sent
        let arrivedRate = Double((outcome.bytes - outcome.firstSize) * 8) / arrived
        // Packets that arrive much faster than they were sent were held up together somewhere: it tells nothing.
        guard arrivedRate <= 2 * sentRate else { return nil }
        let fits = Int(min(sentRate, arrivedRate))
        let isLimited = arrivedRate < 0.9 * sentRate
        let result = isLimited ? Int(0.95 * arrivedRate) : fits
        if !isLimited, result > Int(0.7 * Double(largest)), result < ceiling {
            probe(at: 2 * result, now: now)
        }
        return result
    }

    private mutating func probe(at rate: Int, now: Instant) {
        let rate = min(rate, maximum)
        guard rate > 0, outcomes.count < Self.maximumOutstanding else {
            outcomes.removeAll()
            return
        }
        nextID += 1
        largest = rate
        lastProbe = now
        let bytes = max(rate / 8 * 15 / 1_000, Self.minimumCount * 1_200)
        let probe = Probe(id: nextID, rate: rate, bytes: bytes)
        pending.append(probe)
        outcomes[nextID] = Outcome(probe: probe)
    }

    private static let minimumCount = 5
    private static let maximumOutstanding = 8
    private static let interval = Interval.seconds(3)
}
