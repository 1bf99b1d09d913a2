internal import WebRTC
internal import Wire

/// What the peer is told of the streams that it sends.
extension WebRTCTransport {
    /// What the producers' sources are to be told: loss, key frames, arrival times.
    ///
    /// Only while there is a path.
    func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        for producer in producers {
            for stream in producer.streams where stream.hasFeedback(now: now) {
                egress.sendRTCP(into: &queue) { stream.writeFeedback(from: ssrc, now: now, into: &$0) }
            }
        }
        guard let due = arrivals.pollTimeout(), now >= due else { return }
        guard let media = producers.lazy.compactMap(\.ssrc).first else {
            // Their producer was closed: there is no stream left to report about.
            arrivals = TransportFeedbackGenerator()
            return
        }
        var isPending = true
        while isPending {
            isPending = false
            egress.sendRTCP(into: &queue) { out in
                isPending = arrivals.pollFeedback(from: ssrc, about: media, now: now, into: &out)
            }
        }
    }

    /// Tells the publisher how much it may send (draft-alvestrand-rmcat-remb-03): browsers keep to it beside
    /// their own estimate.
    func sendLimit(now: Instant, into queue: inout TransmitQueue) {
        guard let due = nextLimit, now >= due else { return }
        nextLimit = now + Self.limitInterval
        guard let limit = shared.limits.incomingBitrate,
            let media = producers.lazy.compactMap(\.videoSSRC).first
        else { return }
        egress.sendRTCP(into: &queue) { out in
            ReportBlock.writeEmptyReceiverReport(from: ssrc, into: &out)
            ReceiverEstimatedMaximumBitrate(bitrate: UInt64(limit)).write(
                from: ssrc,
                about: media,
                into: &out
            )
        }
    }

    /// An estimate that is not repeated is forgotten by some.
    private static let limitInterval = Interval.seconds(2)
}

extension Producer {
    /// Of the first encoding of a video that has come; `nil` for sound.
    fileprivate var videoSSRC: UInt32? { kind == .video ? streams.lazy.compactMap(\.ssrc).first : nil }
}
