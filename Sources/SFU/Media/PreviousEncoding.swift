internal import WebRTC
internal import Wire

/// A stretch of a consumer's stream that came from one encoding, from its first key frame to a switch.
///
/// The receiver asks for what it misses of it after the switch as well, and packets of it that were lost on
/// their way here come as late: with these numbers they go out.
struct PreviousEncoding {
    var encoding: Int
    /// Of the encoding: after a restart its numbers mean other packets.
    var generation: Int
    var rewriter: RTPStreamRewriter
    var filter: LayerFilter
    var ended: Instant
}

extension Consumer {
    /// Where a number of the outgoing stream comes from.
    enum Place: Equatable {
        /// The encoding on show.
        case current
        /// An index into ``previousEncodings``.
        case former(Int)
        /// So long ago, or of a source that has begun anew, that nothing is left of it.
        case forgotten
    }

    /// The next packet is another encoding's, or comes after a break; what was sent can be mended for a
    /// while yet.
    func beginAnew(now: Instant) {
        if let encoding = selection.current, rewriter.isSynchronised, format.rtxSSRC != nil, kind == .video {
            if previousEncodings.count == Self.maximumPreviousEncodings { previousEncodings.removeFirst() }
            previousEncodings.append(
                PreviousEncoding(
                    encoding: encoding,
                    generation: generation,
                    rewriter: rewriter,
                    filter: filter,
                    ended: now
                )
            )
        }
        backlog = nil
        rewriter.desynchronise()
        filter.resynchronise()
    }

    /// `nil` for a number that was not given out.
    func place(of sequence: UInt16) -> Place? {
        if rewriter.remembers(sequence) { return .current }
        if let index = previousEncodings.lastIndex(where: { $0.rewriter.remembers(sequence) }) {
            let previous = previousEncodings[index]
            return producer.streams[previous.encoding].generation == previous.generation
                ? .former(index) : .forgotten
        }
        guard let newest = rewriter.newest else { return nil }
        let age = SequenceNumber(sequence).distance(to: newest)
        return age >= 0 && age < min(Int(clamping: packets), Self.longestMemory) ? .forgotten : nil
    }

    /// Sends what has come late of the encodings that were on show before, with the numbers that were kept
    /// for it.
    func forwardLate(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        previousEncodings.removeAll {
            now - $0.ended > Self.longestRepair
                || producer.streams[$0.encoding].generation != $0.generation
        }
        for index in previousEncodings.indices {
            let stream = producer.streams[previousEncodings[index].encoding]
            for packet in stream.received
            where format.takes(packet.header.payloadType)
                && previousEncodings[index].rewriter.isAwaited(packet.header.sequenceNumber)
            {
                let source = packet.header.sequenceNumber
                guard
                    let verdict = previousEncodings[index].filter.handle(packet, of: stream)
                else {
                    previousEncodings[index].rewriter.skip(source)
                    continue
                }
                guard
                    let mapped = previousEncodings[index].rewriter.map(
                        sequence: source,
                        timestamp: packet.header.timestamp,
                        now: now
                    )
                else { continue }
                pass(packet, as: mapped, verdict, of: stream, through: egress, now: now, into: &queue)
            }
        }
    }

    private static let maximumPreviousEncodings = 3
    /// As long as packets of video are stored.
    private static let longestRepair = Interval.seconds(2)
    /// As many numbers as `RTPStreamRewriter` remembers.
    private static let longestMemory = 2_048
}
