internal import WebRTC
internal import Wire

/// What the peer is told of its own streams and of those that it receives.
extension WebRTCTransport {
    /// Sender reports of every consumer, each second in which something was sent, and every fifth second
    /// otherwise.
    func sendReports(now: Instant, into queue: inout TransmitQueue) {
        guard let due = nextReport, now >= due else { return }
        nextReport = later(.seconds(1), now: now)
        let packets = consumers.reduce(0) { $0 + $1.packets }
        quietReports = packets == reportedPackets ? quietReports + 1 : 0
        reportedPackets = packets
        guard quietReports % 5 == 0 else { return }
        let clock = NTPTime(unixNanoseconds: now.nanoseconds &+ wallClockOffset)
        // Twelve reports with their names fit in one datagram.
        for start in stride(from: 0, to: consumers.count, by: 12) {
            sendRTCP(into: &queue) { out in
                for consumer in consumers[start..<min(start + 12, consumers.count)] {
                    consumer.writeReport(wallClock: clock, now: now, into: &out)
                }
            }
        }
    }

    /// What the producers' sources are to be told: loss, key frames, arrival times.
    ///
    /// Only while there is a path.
    func sendFeedback(now: Instant, into queue: inout TransmitQueue) {
        for producer in producers {
            for stream in producer.streams where stream.hasFeedback(now: now) {
                sendRTCP(into: &queue) { stream.writeFeedback(from: ssrc, now: now, into: &$0) }
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
            sendRTCP(into: &queue) { out in
                isPending = arrivals.pollFeedback(from: ssrc, about: media, now: now, into: &out)
            }
        }
    }
}
