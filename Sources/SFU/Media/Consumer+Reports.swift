internal import WebRTC
internal import Wire

extension Consumer {
    /// A report block of the receiver about this stream.
    func handle(_ block: ReportBlock, wallClock: NTPTime, now: Instant) {
        guard block.ssrc == format.ssrc else { return }
        sent.handle(block, wallClock: wallClock)
        statistics.fractionLost = sent.fractionLost
        statistics.lost = Int64(block.cumulativeLost)
        statistics.jitter = block.jitter
        statistics.roundTripTime = sent.roundTrip
        let hasNewest = rewriter.newest?.rawValue == UInt16(truncatingIfNeeded: block.highestSequence)
        handleTailReport(hasNewest: hasNewest, hasLost: block.fractionLost > 0, now: now)
        idleRequests.handleReport(hasNewest: hasNewest, hasLost: block.fractionLost > 0)
    }

    /// The receiver cannot decode what it has.
    func handleKeyFrameRequest(now: Instant) {
        statistics.keyFrameRequests += 1
        // At the other end of a pipe it is somebody new who asks.
        guard selection.only != nil || idleRequests.allows(now: now) else { return }
        requestKeyFrame(now: now)
    }

    /// Asks the source for a key frame of the encoding on show.
    func requestKeyFrame(now: Instant) {
        guard let encoding = selection.current ?? selection.awaited else { return }
        producer.streams[encoding].requestKeyFrame(now: now)
    }

    /// Appends a sender report and the canonical name (RFC 3550 §6.4.1, §6.5); nothing before the first
    /// packet.
    func writeReport(wallClock: NTPTime, now: Instant, into out: inout OutputRawSpan) {
        guard let report = sent.makeReport(format.ssrc, wallClock: wallClock, now: now) else { return }
        report.write(into: &out)
        SourceDescription.write(format.ssrc, cname: format.cname, into: &out)
    }

    /// Packets sent, to tell whether there is news to report.
    var packets: UInt64 { statistics.packets }
}
