internal import WebRTC
internal import Wire

/// What the peer is told of the streams that it is sent.
extension Egress {
    /// Sends the sender reports of every consumer, if they are due.
    func sendReports(now: Instant, into queue: inout TransmitQueue) {
        let packets = consumers.reduce(0) { $0 + $1.packets }
        guard reports.isDue(having: packets, next: later(.seconds(1), now: now), now: now) else { return }
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

    /// The first report goes with the first packet.
    @inline(__always)
    func beginReports(now: Instant) {
        guard reports.due == nil, !consumers.isEmpty, reports.begin(now: now) else { return }
        expect(.senderReport, at: now)
    }
}
