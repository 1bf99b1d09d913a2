internal import Wire

/// Streams that fall silent: from then on their consumers see to it that the end of what was sent arrives
/// (``TailLossProbe``).
///
/// While pictures go on coming, each would reveal the loss of the one before it. So no viewer's timer is set and
/// looked at for every picture, only once for all of them when one stream stops.
extension WorkerCore {
    /// Pictures have come.
    func expectSilence(now: Instant) {
        if nextSilence == .never { nextSilence = now + RTPStream.pause }
    }

    func handleSilence(now: Instant) {
        guard now >= nextSilence else { return }
        nextSilence = .never
        for transport in table.publishers {
            for producer in transport.producers { noteSilence(of: producer, now: now) }
        }
    }

    private func noteSilence(of producer: Producer, now: Instant) {
        guard producer.kind == .video else { return }
        for stream in producer.streams where !stream.isSilent {
            if let due = stream.pollSilence(now: now) {
                nextSilence = min(nextSilence, due)
            } else {
                for consumer in producer.consumers where consumer.stream === stream { consumer.wake() }
            }
        }
    }
}
