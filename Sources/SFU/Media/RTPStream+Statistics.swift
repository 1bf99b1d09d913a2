internal import WebRTC
internal import Wire

extension RTPStream {
    /// Bytes of all packets so far.
    var bytes: UInt64 { statistics.bytes }

    /// What is known now, with what the receive statistics add.
    func currentStatistics(now: Instant?) -> EncodingStatistics {
        var statistics = statistics
        statistics.rid = rid.isEmpty ? nil : String(decoding: rid, as: UTF8.self)
        statistics.ssrc = ssrc
        if let now {
            statistics.bitrates = (0...bitrates.highestTemporal).map {
                bitrates.bitsPerSecond(spatial: .max, temporal: $0, now: now)
            }
        }
        statistics.lost = Int64(reception.lost)
        statistics.jitter = UInt32(reception.jitterSeconds * Double(format.clockRate))
        statistics.recovered = UInt64(nack?.recovered ?? 0)
        return statistics
    }
}
