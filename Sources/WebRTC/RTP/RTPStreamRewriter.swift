internal import CPrefetch
public import Wire

/// Gives one consumer an unbroken stream: sequence numbers without gaps of our making and timestamps that go
/// on, across a switch or restart of the source and across packets left out.
///
/// Call ``resynchronise(at:timestamp:aligned:now:)`` with the first packet of a new source, ``skip(_:)`` for
/// a packet that this consumer does not get, and ``map(sequence:timestamp:now:)`` for one that it gets.
/// ``source(of:)`` finds back from a NACK to the producer's packet.
///
/// ```
///  source     10  11  12  13  14  15       11, 14: left out; 13: lost, perhaps late
///  outgoing  100     101 102     103
/// ```
///
/// A number is kept for a lost packet. If that packet comes and is to be left out after all, its number
/// belongs to nothing: ``isVoid(_:)`` tells, so that the receiver need not ask for it for ever.
public struct RTPStreamRewriter: Sendable {
    /// The offset from the source's timestamps to the outgoing ones, modulo 2^32.
    public private(set) var timestampOffset: UInt32 = 0

    private enum State: UInt8 {
        case unknown
        /// The number is kept for a packet that has not come.
        case awaited
        case given
        /// The packet has no number.
        case leftOut
        /// The number has no packet.
        case void
    }

    private struct Slot {
        var sequence: UInt16 = 0
        var outgoing: UInt16 = 0
        var state = State.unknown
    }

    private var sequenceOffset: UInt16 = 0
    private var sourceNewest: SequenceNumber?
    private var outgoingNewest: SequenceNumber?
    private var nextOutgoing: SequenceNumber
    private var lastTimestamp: UInt32
    private var lastSent = Instant(nanoseconds: 0)
    private let clockRate: Int
    /// By the source's number, and the source's numbers by the outgoing one.
    private var slots: [Slot]
    private var sources: [UInt16]
    private let memory: Int
    /// Of the number of slots, a power of two: one less, and the half.
    private var mask: Int { didSet { half = UInt16(truncatingIfNeeded: (mask + 1) >> 1) } }
    private var half: UInt16
    /// When the half of the slots was entered that is filled now.
    private var halfBegan = Instant(nanoseconds: .min / 2)

    /// - Parameters:
    ///   - clockRate: Of the media, in Hz.
    ///   - firstSequence: The number the stream begins with.
    ///   - firstTimestamp: The timestamp the stream begins with.
    ///   - memory: The most packets behind the newest that are still mapped: a power of two, and no more
    ///     than ``RetransmissionStore`` keeps. Of a slow stream fewer are, but those of a second at least.
    public init(clockRate: Int, firstSequence: UInt16, firstTimestamp: UInt32, memory: Int = 2_048) {
        precondition(memory > 0 && memory & (memory - 1) == 0, "a power of two")
        self.clockRate = clockRate
        self.memory = memory
        mask = min(memory, Self.smallest) - 1
        half = UInt16(truncatingIfNeeded: (mask + 1) >> 1)
        slots = Array(repeating: Slot(), count: mask + 1)
        sources = Array(repeating: 0, count: mask + 1)
        nextOutgoing = SequenceNumber(firstSequence)
        lastTimestamp = firstTimestamp
    }

    /// Whether a source has been taken on.
    public var isSynchronised: Bool { sourceNewest != nil }

    /// The newest number given out; `nil` before the first.
    public var newest: SequenceNumber? { outgoingNewest }

    /// Asks the processor for the places of the next packets.
    ///
    /// It changes nothing; as `mutating` it is called without a copy.
    public mutating func prefetch() {
        guard let sourceNewest, let outgoingNewest else { return }
        // Whether an array is shared stands in front of its elements.
        CPrefetch_lines(unsafeBitCast(slots, to: UnsafeRawPointer.self), 64)
        CPrefetch_lines(unsafeBitCast(sources, to: UnsafeRawPointer.self), 64)
        slots.withUnsafeBufferPointer {
            CPrefetch_lines($0.baseAddress.map { $0 + (Int(sourceNewest.rawValue) & mask) }, 128)
        }
        sources.withUnsafeBufferPointer {
            CPrefetch_lines($0.baseAddress.map { $0 + (Int(outgoingNewest.rawValue) & mask) }, 64)
        }
    }

