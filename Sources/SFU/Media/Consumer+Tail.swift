internal import WebRTC
internal import Wire

/// Whether the end of what was sent has arrived: after it the stream may be silent for long
/// (`TailLossProbe`).
extension Consumer {
    /// The packet just sent is the newest of the stream, for the first time or once more.
    func expectArrival(through egress: Egress) {
        guard kind == .video, format.transportWideCCID != nil else { return }
        expectedArrival = egress.congestion.nextSequence &- 1
    }

    /// Packets with these transport-wide numbers have arrived.
    func handleArrivals(_ numbers: [UInt16]) {
        guard let expectedArrival, numbers.contains(expectedArrival) else { return }
        self.expectedArrival = nil
        tail.handleAcknowledged()
    }

    /// A report tells less than ``handleArrivals(_:)``: browsers leave out of it what came as a
    /// retransmission.
    func handleTailReport(hasNewest: Bool, hasLost: Bool, now: Instant) {
        if hasNewest {
            if !hasLost { tail.handleAcknowledged() }
        } else if tail.handleMissing() == .startAnew, isActive {
            stream?.requestKeyFrame(now: now)
        }
    }

    /// Whether the receiver can be asked: a reader in this process misses nothing, and a program that speaks no RTCP
    /// would be sent key frames for ever.
    private func canTellArrival(_ egress: Egress) -> Bool {
        egress.reader == nil && (egress.outbox == nil || sent.highestReported != nil)
    }

    /// Repeats the end of the stream if that is due.
    func probeTail(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        guard let newest = rewriter.newest, let probe = tail.pollProbe(now: now), isActive else { return }
        guard canTellArrival(egress) else {
            tail.handleAcknowledged()
            return
        }
        switch probe {
        case .repeatNewest: resend(newest.rawValue, through: egress, now: now, into: &queue)
        case .startAnew: stream?.requestKeyFrame(now: now)
        }
    }
}
