internal import WebRTC
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
/// A ring that is made when it is first needed and doubled when it is full. Once it is empty, one that had
/// grown beyond a frame's worth is given back, for a key frame on a narrow path must not cost its viewer a
/// hundred KiB for the rest of the session; and so is any other once the path is wide.
package struct HeldPackets<Packet> {
    /// The most that wait, a power of two: two large key frames.
    package static var capacity: Int { 1_024 }

    private var ring: [Packet?] = []
    private var start = 0
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }
    package var isFull: Bool { count == Self.capacity }
    /// Packets that there is memory for now.
    package var room: Int { ring.count }

    /// There must be room.
    package mutating func append(_ packet: Packet) {
        precondition(!isFull, "whoever appends makes room before")
        if count == ring.count { grow() }
        ring[(start + count) & (ring.count - 1)] = packet
        count += 1
    }

    /// The one that has waited for longest.
    package var first: Packet? { count > 0 ? ring[start] : nil }

    package mutating func popFirst() -> Packet? {
        guard count > 0 else { return nil }
        let packet = ring[start]
        ring[start] = nil
        start = (start + 1) & (ring.count - 1)
        count -= 1
        if count == 0, ring.count > Self.kept { giveBack() }
        return packet
    }

    /// Gives the memory back; nothing must wait.
    package mutating func giveBack() {
        precondition(isEmpty, "what waits is not given up")
        ring = []
        start = 0
    }

    package func contains(where matches: (Packet) -> Bool) -> Bool {
        (0..<count).contains { ring[(start + $0) & (ring.count - 1)].map(matches) ?? false }
    }

    private mutating func grow() {
        var larger: [Packet?] = []
        larger.reserveCapacity(max(Self.smallest, 2 * ring.count))
        larger += ring[start...]
        larger += ring[..<start]
        larger += repeatElement(nil, count: max(Self.smallest, 2 * ring.count) - larger.count)
        ring = larger
        start = 0
    }

    /// Powers of two.
    private static var smallest: Int { 16 }
    /// A frame's worth.
    private static var kept: Int { 32 }
}
