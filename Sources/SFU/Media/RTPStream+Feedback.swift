internal import WebRTC
internal import Wire

/// What the source of an encoding is told: reports, what is missing, and that a key frame is needed.
extension RTPStream {
    /// A consumer cannot go on without a key frame.
    func requestKeyFrame(now: Instant) {
        guard format.kind == .video else { return }
        keyFrameRequests.handleRequest(now: now)
    }

    func handleTimeout(now: Instant) {
        // A sender that has stopped one of several encodings has nothing to answer with.
        if hasSiblings, lastArrival.map({ now - $0 > Self.silence }) ?? true {
            keyFrameRequests.handleKeyFrame(now: now)
        }
        keyFrameRequests.handleTimeout(now: now)
        nack?.handleTimeout(now: now)
        if nack?.needsKeyFrame == true {
            nack?.needsKeyFrame = false
            requestKeyFrame(now: now)
        }
    }

    func pollTimeout() -> Instant? {
        var due = nextReport
        if let request = keyFrameRequests.pollTimeout() { due = due.map { min($0, request) } ?? request }
        if let repair = nack?.pollTimeout() { due = due.map { min($0, repair) } ?? repair }
        return due
    }

    /// Whether a key-frame request waits to be written.
    var isKeyFrameRequestDue: Bool { ssrc != nil && keyFrameRequests.isDue }

    /// Whether ``writeFeedback(from:now:into:)`` has something to say at `now`.
    func hasFeedback(now: Instant) -> Bool {
        guard ssrc != nil else { return false }
        if let nextReport, now >= nextReport { return true }
        if keyFrameRequests.isDue { return true }
        return nack?.pollTimeout().map { now >= $0 } ?? false
    }

    /// Appends one compound packet to the source: report, requests for lost packets, request for a key frame.
    func writeFeedback(from sender: UInt32, now: Instant, into out: inout OutputRawSpan) {
        guard let ssrc else { return }
        let isReportDue = nextReport.map { now >= $0 } ?? false
        if isReportDue { nextReport = now + Self.reportInterval }
        if isReportDue, let block = reception.makeReportBlock(ssrc, now: now) {
            block.writeReceiverReport(from: sender, into: &out)
        } else {
            ReportBlock.writeEmptyReceiverReport(from: sender, into: &out)
        }
        writeNACK(from: sender, about: ssrc, now: now, into: &out)
        if keyFrameRequests.pollRequest(now: now) {
            statistics.keyFrameRequests += 1
            PictureLossIndication.write(from: sender, about: ssrc, into: &out)
        }
    }

    private func writeNACK(
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

    static let reportInterval = Interval.seconds(1)
    private static let shortestRetry = Interval.milliseconds(20)
    private static let longestRetry = Interval.milliseconds(500)
    /// Of one of several encodings.
    private static let silence = Interval.seconds(2)
    /// One message then fits in a datagram.
    private static let maximumNACKs = 128
}
