internal import Participant

/// RTP that reached somebody, and what of it did not.
struct Traffic: Encodable {
    var packets = 0
    var bytes = 0
    /// Packets that did not come, even when they were asked for again.
    var missing = 0
    /// Packets that came only when they were asked for again.
    var recovered = 0

    mutating func add(_ statistics: ReceivedStream.Statistics) {
        packets += statistics.packets
        bytes += statistics.bytes
        missing += statistics.missing
        recovered += statistics.recovered
    }

    mutating func add(_ other: Traffic) {
        packets += other.packets
        bytes += other.bytes
        missing += other.missing
        recovered += other.recovered
    }

    /// Since `before`.
    func since(_ before: Traffic) -> Traffic {
        Traffic(
            packets: packets - before.packets,
            bytes: bytes - before.bytes,
            missing: missing - before.missing,
            recovered: recovered - before.recovered
        )
    }
}
