internal import WebRTC
internal import Wire

extension Egress {
    /// Whether video must wait; what waits already goes first.
    func mustHold(now: Instant) -> Bool {
        congestion.pacer.rate != nil && (!held.isEmpty || !congestion.pacer.allows(now: now))
    }

    /// Whether the path is known to need pacing.
    var isPaced: Bool { congestion.pacer.rate != nil }

    /// Keeps a packet until the pacer lets it go.
    func hold(_ packet: HeldPacket, now: Instant, into queue: inout TransmitQueue) {
        if held.isFull { releaseFirst(now: now, into: &queue) }
        congestion.handleHeld(packet.header.payload.count)
        held.append(packet)
    }

    /// Sends what has waited long enough.
    func releaseHeld(now: Instant, into queue: inout TransmitQueue) {
        while !held.isEmpty, !queue.isNearlyFull, congestion.pacer.allows(now: now) {
            releaseFirst(now: now, into: &queue)
        }
    }

    /// Whether a packet has not been sent at all yet.
    func isHeld(_ sequence: UInt16, of consumer: Consumer) -> Bool {
        held.contains { $0.consumer === consumer && $0.header.sequenceNumber == sequence }
    }

    private func releaseFirst(now: Instant, into queue: inout TransmitQueue) {
        guard let packet = held.popFirst() else { return }
        congestion.handleReleased(packet.header.payload.count)
        // Its consumer may have been closed, or its source restarted: the next key frame is the beginning.
        guard packet.generation == packet.stream.generation,
            consumers.contains(where: { $0 === packet.consumer })
        else { return }
        packet.consumer.release(packet, through: self, now: now, into: &queue)
    }

    // MARK: Probes

    /// Sends as much of a probe as is due: what waits for the pacer, recent packets again, or padding where
    /// there are none.
    func sendProbes(now: Instant, into queue: inout TransmitQueue) {
        guard let prober = consumers.first(where: \.canProbe) else {
            congestion.endProbe()
            return
        }
        congestion.beginProbe(now: now)
        var step = 0
        while congestion.cluster?.isDue(now: now) == true, !queue.isNearlyFull {
            if !held.isEmpty {
                releaseFirst(now: now, into: &queue)
                continue
            }
            let before = congestion.nextSequence
            if !prober.sendProbe(step, through: self, now: now, into: &queue) {
                prober.sendPadding(through: self, now: now, into: &queue)
            }
            step += 1
            guard congestion.nextSequence != before else {
                congestion.endProbe()
                return
            }
        }
    }

    /// When ``releaseHeld(now:into:)`` or ``sendProbes(now:into:)`` is next due.
    func pollPacing(now: Instant) -> Instant {
        min(congestion.pacer.pollTimeout(now: now) ?? .never, congestion.cluster?.pollTimeout() ?? .never)
    }

    /// Writes and encrypts a packet that is all padding (RFC 3550 §5.1), for the path alone.
    func sendPadding(
        _ header: RTPHeader,
        format: ConsumerFormat,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard let address, sender != nil else { return }
        let sequence = congestion.nextSequence
        var length = 0
        do throws(SRTPError) {
            try queue.append(to: address) { out throws(SRTPError) in
                header.write(hasExtensions: true, hasPadding: true, into: &out)
                RTPHeaderExtensionWriter.write(
                    format,
                    audioLevel: nil,
                    descriptor: RawSpan(),
                    transportSequence: sequence,
                    now: now,
                    into: &out
                )
                let padding = Self.padding
                try sender?.protectRTP(
                    headerLength: out.byteCount,
                    prefix: nil,
                    payload: unsafe padding.span.bytes,
                    into: &out
                )
                length = out.byteCount
            }
        } catch {
            statistics.packetsRejected += 1
            return
        }
        congestion.handleSent(length, ssrc: 0, rtpSequence: 0, now: now)
        statistics.packetsSent += 1
        statistics.bytesSent += UInt64(length)
    }

    /// As much as its last byte can say.
    private static let padding: [UInt8] = [UInt8](repeating: 0, count: 254) + [255]
}
