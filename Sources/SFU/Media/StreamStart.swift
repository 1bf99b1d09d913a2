internal import WebRTC
package import Wire

/// How a consumer's stream begins, and goes over to another encoding: with a key frame and everything after it.
///
/// Who has been shown nothing yet begins with a key frame that others were sent a moment ago, so that many who
/// come at once cost the source one. Who has seen something newer would be taken back by it, and waits for the
/// next.
///
/// While ``awaited`` is not `nil`, ask with ``takeBeginning(of:_:now:)`` for the packet to begin with; after
/// ``switched(to:with:now:)`` ask with ``pollKept(of:_:hasRoom:isPaced:now:)`` for those after it.
package struct StreamStart {
    private var selection: EncodingSelection
    /// Whether the stream can begin with a key frame that is kept.
    package private(set) var isBeginning = false
    private var backlog: Backlog?

    /// - Parameters:
    ///   - needsKeyFrame: Whether a stream can only begin with a key frame: that of video.
    ///   - only: The only encoding that is ever shown; `nil`: whichever is best.
    package init(needsKeyFrame: Bool, only: Int?) {
        selection = EncodingSelection(needsKeyFrame: needsKeyFrame, only: only)
    }

    /// The encoding on show; `nil`: nothing can be shown before a key frame.
    package var current: Int? { selection.current }
    /// The encoding whose key frame is waited for.
    package var awaited: Int? { selection.awaited }
    /// The one that is shown whatever others there are.
    var only: Int? { selection.only }
    /// Whether there is something kept to be sent, now or bit by bit.
    package var isCatchingUp: Bool { backlog != nil }
    /// When to go on with what is kept.
    package var due: Instant? { backlog?.due }

    // MARK: Commands

    /// What is shown cannot be continued.
    package mutating func lose(needsKeyFrame: Bool) {
        backlog = nil
        selection.lose(needsKeyFrame: needsKeyFrame)
    }

    /// Settles which of several encodings to show, up to `highest`.
    ///
    /// - Parameter isFirst: Whether nothing has been shown yet.
    package mutating func choose(among producer: Producer, upTo highest: Int, isFirst: Bool, now: Instant) {
        guard let awaited = selection.choose(among: producer, upTo: highest, now: now) else { return }
        requireKeyFrame(of: producer.streams[awaited], isFirst: isFirst, now: now)
    }

    /// The receiver can be reached from now on, or anew.
    package mutating func requestKeyFrame(
        of producer: Producer,
        upTo highest: Int,
        isFirst: Bool,
        now: Instant
    ) {
        guard let awaited else { return }
        if producer.streams.count > 1 { choose(among: producer, upTo: highest, isFirst: isFirst, now: now) }
        requireKeyFrame(of: producer.streams[self.awaited ?? awaited], isFirst: isFirst, now: now)
    }

    private mutating func requireKeyFrame(of stream: RTPStream, isFirst: Bool, now: Instant) {
        isBeginning = isFirst && stream.recentKeyFrame(now: now) != nil
        if !isBeginning { stream.requestKeyFrame(now: now) }
    }

    /// What is kept is not waited for any more.
    mutating func endBeginning() { isBeginning = false }

    // MARK: The key frame

    /// The first packet of the key frame to go over to a stream with; `nil`: it has not come.
    package mutating func takeBeginning(
        of stream: RTPStream,
        _ format: ConsumerFormat,
        now: Instant
    ) -> ReceivedPacket? {
        if isBeginning {
            isBeginning = false
            let kept = stream.recentKeyFrame(now: now).flatMap { stream.packet($0, now: now) }
            if var kept, format.takes(kept.header.payloadType) {
                kept.startsKeyFrame = true
                return kept
            }
            stream.requestKeyFrame(now: now)
        }
        return stream.received.first { $0.startsKeyFrame && format.takes($0.header.payloadType) }
    }

    /// The encoding is on show from now on, with this packet and everything that the producer has after it, whichever
    /// came first.
    ///
    /// A repaired first packet is behind the rest of its frame.
    package mutating func switched(to encoding: Int, with first: ReceivedPacket, now: Instant) {
        selection.switched(to: encoding)
        backlog = Backlog(from: SequenceNumber(first.header.sequenceNumber).advanced(by: 1), now: now)
    }

    // MARK: What is kept since

    /// Whether a packet has come late of what was passed by already.
    package func isLate(_ packet: ReceivedPacket) -> Bool {
        backlog?.next.isNewer(than: SequenceNumber(packet.header.sequenceNumber)) ?? false
    }

    /// The next packet to send of what is kept; `nil`: that is all, or all for now.
    ///
    /// - Parameters:
    ///   - hasRoom: Whether the queue takes another one.
    ///   - isPaced: Whether what is too fast for the path waits anyhow.
    package mutating func pollKept(
        of stream: RTPStream,
        _ format: ConsumerFormat,
        hasRoom: Bool,
        isPaced: Bool,
        now: Instant
    ) -> ReceivedPacket? {
        guard var rest = backlog else { return nil }
        let newest = SequenceNumber(stream.newest)
        while rest.next.distance(to: newest) >= 0 {
            guard hasRoom, isPaced || rest.allows(now: now) else {
                rest.putOff(now: now)
                backlog = rest
                return nil
            }
            let sequence = rest.next.rawValue
            rest.next = rest.next.advanced(by: 1)
            guard let packet = stream.packet(sequence, now: now), format.takes(packet.header.payloadType)
            else { continue }
            rest.handleSent(packet.header.payload.count)
            backlog = rest
            return packet
        }
        backlog = nil
        return nil
    }
}
