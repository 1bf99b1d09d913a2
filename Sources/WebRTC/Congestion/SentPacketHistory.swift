internal import CPrefetch
public import Wire

/// Remembers when each packet with a transport-wide sequence number was sent, until feedback tells what became of it.
///
/// A ring over the sequence number: recording a packet costs a store. It begins small and is doubled while
/// feedback leaves more packets open than it holds, so that most connections keep a few KiB.
public struct SentPacketHistory: Sendable {
    /// 24 bytes: the ring is walked through by every packet.
    private struct Record {
        var sent = Instant(nanoseconds: 0)
        var ssrc: UInt32 = 0
        var rtpSequence: UInt16 = 0
        var sequence: UInt16 = 0
        var size: UInt16 = 0
        var probe: Int16 = -1
        var isOutstanding = false
        /// Whether it was reported lost.
        var isMissing = false
    }

    private var ring = [Record](repeating: Record(), count: initialCapacity)

    /// Bytes sent and not yet reported on.
    public private(set) var bytesInFlight = 0

    public init() {}

    /// Takes note that the packet `sequence`, `size` bytes long, was sent at `now`.
    ///
    /// - Parameters:
    ///   - ssrc: Of the stream that it belongs to; 0 if nobody will ask.
    ///   - rtpSequence: Its number there, or that of the packet that it repeats.
    public mutating func record(
        _ sequence: UInt16,
        size: Int,
        probe: Int? = nil,
        ssrc: UInt32 = 0,
        rtpSequence: UInt16 = 0,
        now: Instant
    ) {
        var index = Int(sequence) & (ring.count - 1)
        if ring[index].isOutstanding {
            if ring.count < Self.capacity, now - ring[index].sent < Self.memory {
                grow()
                index = Int(sequence) & (ring.count - 1)
            }
            if ring[index].isOutstanding { bytesInFlight -= Int(ring[index].size) }
        }
        ring[index] = Record(
            sent: now,
            ssrc: ssrc,
            rtpSequence: rtpSequence,
            sequence: sequence,
            size: UInt16(clamping: size),
            probe: Int16(clamping: probe ?? -1),
            isOutstanding: true
        )
        bytesInFlight += size
    }

    /// What the feedback about packet `sequence` means, or `nil` if it was not sent, is forgotten, or was told before.
    ///
    /// A packet that is reported lost stays known: a later report, which begins with it, may still bring it, and
    /// repeats what else is said to be lost.
    ///
    /// - Parameter arrival: On the receiver's clock; `nil` if the receiver says it is missing.
    public mutating func handle(_ sequence: UInt16, arrival: Interval?) -> PacketResult? {
        let index = Int(sequence) & (ring.count - 1)
        let record = ring[index]
        guard record.isOutstanding, record.sequence == sequence else { return nil }
        if arrival != nil {
            ring[index].isOutstanding = false
            bytesInFlight -= Int(record.size)
        } else {
            guard !record.isMissing else { return nil }
            ring[index].isMissing = true
        }
        return PacketResult(
            sent: record.sent,
            arrival: arrival,
            size: Int(record.size),
            probe: record.probe < 0 ? nil : Int(record.probe),
            ssrc: record.ssrc,
            rtpSequence: record.rtpSequence,
            wasMissing: record.isMissing
        )
    }

    /// Asks the processor for the ring, so that ``prefetch(_:)`` need not wait for it.
    public func prefetchArray() {
        CPrefetch_lines(unsafeBitCast(ring, to: UnsafeRawPointer.self), 64)
    }

    /// Asks the processor for the places of a frame's worth of packets from `sequence` on.
    public func prefetch(_ sequence: UInt16) {
        ring.withUnsafeBufferPointer { ring in
            guard let base = ring.baseAddress else { return }
            CPrefetch_lines(base + Int(sequence) & (ring.count - 1), 256)
        }
    }

    private mutating func grow() {
        let old = ring
        ring = [Record](repeating: Record(), count: 2 * old.count)
        for record in old where record.isOutstanding {
            ring[Int(record.sequence) & (ring.count - 1)] = record
        }
    }

    private static let initialCapacity = 128
    /// A second of a full room's cameras and the desk, which is ten reports' time; a power of two, as is what
    /// it begins with.
    private static let capacity = 2_048
    /// What is older than this nobody reports on any more.
    private static let memory = Interval.seconds(1)
}
