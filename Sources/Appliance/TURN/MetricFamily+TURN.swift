internal import Synchronization

/// What the room's own TURN server knows, read when metrics are asked for.
extension MetricFamily {
    package static let turnAllocations = Self(
        "deskroom_turn_allocations",
        .gauge,
        "Allocations of the room's own TURN server."
    )
    package static let turnRefused = Self(
        "deskroom_turn_refused_total",
        .counter,
        "Requests to the room's own TURN server that were answered with an error, by its code; each allocation begins with one 401."
    )
    package static let turnBytes = Self(
        "deskroom_turn_bytes_total",
        .counter,
        "Bytes that the room's own TURN server has passed on: received from browsers, and sent to them."
    )
    package static let turnDropped = Self(
        "deskroom_turn_datagrams_dropped_total",
        .counter,
        """
        Datagrams that the room's own TURN server has dropped: unsent (the connection was full) and not_permitted (for or \
        from somebody whom the browser had not permitted).
        """
    )
}

extension TURNRelay? {
    /// Each family with its series, which are missing where the room is no TURN server.
    package var metrics: [(MetricFamily, [MetricSample])] {
        guard let relay = self else {
            return [.turnAllocations, .turnRefused, .turnBytes, .turnDropped].map { ($0, []) }
        }
        let statistics = relay.statistics
        return [
            (.turnAllocations, [MetricSample(.number(Double(relay.count)))]),
            (
                .turnRefused,
                statistics.refused.sorted { $0.key < $1.key }.map {
                    MetricSample([MetricLabel("code", "\($0.key)")], .count($0.value))
                }
            ),
            (
                .turnBytes,
                [
                    MetricSample([MetricLabel("direction", "received")], count(statistics.received)),
                    MetricSample([MetricLabel("direction", "sent")], count(statistics.sent)),
                ]
            ),
            (
                .turnDropped,
                [
                    MetricSample([MetricLabel("reason", "not_permitted")], count(statistics.unpermitted)),
                    MetricSample([MetricLabel("reason", "unsent")], count(statistics.unsent)),
                ]
            ),
        ]
    }

    private func count(_ counter: borrowing Atomic<UInt64>) -> MetricSample.Value {
        .count(counter.load(ordering: .relaxed))
    }
}
