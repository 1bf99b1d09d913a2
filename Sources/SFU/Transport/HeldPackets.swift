internal import Wire

/// A packet that waits for the pacer: its header as it will go out, and where its payload lies.
struct HeldPacket {
    var consumer: Consumer
    var stream: RTPStream
    /// Of the stream: after a restart its numbers mean other packets.
    var generation: Int
    var header: RTPHeader
    var numbers: PayloadNumbers
    /// The stream's own number of it.
    var source: UInt16
    var held: Instant
}

/// Packets that wait for the pacer, first in, first out.
///
/// A ring, made when it is first needed.
struct HeldPackets {
    private var ring: [HeldPacket?] = []
    private var first = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }
    var isFull: Bool { count == Self.capacity }

    /// There must be room.
    mutating func append(_ packet: HeldPacket) {
        precondition(!isFull, "whoever appends makes room before")
        if ring.isEmpty { ring = Array(repeating: nil, count: Self.capacity) }
        ring[(first + count) & (Self.capacity - 1)] = packet
        count += 1
    }

    mutating func popFirst() -> HeldPacket? {
        guard count > 0 else { return nil }
        let packet = ring[first]
        ring[first] = nil
        first = (first + 1) & (Self.capacity - 1)
        count -= 1
        return packet
    }

    /// A power of two: two large key frames.
    private static let capacity = 1_024
}
