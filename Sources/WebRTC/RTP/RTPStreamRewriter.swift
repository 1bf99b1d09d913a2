public import Wire

/// Gives one consumer an unbroken stream: sequence numbers without gaps of our making and timestamps that go on,
/// across a switch or restart of the source and across packets left out.
///
/// Call ``resynchronise(at:timestamp:now:)`` with the first packet of a new source, ``skip(_:)`` for a packet that
/// this consumer does not get, and ``map(sequence:timestamp:now:)`` for one that it gets.
/// ``source(of:)`` finds back from a NACK to the producer's packet.
public struct RTPStreamRewriter: Sendable {
    private var sequenceOffset: UInt16 = 0
    private var timestampOffset: UInt32 = 0
    private var sourceNewest: SequenceNumber?
    private var sourceFirst = SequenceNumber(0)
    private var outgoingNewest: SequenceNumber?
    private var outgoingFirst = SequenceNumber(0)
    private var lastTimestamp: UInt32 = 0
    private var lastSent = Instant(nanoseconds: 0)
    private let clockRate: Int

    /// - Parameters:
    ///   - clockRate: Of the media, in Hz.
    ///   - firstSequence: The number the stream begins with.
    ///   - firstTimestamp: The timestamp the stream begins with.
    public init(clockRate: Int, firstSequence: UInt16, firstTimestamp: UInt32) {
        self.clockRate = clockRate
        outgoingFirst = SequenceNumber(firstSequence)
        lastTimestamp = firstTimestamp
    }

    /// Whether a source has been taken on.
    public var isSynchronised: Bool { sourceNewest != nil }

    /// The newest number given out; `nil` before the first.
    public var newest: SequenceNumber? { outgoingNewest }

    /// Takes on a source whose next packet is `sequence` with `timestamp`.
    ///
    /// The outgoing number goes on by one; the timestamp goes on by the time that passed, and by at least one tick.
    public mutating func resynchronise(at sequence: UInt16, timestamp: UInt32, now: Instant) {
        let next = outgoingNewest.map { $0.advanced(by: 1) } ?? outgoingFirst
        sequenceOffset = next.rawValue &- sequence
        outgoingFirst = next
        if outgoingNewest == nil {
            timestampOffset = lastTimestamp &- timestamp
        } else {
            let elapsed = (now - lastSent).ticks(at: clockRate)
            let target = lastTimestamp &+ UInt32(truncatingIfNeeded: max(1, elapsed))
            timestampOffset = target &- timestamp
        }
        sourceFirst = SequenceNumber(sequence)
        sourceNewest = SequenceNumber(sequence).advanced(by: -1)
    }

    /// Forgets the source; nothing is mapped until the next ``resynchronise(at:timestamp:now:)``.
    public mutating func desynchronise() {
        sourceNewest = nil
    }

    /// Leaves out the packet `sequence`: later numbers close the gap if it is the newest.
    public mutating func skip(_ sequence: UInt16) {
        guard let newest = sourceNewest, newest.distance(to: SequenceNumber(sequence)) > 0 else { return }
        sourceNewest = SequenceNumber(sequence)
        sequenceOffset &-= 1
        // What came before can no longer be told apart by the offset alone.
        sourceFirst = SequenceNumber(sequence).advanced(by: 1)
        outgoingFirst = SequenceNumber(sequence &+ 1 &+ sequenceOffset)
    }

    /// The outgoing number and timestamp, or `nil` for a packet from before the source was taken on.
    public mutating func map(sequence: UInt16, timestamp: UInt32, now: Instant) -> (sequence: UInt16, timestamp: UInt32)? {
        guard let newest = sourceNewest, sourceFirst.distance(to: SequenceNumber(sequence)) >= 0 else { return nil }
        // A number half the number space away is neither ahead nor late.
        guard newest.distance(to: SequenceNumber(sequence)) >= -Self.memory else { return nil }
        let outgoing = SequenceNumber(sequence &+ sequenceOffset)
        let outgoingTimestamp = timestamp &+ timestampOffset
        if newest.distance(to: SequenceNumber(sequence)) > 0 {
            sourceNewest = SequenceNumber(sequence)
            outgoingNewest = outgoing
            forgetOldest()
            lastTimestamp = outgoingTimestamp
            lastSent = now
        }
        return (outgoing.rawValue, outgoingTimestamp)
    }

    /// The producer's number of the packet that went out as `outgoing`, or `nil` if it is from before the last switch.
    public func source(of outgoing: UInt16) -> UInt16? {
        guard sourceNewest != nil, let newest = outgoingNewest,
            outgoingFirst.distance(to: SequenceNumber(outgoing)) >= 0,
            SequenceNumber(outgoing).distance(to: newest) >= 0
        else { return nil }
        return outgoing &- sequenceOffset
    }

    /// Keeps the oldest number that is still mapped close behind the newest: numbers compare modulo 2^16, so a bound
    /// that stood still would lie ahead of a stream that has run for 2^15 packets.
    private mutating func forgetOldest() {
        guard let newest = sourceNewest, sourceFirst.distance(to: newest) > Self.memory else { return }
        sourceFirst = newest.advanced(by: -Self.memory)
        outgoingFirst = SequenceNumber(sourceFirst.rawValue &+ sequenceOffset)
    }

    /// Packets behind the newest that are still mapped; far more than any retransmission looks back.
    private static let memory = 8_192
}
