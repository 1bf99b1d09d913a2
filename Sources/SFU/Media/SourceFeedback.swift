package import WebRTC
package import Wire

/// What the source of one encoding is told: how its packets arrive, which are missing, and that a key frame is needed.
///
/// It is told of each packet by ``handle(_:size:now:)`` and ``handleTaken(_:isKeyFrame:now:)``;
/// ``write(from:about:now:into:)`` appends what is due, which ``pollTimeout()`` says when to look for.
package struct SourceFeedback {
    private let clockRate: Int
    private let isVideo: Bool
    /// `nil`: what is missing is not asked for again.
    private var nack: NackGenerator?
    private var reception: ReceiveStatistics
    private var keyFrames = KeyFrameRequestCoalescer()
    /// When to see whether a key frame can be asked for again; `nil`: nobody waits for one that was put off.
    private var nextTry: Instant?
    /// `nil` before the first packet.
    private var nextReport: Instant?
    package private(set) var keyFrameRequests: UInt64 = 0

    package init(_ kind: MediaKind, clockRate: Int, asksAgain: Bool) {
        self.clockRate = clockRate
        isVideo = kind == .video
        nack = asksAgain ? NackGenerator() : nil
        reception = ReceiveStatistics(clockRate: clockRate)
    }

    package var lost: Int64 { Int64(reception.lost) }
    /// In the clock of the stream.
    var jitter: UInt32 { UInt32(reception.jitterSeconds * Double(clockRate)) }
    /// Packets that came because they were asked for again.
    package var recovered: UInt64 { UInt64(nack?.recovered ?? 0) }

    // MARK: What comes

    /// A packet has come.
    @inline(__always)
    package mutating func handle(_ header: RTPHeader, size: Int, now: Instant) -> ReceiveStatistics.Arrival {
        if nextReport == nil { nextReport = now + Self.reportInterval }
        return reception.handle(header, size: size, now: now)
    }

    /// It, or one that was asked for again, was of use.
    @inline(__always)
    package mutating func handleTaken(_ header: RTPHeader, isKeyFrame: Bool, now: Instant) {
        nack?.handle(SequenceNumber(header.sequenceNumber), isKeyFrame: isKeyFrame, now: now)
        if isKeyFrame {
            keyFrames.handleKeyFrame(now: now)
            nextTry = nil
        }
    }

    mutating func handle(_ report: SenderReport, now: Instant) { reception.handle(report, now: now) }

    /// Whatever comes next is counted as the beginning.
    package mutating func expectRestart() { reception = ReceiveStatistics(clockRate: clockRate) }

    /// The source has begun anew: nothing of before is asked for.
    package mutating func restart() { nack?.reset() }

    /// Requests of before concern another beginning.
    package mutating func forgetKeyFrameRequests() {
        keyFrames = KeyFrameRequestCoalescer()
        nextTry = nil
    }

    // MARK: What is asked for

    /// A consumer cannot go on without a key frame; of sound nobody needs one.
    package mutating func requestKeyFrame(now: Instant) { if isVideo { keyFrames.handleRequest(now: now) } }

    /// - Parameter isStopped: Whether the source does not send this encoding, though it sends others: a key frame is asked
    ///   for again when that is over.
    package mutating func handleTimeout(isStopped: Bool, now: Instant) {
        let isTryDue = nextTry.map { now >= $0 } ?? false
        if isStopped {
            if keyFrames.isWanted || isTryDue { nextTry = now + Self.tryInterval }
            keyFrames.handleKeyFrame(now: now)
        } else if isTryDue {
            nextTry = nil
            requestKeyFrame(now: now)
        }
        keyFrames.handleTimeout(now: now)
        nack?.handleTimeout(now: now)
        if nack?.needsKeyFrame == true {
            nack?.needsKeyFrame = false
            requestKeyFrame(now: now)
        }
    }

    package func pollTimeout() -> Instant? {
        var due = nextReport
        if let request = keyFrames.pollTimeout() { due = due.map { min($0, request) } ?? request }
        if let nextTry { due = due.map { min($0, nextTry) } ?? nextTry }
        if let repair = nack?.pollTimeout() { due = due.map { min($0, repair) } ?? repair }
        return due
    }

    /// Whether a key-frame request waits to be written.
    package var isKeyFrameRequestDue: Bool { keyFrames.isDue }

    /// Whether ``write(from:about:now:into:)`` has something to say at `now`.
    package func isDue(now: Instant) -> Bool {
        if let nextReport, now >= nextReport { return true }
        if keyFrames.isDue { return true }
        return nack?.pollTimeout().map { now >= $0 } ?? false
    }

    /// Appends one compound packet to the source: report, requests for lost packets, request for a key frame.
    package mutating func write(
        from sender: UInt32,
        about ssrc: UInt32,
        now: Instant,
        into out: inout OutputRawSpan
    ) {
        let isReportDue = nextReport.map { now >= $0 } ?? false
        if isReportDue { nextReport = now + Self.reportInterval }
        if isReportDue, let block = reception.makeReportBlock(ssrc, now: now) {
            block.writeReceiverReport(from: sender, into: &out)
        } else {
            ReportBlock.writeEmptyReceiverReport(from: sender, into: &out)
        }
        writeNACK(from: sender, about: ssrc, now: now, into: &out)
        if keyFrames.pollRequest(now: now) {
            keyFrameRequests += 1
            PictureLossIndication.write(from: sender, about: ssrc, into: &out)
        }
    }

    private mutating func writeNACK(
        from sender: UInt32,
        about ssrc: UInt32,
        now: Instant,
        into out: inout OutputRawSpan
    ) {
        if let roundTrip = nack?.roundTrip {
            // A little more than that: the answer is not in doubt until then.
            nack?.retryInterval = min(max(roundTrip * 5 / 4, Self.shortestRetry), Self.longestRetry)
        }
        var lost: [SequenceNumber] = []
        while lost.count < Self.maximumNACKs, let number = nack?.pollRequest(now: now) { lost.append(number) }
        GenericNACK.write(lost.span, from: sender, about: ssrc, into: &out)
    }

    private static let tryInterval = Interval.seconds(2)
    private static let reportInterval = Interval.seconds(1)
    private static let shortestRetry = Interval.milliseconds(20)
    private static let longestRetry = Interval.milliseconds(500)
    /// One message then fits in a datagram.
    private static let maximumNACKs = 128
}