    /// Takes on a source whose next packet is `sequence` with `timestamp`.
    ///
    /// The outgoing number goes on by one.
    ///
    /// - Parameter aligned: The outgoing timestamp that the packet has by the sources' sender reports. It is
    ///   used if it fits the time that passed; where it is not ahead of the last one, the stream goes on by
    ///   one tick, for a receiver drops what goes back. Without it, the timestamp goes on by the time that
    ///   passed.
    /// - Returns: Whether `aligned` was used.
    @discardableResult
    public mutating func resynchronise(
        at sequence: UInt16,
        timestamp: UInt32,
        aligned: UInt32? = nil,
        now: Instant
    ) -> Bool {
        if let outgoingNewest { nextOutgoing = outgoingNewest.advanced(by: 1) }
        sequenceOffset = nextOutgoing.rawValue &- sequence
        sourceNewest = SequenceNumber(sequence).advanced(by: -1)
        // A copy may go on to need them.
        clear(min(memory, Self.smallest))
        halfBegan = Instant(nanoseconds: .min / 2)
        guard outgoingNewest != nil else {
            timestampOffset = lastTimestamp &- timestamp
            return false
        }
        let elapsed = (now - lastSent).ticks(at: clockRate)
        var isAligned = false
        var step = max(1, elapsed)
        if let aligned {
            let ahead = Int64(Int32(bitPattern: aligned &- lastTimestamp))
            isAligned = abs(ahead - elapsed) <= Self.tolerance * Int64(clockRate)
            if isAligned { step = max(1, ahead) }
        }
        timestampOffset = lastTimestamp &+ UInt32(truncatingIfNeeded: step) &- timestamp
        return isAligned
    }

    /// Forgets the source; nothing is mapped until the next ``resynchronise(at:timestamp:aligned:now:)``.
    public mutating func desynchronise() {
        sourceNewest = nil
    }

    /// Leaves out the packet `sequence`: later numbers close the gap.
    ///
    /// If newer ones have been given numbers, its own is left without a packet.
    public mutating func skip(_ sequence: UInt16) {
        guard let newest = sourceNewest else { return }
        let distance = newest.distance(to: SequenceNumber(sequence))
        guard distance > 0 else {
            let index = Int(sequence) & mask
            if slots[index].sequence == sequence, slots[index].state == .awaited {
                slots[index].state = .void
            }
            return
        }
        if entersHalf(sequence, after: newest) { makeRoom(now: lastSent) }
        keepNumbers(after: newest, distance)
        sourceNewest = SequenceNumber(sequence)
        slots[Int(sequence) & mask] = Slot(sequence: sequence, outgoing: 0, state: .leftOut)
        sequenceOffset &-= 1
    }

    /// The outgoing number and timestamp, or `nil` for a packet that has none: from before the source was
    /// taken on, left out, or too late.
    public mutating func map(
        sequence: UInt16,
        timestamp: UInt32,
        now: Instant
    ) -> (sequence: UInt16, timestamp: UInt32)? {
        guard let newest = sourceNewest else { return nil }
        let distance = newest.distance(to: SequenceNumber(sequence))
        let outgoingTimestamp = timestamp &+ timestampOffset
        guard distance > 0 else {
            guard let outgoing = takeLate(sequence) else { return nil }
            if outgoingNewest.map({ outgoing.isNewer(than: $0) }) ?? true {
                note(outgoing, outgoingTimestamp, now: now)
            }
            return (outgoing.rawValue, outgoingTimestamp)
        }
        if entersHalf(sequence, after: newest) { makeRoom(now: now) }
        keepNumbers(after: newest, distance)
        sourceNewest = SequenceNumber(sequence)
        let outgoing = sequence &+ sequenceOffset
        slots[Int(sequence) & mask] = Slot(sequence: sequence, outgoing: outgoing, state: .given)
        sources[Int(outgoing) & mask] = sequence
        note(SequenceNumber(outgoing), outgoingTimestamp, now: now)
        return (outgoing, outgoingTimestamp)
    }

