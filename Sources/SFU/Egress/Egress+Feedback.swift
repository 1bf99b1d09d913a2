internal import WebRTC
internal import Wire

/// How much is looked at of what a peer asks for and tells.
struct FeedbackLimits {
    /// Numbers that it asks for again.
    var requests = Allowance(rate: 4_096)
    /// Numbers whose arrival it reports.
    var arrivals = Allowance(rate: 32_768)
    /// Messages that told of more.
    var rejected: UInt64 = 0
}

/// What the peer says of the streams that it is sent.
extension Egress {
    /// Takes one packet of a compound RTCP packet; those that are not about what is sent are passed over.
    func handle(
        _ element: RTCPPackets.Element,
        in compound: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(RTCPParseError) {
        switch element.type {
        case RTCPType.senderReport:
            try handleBlocks(element, after: SenderReport.length, in: compound, now: now)
        case RTCPType.receiverReport:
            try handleBlocks(element, after: 4, in: compound, now: now)
        case RTCPType.transportFeedback:
            let feedback = try RTCPFeedback(element, in: compound)
            if element.count == RTCPType.genericNACK {
                guard let consumer = consumers.first(where: { $0.owns(feedback.media) }) else { return }
                try GenericNACK.forEachLost(feedback, in: compound) {
                    // A packet has room for five thousand.
                    guard limits.requests.takes(1, now: now) else { return }
                    consumer.retransmit($0.rawValue, through: self, now: now, into: &queue)
                }
            } else if element.count == RTCPType.transportWideCC {
                // A few bytes can speak of 65 535 packets.
                let count = try TransportFeedback(feedback, in: compound).count
                guard limits.arrivals.takes(count, now: now) else {
                    limits.rejected += 1
                    return
                }
                try handleTransportFeedback(feedback, in: compound, now: now, into: &queue)
            }
        case RTCPType.payloadFeedback:
            try handlePayloadFeedback(element, in: compound, now: now)
        default: break
        }
    }

    private func handleBlocks(
        _ element: RTCPPackets.Element,
        after start: Int,
        in compound: RawSpan,
        now: Instant
    ) throws(RTCPParseError) {
        let clock = NTPTime(unixNanoseconds: now.nanoseconds &+ wallClockOffset)
        for index in 0..<Int(element.count) {
            let offset = element.body.lowerBound + start + index * ReportBlock.length
            guard offset + ReportBlock.length <= element.body.upperBound else { throw RTCPParseError() }
            let block = try ReportBlock(at: offset, in: compound)
            consumers.first { $0.owns(block.ssrc) }?.handle(block, wallClock: clock, now: now)
        }
    }

    private func handlePayloadFeedback(
        _ element: RTCPPackets.Element,
        in compound: RawSpan,
        now: Instant
    ) throws(RTCPParseError) {
        let feedback = try RTCPFeedback(element, in: compound)
        switch element.count {
        case RTCPType.pictureLossIndication:
            consumers.first { $0.owns(feedback.media) }?.handleKeyFrameRequest(now: now)
        case RTCPType.fullIntraRequest:
            try FullIntraRequest.forEachSource(feedback, in: compound) { ssrc, _ in
                consumers.first { $0.owns(ssrc) }?.handleKeyFrameRequest(now: now)
            }
        case RTCPType.applicationLayer:
            if let estimate = ReceiverEstimatedMaximumBitrate(feedback, in: compound) {
                receiverEstimatedBitrate = estimate.bitrate
            }
        default: break
        }
    }
}
