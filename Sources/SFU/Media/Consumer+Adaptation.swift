internal import WebRTC
internal import Wire

extension Consumer {
    // MARK: Pacing

    /// Sends a packet that has waited for the pacer.
    func release(
        _ packet: HeldPacket,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        emit(
            packet.header,
            numbers: packet.numbers,
            source: packet.source,
            audioLevel: nil,
            of: packet.stream,
            held: packet.held,
            through: egress,
            now: now,
            into: &queue
        )
    }

    // MARK: Probes

    /// Whether probes can be made of this stream: its receiver takes retransmissions and tells arrival times.
    var canProbe: Bool {
        kind == .video && !isPaused && format.rtxSSRC != nil && format.transportWideCCID != nil
    }

    /// Sends one of the newest packets again, another one for each `step`; `false` if it is not kept any
    /// more.
    func sendProbe(
        _ step: Int,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard let newest else { return false }
        return resend(
            newest &- UInt16(truncatingIfNeeded: step & 7),
            isProbe: true,
            through: egress,
            now: now,
            into: &queue
        )
    }

    /// Sends padding in the retransmission stream (RFC 4588 streams have numbers of their own, so media has
    /// no gaps).
    func sendPadding(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        guard let ssrc = format.rtxSSRC, let payloadType = format.rtxPayloadType else { return }
        let header = RTPHeader(
            payloadType: payloadType,
            sequenceNumber: retransmitter.takeSequence(),
            timestamp: lastTimestamp,
            ssrc: ssrc,
            payloadLength: 0
        )
        egress.sendPadding(header, format: format, now: now, into: &queue)
    }
}