    /// The number of a packet that comes again, or one that was kept for it.
    private mutating func takeLate(_ sequence: UInt16) -> SequenceNumber? {
        let index = Int(sequence) & mask
        guard slots[index].sequence == sequence,
            slots[index].state == .awaited || slots[index].state == .given
        else { return nil }
        slots[index].state = .given
        return SequenceNumber(slots[index].outgoing)
    }

    private mutating func note(_ newest: SequenceNumber, _ timestamp: UInt32, now: Instant) {
        outgoingNewest = newest
        lastTimestamp = timestamp
        lastSent = now
    }

    /// Whether a number is kept for the packet `sequence`, which has not come.
    public func isAwaited(_ sequence: UInt16) -> Bool {
        guard let newest = sourceNewest, newest.distance(to: SequenceNumber(sequence)) <= 0 else {
            return false
        }
        let slot = slots[Int(sequence) & mask]
        return slot.sequence == sequence && slot.state == .awaited
    }

    /// Waits no longer for the packet that the number `outgoing` is kept for, if it is; whether it is, or was
    /// until then.
    public mutating func giveUp(_ outgoing: UInt16) -> Bool {
        guard let slot = slot(of: outgoing), slot.state == .awaited || slot.state == .void else {
            return false
        }
        slots[Int(slot.sequence) & mask].state = .void
        return true
    }

    /// Whether the number `outgoing` was given out, or kept, since the source was taken on, and is remembered.
    public func remembers(_ outgoing: UInt16) -> Bool { slot(of: outgoing) != nil }

    /// The producer's number of the packet that went out as `outgoing`; `nil` if none did, or before the last
    /// switch.
    public func source(of outgoing: UInt16) -> UInt16? {
        guard let slot = slot(of: outgoing), slot.state == .given || slot.state == .awaited,
            let newest = outgoingNewest, SequenceNumber(outgoing).distance(to: newest) >= 0
        else { return nil }
        return slot.sequence
    }

    /// Whether the number `outgoing` was kept for a packet that had to be left out when it came.
    public func isVoid(_ outgoing: UInt16) -> Bool { slot(of: outgoing)?.state == .void }

    private func slot(of outgoing: UInt16) -> Slot? {
        guard sourceNewest != nil else { return nil }
        let sequence = sources[Int(outgoing) & mask]
        let slot = slots[Int(sequence) & mask]
        guard slot.sequence == sequence, slot.outgoing == outgoing, slot.state != .unknown else { return nil }
        return slot
    }

    /// Keeps a number for each packet between the newest and the one `distance` after it.
    private mutating func keepNumbers(after newest: SequenceNumber, _ distance: Int) {
        guard distance > 1 else { return }
        for step in max(1, distance - slots.count)..<distance {
            let sequence = newest.advanced(by: step).rawValue
            let outgoing = sequence &+ sequenceOffset
            slots[Int(sequence) & mask] = Slot(sequence: sequence, outgoing: outgoing, state: .awaited)
            sources[Int(outgoing) & mask] = sequence
        }
    }

    private func entersHalf(_ sequence: UInt16, after newest: SequenceNumber) -> Bool {
        (sequence ^ newest.rawValue) & half != 0
    }

    private mutating func clear(_ count: Int) {
        mask = count - 1
        slots = Array(repeating: Slot(), count: count)
        sources = Array(repeating: 0, count: count)
    }

    /// Twice as many slots if those of the half that is about to be filled anew are still needed.
    ///
    /// So the memory grows with the rate, and within a burst.
    @inline(never)
    private mutating func makeRoom(now: Instant) {
        defer { halfBegan = now }
        guard now - halfBegan < Self.shortestMemory, slots.count < memory, let sourceNewest else { return }
        let old = slots
        clear(2 * old.count)
        for step in (1 - old.count)...0 {
            let sequence = sourceNewest.advanced(by: step).rawValue
            let slot = old[Int(sequence) & (old.count - 1)]
            guard slot.sequence == sequence, slot.state != .unknown else { continue }
            slots[Int(sequence) & mask] = slot
            if slot.state != .leftOut { sources[Int(slot.outgoing) & mask] = sequence }
        }
    }

    /// A power of two: more than a second of sound.
    private static let smallest = 128
    /// What is older is hardly asked for any more.
    private static let shortestMemory = Interval.seconds(1)
    /// Seconds by which sender reports may differ from the time that passed here.
    private static let tolerance: Int64 = 1
}
