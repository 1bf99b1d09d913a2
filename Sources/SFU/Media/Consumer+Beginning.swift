internal import WebRTC
internal import Wire

/// How a consumer begins, and goes over to another encoding: with a key frame and everything after it.
///
/// Who has been shown nothing yet begins with a key frame that others were sent a moment ago, so that many who
/// come at once cost the source one. Who has seen something newer would be taken back by it, and waits for the
/// next.
extension Consumer {
    /// The receiver can be reached from now on, or anew.
    func requestKeyFrameIfNeeded(now: Instant) {
        guard isActive, let awaited = selection.awaited else { return }
        if producer.streams.count > 1 { choose(now: now) }
        requireKeyFrame(of: selection.awaited ?? awaited, now: now)
    }

    /// Settles which of several encodings to show.
    func choose(now: Instant) {
        guard let awaited = selection.choose(among: producer, upTo: target.spatial, now: now) else { return }
        requireKeyFrame(of: awaited, now: now)
    }

    private func requireKeyFrame(of encoding: Int, now: Instant) {
        let stream = producer.streams[encoding]
        isBeginning = rewriter.newest == nil && stream.recentKeyFrame(now: now) != nil
        if !isBeginning { stream.requestKeyFrame(now: now) }
    }

    /// Begins, or goes on with what is kept.
    ///
    /// If something has just come, ``forward(through:now:into:)`` does both. Returns whether anything may have
    /// been sent.
    private func proceed(
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard isBeginning || backlog != nil, isActive, !producer.hasReceived else { return false }
        if isBeginning, let awaited = selection.awaited {
            takeOn(awaited, through: egress, now: now, into: &queue)
        } else {
            isBeginning = false
            sendBacklog(through: egress, now: now, into: &queue)
        }
        handleSent(now: now)
        return true
    }

    /// Goes over to an encoding if there is a key frame to do it with: with its first packet and everything
    /// that the producer has after it, whichever came first.
    ///
    /// A repaired first packet is behind the rest of its frame.
    func takeOn(
        _ encoding: Int,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let stream = producer.streams[encoding]
        guard let first = beginning(of: stream, now: now) else { return }
        beginAnew(now: now)
        selection.switched(to: encoding)
        generation = stream.generation
        backlog = Backlog(
            from: SequenceNumber(first.header.sequenceNumber).advanced(by: 1),
            now: now
        )
        send(first, of: stream, through: egress, now: now, into: &queue)
        sendBacklog(through: egress, now: now, into: &queue)
    }

    /// The first packet of the key frame to go over to a stream with; `nil`: it has not come.
    private func beginning(of stream: RTPStream, now: Instant) -> ReceivedPacket? {
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

    // MARK: Backlog

    /// Sends what has come late of what was passed by already, and goes on.
    func forwardBacklog(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        guard let stream, let backlog else { return }
        for packet in stream.received
        where format.takes(packet.header.payloadType)
            && backlog.next.isNewer(than: SequenceNumber(packet.header.sequenceNumber))
        {
            send(packet, of: stream, through: egress, now: now, into: &queue)
        }
        sendBacklog(through: egress, now: now, into: &queue)
    }

    /// Sends as much as there is room for.
    ///
    /// What waits for the pacer has gone through here.
    private func sendBacklog(
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard let stream, var rest = backlog else { return }
        let newest = SequenceNumber(stream.newest)
        while rest.next.distance(to: newest) >= 0 {
            guard !queue.isNearlyFull, egress.isPaced || rest.allows(now: now) else {
                rest.putOff(now: now)
                backlog = rest
                return
            }
            let sequence = rest.next.rawValue
            rest.next = rest.next.advanced(by: 1)
            guard let packet = stream.packet(sequence, now: now), format.takes(packet.header.payloadType)
            else { continue }
            rest.handleSent(packet.header.payload.count)
            send(packet, of: stream, through: egress, now: now, into: &queue)
        }
        backlog = nil
    }

    // MARK: Time

    /// Returns whether the stream has begun or gone on.
    func handleTimeout(
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        let hasProceeded = proceed(through: egress, now: now, into: &queue)
        probeTail(through: egress, now: now, into: &queue)
        return hasProceeded
    }

    /// - Parameter isPathWide: Whether the path carries so much more than what is sent that nothing is paced.
    func pollTimeout(isPathWide: Bool) -> Instant? {
        isBeginning || backlog != nil
            ? pollBeginning(isPathWide: isPathWide) : pollTail(isPathWide: isPathWide)
    }

    @inline(never)
    private func pollBeginning(isPathWide: Bool) -> Instant? {
        // What has just come wakes it anyhow.
        if isBeginning, isActive, !producer.hasReceived { return .past }
        return [backlog?.due, pollTail(isPathWide: isPathWide)].lazy.compactMap(\.self).min()
    }

    /// While the stream goes on coming, the next packet tells as much as a probe would.
    ///
    /// A narrow path is looked at all the same: probes begin then, too, and with fewer looks the estimate was slower.
    private func pollTail(isPathWide: Bool) -> Instant? {
        isPathWide && stream?.isSilent == false ? nil : tail.pollTimeout()
    }
}
