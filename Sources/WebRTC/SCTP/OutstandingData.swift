package import Wire

/// DATA chunks sent and not yet acknowledged by the cumulative TSN, oldest first (RFC 9260 §6.2.1, §7.2.4).
package struct OutstandingData: Sendable {
    package enum State: Sendable {
        /// Given up (RFC 3758 §3.5); stays until the peer's cumulative TSN passes it.
        case abandoned
        case inFlight
        /// To be sent again.
        case lost
        /// Reported by a gap block; the peer may still take it back.
        case received
    }

    package struct Chunk: Sendable {
        package var message: OutgoingMessage
        package var range: Range<Int>
        package var isEnding: Bool
        package var state = State.inFlight
        package var isRetransmitted: Bool { transmissions > 1 }
        var sent: Instant
        var transmissions = 1
        var misses = 0
        /// Sent again because of misses, which happens once (§7.2.4).
        var isFastRetransmitted = false
    }

    /// What an acknowledgement told.
    package struct Acknowledgement: Sendable {
        package var bytes = 0
        package var hasAdvanced = false
        package var roundTrip: Interval?
        /// A chunk was reported missing for the third time.
        package var hasLoss = false
        /// Messages given up because their chunks are lost.
        package var abandoned: [OutgoingMessage] = []
    }

    /// The TSN of the oldest chunk: one more than the peer's cumulative TSN.
    package private(set) var firstTSN: TSN
    /// User data in flight, in bytes.
    package private(set) var inFlight = 0
    /// User data kept for retransmission, in bytes.
    package private(set) var bytes = 0

    private var chunks = Fifo<Chunk>()
    private var lostCount = 0
    /// The chunk whose round trip is being measured; one at a time (§6.3.1 C4).
    private var measured: TSN?

    package init(firstTSN: TSN) {
        self.firstTSN = firstTSN
    }

    package var count: Int { chunks.count }
    package var isEmpty: Bool { chunks.isEmpty }
    package var nextTSN: TSN { firstTSN.advanced(by: chunks.count) }
    package var hasLost: Bool { lostCount > 0 }

    package subscript(position: Int) -> Chunk { chunks[position] }

    /// Takes note that a fragment is sent now and returns its TSN.
    package mutating func append(_ fragment: SendQueue.Fragment, now: Instant) -> TSN {
        let tsn = nextTSN
        if measured == nil { measured = tsn }
        inFlight += fragment.range.count
        bytes += fragment.range.count
        chunks.append(
            Chunk(
                message: fragment.message,
                range: fragment.range,
                isEnding: fragment.range.upperBound == fragment.message.bytes.count,
                sent: now
            )
        )
        return tsn
    }

    /// Ends an abandoned message whose last fragments were never sent: one more number, which is skipped
    /// with the others.
    package mutating func appendEnd(ofAbandoned message: OutgoingMessage, now: Instant) {
        var message = message
        message.bytes = []
        chunks.append(Chunk(message: message, range: 0..<0, isEnding: true, state: .abandoned, sent: now))
    }

    // MARK: Acknowledgement

    /// Takes a SACK, or returns `nil` if it acknowledges what was never sent.
    ///
    /// - Parameter isRecovering: Misses then count only if the cumulative TSN advances (§7.2.4).
    package mutating func handle(
        _ sack: SCTPSack,
        in packet: RawSpan,
        isRecovering: Bool,
        now: Instant
    ) -> Acknowledgement? {
        var result = Acknowledgement()
        let advance = firstTSN.distance(to: sack.cumulativeTSN) + 1
        // Overtaken on the way by a later one.
        guard advance >= 0 else { return result }
        guard advance <= chunks.count else { return nil }
        acknowledge(advance, into: &result, now: now)

        var position = 0
        var highest = -1
        for index in 0..<sack.gapCount {
            guard let gap = sack.gap(at: index, in: packet) else { return nil }
            let range = (gap.lowerBound - 1)..<gap.upperBound
            guard range.lowerBound >= position, range.upperBound <= chunks.count else { return nil }
            takeBack(position..<range.lowerBound)
            for position in range { receive(position, into: &result, now: now) }
            position = range.upperBound
            highest = position - 1
        }
        takeBack(position..<chunks.count)

        if highest >= 0, !isRecovering || result.hasAdvanced {
            countMisses(below: highest, into: &result, now: now)
        }
        return result
    }

    /// Takes an acknowledgement without gaps (SHUTDOWN); returns whether it makes sense.
    package mutating func handleCumulative(_ cumulative: TSN, now: Instant) -> Bool {
        let advance = firstTSN.distance(to: cumulative) + 1
        guard advance <= chunks.count else { return false }
        var result = Acknowledgement()
        acknowledge(max(advance, 0), into: &result, now: now)
        return true
    }

    /// Takes note that T3-rtx expired: everything in flight is lost; returns the messages given up.
    package mutating func handleTimeout(now: Instant) -> [OutgoingMessage] {
        var abandoned: [OutgoingMessage] = []
        for position in 0..<chunks.count where chunks[position].state == .inFlight {
            chunks[position].misses = 0
            chunks[position].isFastRetransmitted = false
            lose(position, into: &abandoned, now: now)
        }
        return abandoned
    }

    // MARK: Retransmission

    /// The oldest lost chunk, or `nil`.
    package func firstLost() -> Int? {
        guard lostCount > 0 else { return nil }
        return (0..<chunks.count).first { chunks[$0].state == .lost }
    }

    /// Takes note that the lost chunk at `position` is sent again now.
    package mutating func retransmit(_ position: Int, now: Instant) {
        lostCount -= 1
        inFlight += chunks[position].range.count
        chunks[position].state = .inFlight
        chunks[position].transmissions += 1
        chunks[position].sent = now
    }

    // MARK: Abandonment

    /// The last TSN of the abandoned chunks at the front, or `nil`: the Advanced.Peer.Ack.Point of RFC 3758
    /// §3.5.
    package var advancedTSN: TSN? {
        let count = (0..<chunks.count).first { chunks[$0].state != .abandoned } ?? chunks.count
        return count > 0 ? firstTSN.advanced(by: count - 1) : nil
    }

    /// The last sequence number skipped on each ordered stream up to `tsn`.
    package func skips(through tsn: TSN) -> [SCTPForwardTSN.Skip] {
        var skips: [SCTPForwardTSN.Skip] = []
        for position in 0...max(firstTSN.distance(to: tsn), 0) where position < chunks.count {
            let message = chunks[position].message
            guard !message.isUnordered else { continue }
            let skip = SCTPForwardTSN.Skip(stream: message.stream, streamSequence: message.streamSequence)
            if let index = skips.firstIndex(where: { $0.stream == skip.stream }) {
                skips[index] = skip
            } else {
                skips.append(skip)
            }
        }
        return skips
    }

    // MARK: Steps

    private mutating func acknowledge(_ count: Int, into result: inout Acknowledgement, now: Instant) {
        for _ in 0..<count {
            receive(0, into: &result, now: now)
            bytes -= chunks[0].range.count
            // Given back at once, while the queue gives its own memory back in steps.
            chunks[0].message.bytes = []
            _ = chunks.popFirst()
            firstTSN = firstTSN.advanced(by: 1)
        }
        result.hasAdvanced = count > 0
    }

    private mutating func receive(_ position: Int, into result: inout Acknowledgement, now: Instant) {
        let length = chunks[position].range.count
        switch chunks[position].state {
        case .abandoned, .received:
            return
        case .inFlight:
            inFlight -= length
            if measured == firstTSN.advanced(by: position) {
                result.roundTrip = now - chunks[position].sent
                measured = nil
            }
        case .lost:
            lostCount -= 1
        }
        result.bytes += length
        chunks[position].state = .received
    }

    /// The peer no longer reports these: either it dropped them, which T3-rtx repairs, or the SACK was
    /// overtaken.
    private mutating func takeBack(_ positions: Range<Int>) {
        for position in positions where chunks[position].state == .received {
            chunks[position].state = .inFlight
            inFlight += chunks[position].range.count
        }
    }

    private mutating func countMisses(below highest: Int, into result: inout Acknowledgement, now: Instant) {
        for position in 0..<highest
        where chunks[position].state == .inFlight && !chunks[position].isFastRetransmitted {
            chunks[position].misses += 1
            guard chunks[position].misses >= Self.missesBeforeRetransmission else { continue }
            chunks[position].isFastRetransmitted = true
            result.hasLoss = true
            lose(position, into: &result.abandoned, now: now)
        }
    }

    private mutating func lose(_ position: Int, into abandoned: inout [OutgoingMessage], now: Instant) {
        if measured == firstTSN.advanced(by: position) { measured = nil }
        chunks[position].state = .lost
        lostCount += 1
        inFlight -= chunks[position].range.count
        let chunk = chunks[position]
        let isLate = chunk.message.expiry.map { $0 <= now } ?? false
        let isWornOut = chunk.message.maximumRetransmits.map { chunk.transmissions > Int($0) } ?? false
        guard isLate || isWornOut else { return }
        abandon(chunk.message, near: position)
        abandoned.append(chunk.message)
    }

    /// Gives up every fragment of a message; they lie side by side.
    private mutating func abandon(_ message: OutgoingMessage, near position: Int) {
        var first = position
        while first > 0, chunks[first - 1].message.identifier == message.identifier { first -= 1 }
        var next = first
        while next < chunks.count, chunks[next].message.identifier == message.identifier {
            switch chunks[next].state {
            case .abandoned, .received: break
            case .inFlight: inFlight -= chunks[next].range.count
            case .lost: lostCount -= 1
            }
            if measured == firstTSN.advanced(by: next) { measured = nil }
            chunks[next].state = .abandoned
            bytes -= chunks[next].range.count
            chunks[next].message.bytes = []
            chunks[next].range = 0..<0
            next += 1
        }
    }

    private static let missesBeforeRetransmission = 3
}
