internal import Wire

/// Notices streams that fall silent: from then on their consumers see to it that the end of what was sent arrives
/// (``TailLossProbe``).
///
/// While pictures go on coming, each would reveal the loss of the one before it. So no viewer's timer is set and
/// looked at for every picture, only once for all of them when one stream stops.
struct SilenceWatch {
    /// When to look; ``Instant/never`` while all are silent.
    private(set) var due = Instant.never

    /// Pictures have come.
    mutating func handleReceived(now: Instant) {
        if due == .never { due = now + RTPStream.pause }
    }

    mutating func handleTimeout(_ publishers: [Transport], now: Instant) {
        guard now >= due else { return }
        due = .never
        for transport in publishers {
            for producer in transport.producers where producer.kind == .video { look(at: producer, now: now) }
        }
    }

    private mutating func look(at producer: Producer, now: Instant) {
        for stream in producer.streams where !stream.isSilent {
            if let next = stream.pollSilence(now: now) {
                due = min(due, next)
            } else {
                for consumer in producer.consumers where consumer.stream === stream { consumer.wake() }
            }
        }
    }
}
