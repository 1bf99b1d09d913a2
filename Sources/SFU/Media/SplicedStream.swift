internal import WebRTC
package import Wire

/// The one unbroken stream that a receiver sees, spliced from encodings of a producer, and across breaks and restarts of
/// each: which of the packets go out, and with which numbers.
///
/// ```
///  encoding 1   ──K────▶          K: a key frame
///  encoding 0             K──▶    ╳: begins anew    K──────▶
///  outgoing     ──K──────▶K──▶                      K──────▶
/// ```
///
/// ``handle(_:of:)`` takes each packet of the encoding on show. Before the first one of another encoding, or after a break,
/// call ``breakOff(keeping:now:)``; as long as ``isSynchronised`` is `false`, ``synchronise(with:of:in:as:)`` with the next.
/// What is asked for again, or comes late, has its ``Place``.
package struct SplicedStream {
    /// What a packet goes out as.
    package struct Numbers {
        package var sequence: UInt16
        package var timestamp: UInt32
        var verdict: LayerFilter.Verdict
    }

    /// Where a number of the outgoing stream comes from.
    package enum Place: Equatable {
        /// The encoding on show.
        case current
        /// So long ago, or of a source that has begun anew, that nothing is left of it.
        case forgotten
        /// One of the encodings that were on show before.
        case previous(Int)
    }

    private var rewriter: RTPStreamRewriter
    private var filter = LayerFilter()
    /// Of the encoding on show.
    private var generation: Int
    /// What was sent before the switches of late, newest last: the receiver may still miss some of it.
    private var previous: [PreviousEncoding] = []
    /// The number that the newest key frame began with.
    private var keyFrameStart: SequenceNumber?
    /// What adds up with a timestamp of an encoding to the outgoing one for the same moment.
    ///
    /// Unlike the rewriter's, without the ticks by which a switch was put off.
    private var alignment: (encoding: Int, generation: Int, offset: UInt32)?
    private var nextLayerRequest = Instant(nanoseconds: .min)

    /// - Parameter random: Numbers to begin with, which an observer cannot guess (RFC 3550 §5.1).
    package init(clockRate: Int, generation: Int, random: inout RandomSource) {
        self.generation = generation
        // In the lower half, so that a receiver's roll-over guess is right even if the first packets are
        // lost.
        rewriter = RTPStreamRewriter(
            clockRate: clockRate,
            firstSequence: .random(in: 1...0x7fff, using: &random),
            firstTimestamp: .random(in: .min ... .max, using: &random)
        )
    }

    /// The newest number given out; `nil` before the first.
    package var newest: UInt16? { rewriter.newest?.rawValue }
    /// Whether an encoding has been begun with.
    package var isSynchronised: Bool { rewriter.isSynchronised }
    /// The offset from the timestamps of the encoding on show to the outgoing ones, modulo 2^32.
    var timestampOffset: UInt32 { rewriter.timestampOffset }
    /// The layers that go out, of a stream that has as many; `nil` where the codec has none.
    var spatialLayer: Int? { filter.spatialLayer }
    var temporalLayer: Int? { filter.temporalLayer }

    /// Whether the newest key frame began with this number.
    package func hasKeyFrame(at sequence: UInt16) -> Bool { keyFrameStart?.rawValue == sequence }

    /// Whether the encoding on show has begun anew since.
    @inline(__always)
    package func isOutdated(by stream: RTPStream) -> Bool { generation != stream.generation }

    mutating func prefetch() { rewriter.prefetch() }

    // MARK: Commands

    /// The highest layers within an encoding that are to go out.
    mutating func setTarget(spatial: Int, temporal: Int) {
        filter.setTarget(spatial: spatial, temporal: temporal)
    }

    /// The next packet is another encoding's, or comes after a break.
    ///
    /// - Parameter encoding: The one on show until now, if what was sent of it can be mended for a while yet.
    package mutating func breakOff(keeping encoding: Int?, now: Instant) {
        if let encoding, rewriter.isSynchronised {
            if previous.count == Self.maximumPrevious { previous.removeFirst() }
            previous.append(
                PreviousEncoding(
                    encoding: encoding,
                    generation: generation,
                    rewriter: rewriter,
                    filter: filter,
                    ended: now
                )
            )
        }
        rewriter.desynchronise()
        filter.resynchronise()
    }

    /// The next packet is the first one of this encoding.
    package mutating func begin(_ stream: RTPStream) { generation = stream.generation }

    // MARK: Packets

    /// What a packet of the encoding on show goes out as; `nil`: it does not.
    @inline(__always)
    package mutating func handle(_ packet: ReceivedPacket, of stream: RTPStream) -> Numbers? {
        let source = packet.header.sequenceNumber
        guard let verdict = filter.handle(packet, of: stream) else {
            rewriter.skip(source)
            return nil
        }
        guard
            let mapped = rewriter.map(sequence: source, timestamp: packet.header.timestamp, now: packet.came)
        else { return nil }
        if packet.startsKeyFrame { keyFrameStart = SequenceNumber(mapped.sequence) }
        return Numbers(sequence: mapped.sequence, timestamp: mapped.timestamp, verdict: verdict)
    }

    /// Goes on with an encoding whose next packet is this one.
    @inline(never)
    package mutating func synchronise(
        with packet: ReceivedPacket,
        of stream: RTPStream,
        in producer: Producer,
        as encoding: Int
    ) {
        let header = packet.header
        var offset: UInt32?
        if let alignment, producer.streams[alignment.encoding].generation == alignment.generation {
            let before = producer.streams[alignment.encoding]
            if alignment.encoding == encoding {
                offset = alignment.offset
            } else if let difference = before.timestampDifference(to: stream) {
                offset = alignment.offset &+ difference
            }
        }
        let isAligned = rewriter.resynchronise(
            at: header.sequenceNumber,
            timestamp: header.timestamp,
            aligned: offset.map { header.timestamp &+ $0 },
            now: packet.came
        )
        generation = stream.generation
        alignment = (encoding, generation, (isAligned ? offset : nil) ?? rewriter.timestampOffset)
    }

    /// Whether the layers that are wanted can only be reached by a key frame, which is to be asked for now.
    @inline(__always)
    mutating func pollKeyFrameNeed(now: Instant) -> Bool {
        guard filter.needsKeyFrame, now >= nextLayerRequest else { return false }
        nextLayerRequest = now + Self.layerRequestInterval
        return true
    }

    // MARK: What was on show before

    /// Whether packets may still come of an encoding that was on show before.
    package var hasPrevious: Bool { !previous.isEmpty }

    /// Encodings that packets may still come late of, by their places in the producer; forgets what is over.
    package mutating func pollPrevious(of producer: Producer, now: Instant) -> [Int] {
        previous.removeAll { now - $0.ended > Self.longestRepair || !$0.isCurrent(producer) }
        return previous.map(\.encoding)
    }

    /// What a packet goes out as that may have come late of an encoding that was on show before; `nil`: it does not.
    ///
    /// - Parameter index: Of the encoding in ``pollPrevious(of:now:)``.
    package mutating func handleLate(
        _ packet: ReceivedPacket,
        of stream: RTPStream,
        at index: Int,
        now: Instant
    ) -> Numbers? {
        let source = packet.header.sequenceNumber
        guard previous[index].rewriter.isAwaited(source) else { return nil }
        guard let verdict = previous[index].filter.handle(packet, of: stream) else {
            previous[index].rewriter.skip(source)
            return nil
        }
        guard
            let mapped = previous[index].rewriter.map(
                sequence: source,
                timestamp: packet.header.timestamp,
                now: now
            )
        else { return nil }
        return Numbers(sequence: mapped.sequence, timestamp: mapped.timestamp, verdict: verdict)
    }

    // MARK: What is asked for again

    /// Where a number comes from; `nil` for one that was not given out.
    ///
    /// - Parameter packets: How many have been sent.
    package func place(of sequence: UInt16, in producer: Producer, packets: UInt64) -> Place? {
        if rewriter.remembers(sequence) { return .current }
        if let index = previous.lastIndex(where: { $0.rewriter.remembers(sequence) }) {
            return previous[index].isCurrent(producer) ? .previous(index) : .forgotten
        }
        guard let newest = rewriter.newest else { return nil }
        let age = SequenceNumber(sequence).distance(to: newest)
        return age >= 0 && age < min(Int(clamping: packets), Self.longestMemory) ? .forgotten : nil
    }

    /// The encoding that a number comes from, and its own number for it; `nil` for one that belongs to nothing.
    ///
    /// - Parameter current: The encoding on show.
    package func source(
        of sequence: UInt16,
        at place: Place,
        current: Int?
    ) -> (encoding: Int, sequence: UInt16)? {
        switch place {
        case .current:
            guard let current, let source = rewriter.source(of: sequence) else { return nil }
            return (current, source)
        case .previous(let index):
            guard let source = previous[index].rewriter.source(of: sequence) else { return nil }
            return (previous[index].encoding, source)
        case .forgotten: return nil
        }
    }

    /// Whether there is nothing to send under a number, now or ever.
    ///
    /// What was lost on its way here before a key frame is not asked for for long: the receiver does well to
    /// stop asking, too.
    ///
    /// - Parameter mayBeGivenUp: Whether it has been asked for often enough.
    package mutating func isVoid(_ sequence: UInt16, at place: Place, mayBeGivenUp: Bool) -> Bool {
        switch place {
        case .current:
            if rewriter.isVoid(sequence) { return true }
            guard mayBeGivenUp, let keyFrameStart, keyFrameStart.isNewer(than: SequenceNumber(sequence))
            else { return false }
            return rewriter.giveUp(sequence)
        case .previous(let index):
            if previous[index].rewriter.isVoid(sequence) { return true }
            return mayBeGivenUp && previous[index].rewriter.giveUp(sequence)
        case .forgotten: return true
        }
    }

    /// What a packet goes out as once more; `nil` if it was left out.
    ///
    /// - Parameter packet: As it came from `stream`.
    mutating func repeated(
        _ header: RTPHeader,
        in packet: RawSpan,
        of stream: RTPStream,
        at place: Place,
        now: Instant
    ) -> Numbers? {
        let verdict: LayerFilter.Verdict?
        let mapped: (sequence: UInt16, timestamp: UInt32)?
        let source = header.sequenceNumber
        if case .previous(let index) = place {
            verdict = previous[index].filter.verdict(header, in: packet, of: stream)
            mapped = previous[index].rewriter.map(sequence: source, timestamp: header.timestamp, now: now)
        } else {
            verdict = filter.verdict(header, in: packet, of: stream)
            mapped = rewriter.map(sequence: source, timestamp: header.timestamp, now: now)
        }
        guard let verdict, let mapped else { return nil }
        return Numbers(sequence: mapped.sequence, timestamp: mapped.timestamp, verdict: verdict)
    }

    private static let layerRequestInterval = Interval.milliseconds(500)
    private static let maximumPrevious = 3
    /// As long as packets of video are stored.
    private static let longestRepair = Interval.seconds(2)
    /// As many numbers as `RTPStreamRewriter` remembers.
    private static let longestMemory = 2_048
}
