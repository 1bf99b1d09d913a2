package import Wire

/// Starts streams anew on both sides so that their numbers can be used again (RFC 6525 §5).
///
/// One request is under way at a time (§5.1.1). The sender asks only when everything queued on a stream has
/// a TSN.
package struct StreamResetter: Sendable {
    /// A request under way.
    private struct Request {
        var number: UInt32
        var streams: [UInt16]
        var lastTSN: TSN
        /// The peer waits for data; it wants to be asked again by a new number.
        var isInProgress = false
    }

    /// A request of the peer that waits for data sent before it (§5.2.2).
    private struct Deferred {
        var number: UInt32
        var streams: [UInt16]
        var lastTSN: TSN
    }

    /// Streams to be reset by the next request.
    package private(set) var pending: [UInt16] = []
    /// When to ask again.
    package private(set) var deadline: Instant?

    private var request: Request?
    private var nextNumber: UInt32
    private var expectedNumber: UInt32
    private var lastResult = SCTPReconfiguration.Result.badSequenceNumber
    private var deferred: Deferred?
    private var interval = Interval.zero

    /// Both sides number their requests from their initial TSN on (§5.1.1).
    package init(localInitialTSN: TSN, remoteInitialTSN: TSN) {
        nextNumber = localInitialTSN.rawValue
        expectedNumber = remoteInitialTSN.rawValue
    }

    // MARK: Outgoing

    /// Has `stream` reset.
    package mutating func reset(_ stream: UInt16) {
        guard !pending.contains(stream), request?.streams.contains(stream) != true else { return }
        pending.append(stream)
    }

    /// The request to send now, or `nil`.
    ///
    /// - Parameters:
    ///   - lastTSN: The last TSN assigned.
    ///   - isDrained: Whether everything queued on a stream has a TSN.
    package mutating func pollRequest(
        lastTSN: TSN,
        timeout: Interval,
        now: Instant,
        isDrained: (UInt16) -> Bool
    ) -> SCTPReconfiguration? {
        if var current = request {
            guard let deadline, deadline <= now else { return nil }
            if current.isInProgress {
                current.number = takeNumber()
                current.isInProgress = false
            }
            interval = min(interval * 2, RetransmissionTimeout.maximum)
            request = current
        } else {
            let streams = pending.filter(isDrained).prefix(Self.maximumStreams)
            guard !streams.isEmpty else { return nil }
            pending.removeAll(where: streams.contains)
            interval = timeout
            request = Request(number: takeNumber(), streams: Array(streams), lastTSN: lastTSN)
        }
        deadline = now + interval
        guard let request else { return nil }
        return .outgoingReset(
            request: request.number,
            response: expectedNumber &- 1,
            lastTSN: request.lastTSN,
            streams: request.streams
        )
    }

    /// Takes an answer; returns the streams that are done with, reset or refused.
    package mutating func handleResponse(to number: UInt32, _ result: SCTPReconfiguration.Result) -> [UInt16]
    {
        guard let current = request, current.number == number else { return [] }
        switch result {
        case .inProgress:
            request?.isInProgress = true
            return []
        case .alreadyInProgress:
            return []
        default:
            request = nil
            deadline = nil
            return current.streams
        }
    }

    // MARK: Incoming

    /// What to do about a request of the peer.
    package enum Answer: Hashable, Sendable {
        case reset([UInt16], SCTPReconfiguration.Result)
        case result(SCTPReconfiguration.Result)
    }

    /// Takes a request to reset incoming streams.
    package mutating func handleReset(
        _ number: UInt32,
        lastTSN: TSN,
        streams: [UInt16],
        cumulative: TSN
    ) -> Answer {
        guard expects(number) else { return .result(resultOfRepeated(number)) }
        expectedNumber &+= 1
        // Asked again by a new number: what waits is part of it.
        let waiting = (deferred?.streams ?? []).filter { !streams.isEmpty && !streams.contains($0) }
        guard !lastTSN.isNewer(than: cumulative) else {
            deferred = Deferred(number: number, streams: streams + waiting, lastTSN: lastTSN)
            lastResult = .inProgress
            return .result(.inProgress)
        }
        deferred = nil
        lastResult = .performed
        return .reset(streams + waiting, .performed)
    }

    /// Whether `number` is a new request and not a repeated or a wrong one.
    package func expects(_ number: UInt32) -> Bool { number == expectedNumber }

    /// Answers a request that needs no reset, with `result` unless it is a repeated one.
    package mutating func handleOther(
        _ number: UInt32,
        _ result: SCTPReconfiguration.Result
    ) -> SCTPReconfiguration.Result {
        guard expects(number) else { return resultOfRepeated(number) }
        expectedNumber &+= 1
        lastResult = result
        return result
    }

    /// The streams whose reset waited for the data up to `cumulative`, with the request to be answered.
    package mutating func pollDeferred(cumulative: TSN) -> (number: UInt32, streams: [UInt16])? {
        guard let waiting = deferred, !waiting.lastTSN.isNewer(than: cumulative) else { return nil }
        deferred = nil
        if waiting.number == expectedNumber &- 1 { lastResult = .performed }
        return (waiting.number, waiting.streams)
    }

    /// The last request may be repeated, any other number is wrong (§5.2.1).
    private func resultOfRepeated(_ number: UInt32) -> SCTPReconfiguration.Result {
        number == expectedNumber &- 1 ? lastResult : .badSequenceNumber
    }

    private mutating func takeNumber() -> UInt32 {
        defer { nextNumber &+= 1 }
        return nextNumber
    }

    /// Streams in one request; they fit in a packet with room to spare.
    private static let maximumStreams = 128
}
