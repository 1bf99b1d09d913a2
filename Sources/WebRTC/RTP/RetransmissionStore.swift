public import Wire

/// Keeps a producer's latest packets, once for all of its consumers, to answer their NACKs (RFC 4588).
///
/// A ring over the sequence number in front of a slab that is written round and round: storing a packet is
/// one copy and no allocation, and what is overwritten or too old is gone. A stream that is never sent costs no slab.
public struct RetransmissionStore: ~Copyable {
    private struct Entry {
        var offset: Int
        var length: Int32
        var sequence: UInt16
        var stored: Instant
        /// Position in the endless stream of bytes written; tells whether the slab still holds this packet.
        var position: Int
    }

    private let capacity: Int
    private let lifetime: Interval
    private var ring: [Entry]
    /// Empty until there is a packet: a room makes streams for every codec and layer, and most of them stay silent.
    private var slab: [UInt8] = []
    private var written = 0

    /// - Parameters:
    ///   - capacity: Bytes of packets to keep.
    ///   - lifetime: How long to keep one: 2 s for video and 1 s for audio are what receivers still use.
    public init(capacity: Int, lifetime: Interval) {
        self.capacity = max(capacity, TransmitQueue.datagramCapacity)
        self.lifetime = lifetime
        ring = [Entry](
            repeating: Entry(offset: 0, length: 0, sequence: 0, stored: Instant(nanoseconds: 0), position: 0),
            count: Self.slots
        )
    }

    /// Keeps a copy of `packet`, whose RTP sequence number is `sequence`.
    public mutating func store(_ packet: RawSpan, sequence: UInt16, now: Instant) {
        let length = packet.byteCount
        guard length > 0, length <= capacity else { return }
        if slab.isEmpty { slab = [UInt8](repeating: 0, count: capacity) }
        var offset = written % slab.count
        if offset + length > slab.count {
            // A packet lies in one piece: leave the end of the slab unused this time round.
            written += slab.count - offset
            offset = 0
        }
        packet.withUnsafeBytes { source in
            slab.withUnsafeMutableBytes { $0[offset..<(offset + length)].copyBytes(from: source) }
        }
        ring[Int(sequence) & Self.mask] = Entry(
            offset: offset,
            length: Int32(length),
            sequence: sequence,
            stored: now,
            position: written
        )
        written += length
    }

    /// Whether the packet `sequence` was stored, however long ago, and none that is ``slots`` packets away
    /// since.
    public func contains(_ sequence: UInt16) -> Bool {
        let entry = ring[Int(sequence) & Self.mask]
        return entry.length > 0 && entry.sequence == sequence
    }

    /// Whether ``withPacket(_:now:_:)`` would give the packet `sequence`.
    public func holds(_ sequence: UInt16, now: Instant) -> Bool { withPacket(sequence, now: now) { _ in } }

    /// When the packet `sequence` was stored, if it was.
    public func arrival(of sequence: UInt16) -> Instant? {
        let entry = ring[Int(sequence) & Self.mask]
        return entry.length > 0 && entry.sequence == sequence ? entry.stored : nil
    }

    /// Gives `body` the packet `sequence`, if it is still kept; returns whether it was.
    @inline(__always)
    public func withPacket<Failure>(
        _ sequence: UInt16,
        now: Instant,
        _ body: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        let entry = ring[Int(sequence) & Self.mask]
        guard entry.length > 0, entry.sequence == sequence, now - entry.stored <= lifetime,
            written - entry.position <= slab.count
        else { return false }
        try body(slab.span.bytes.extracting(entry.offset..<(entry.offset + Int(entry.length))))
        return true
    }

    /// Forgets every packet: the source was restarted.
    public mutating func removeAll() {
        for index in ring.indices { ring[index].length = 0 }
    }

    /// A power of two; two seconds of 1 000 packets a second, and more than a late packet is late by
    /// (``ReceiveStatistics``).
    private static let slots = 2_048
    private static let mask = slots - 1
}
