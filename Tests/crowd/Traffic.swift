internal import Participant

/// RTP that reached somebody, and what of it did not.
struct Traffic: Encodable {
    var packets = 0
    var bytes = 0
    /// Packets that did not come in either way, even when they were asked for again.
    var missing = 0
    /// Packets that did not come by themselves.
    var lost = 0

    mutating func add(_ statistics: ReceivedStream.Statistics) {
        packets += statistics.packets
        bytes += statistics.bytes
        missing += statistics.missing
        lost += statistics.lost
    }

    mutating func add(_ other: Traffic) {
        packets += other.packets
        bytes += other.bytes
        missing += other.missing
        lost += other.lost
    }

    /// Since `before`.
    func since(_ before: Traffic) -> Traffic {
        Traffic(
            packets: packets - before.packets,
            bytes: bytes - before.bytes,
            missing: missing - before.missing,
            lost: lost - before.lost
        )
    }
}
