internal import WebRTC
internal import Wire

/// What the peer is told of the streams that it is sent.
extension Egress {
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
}
