package import Wire

/// Tells, after something has changed and when it is due, which encodings or layers anybody watches, so that sources need
/// not send the others.
///
/// Call ``handleChange()`` when a consumer comes, goes or wants something else, and ``settle(_:now:)`` once a wake-up.
package struct WatchedLayers {
    private var hasChanged = false
    private var nextRemoval = Instant.never

    package init() {}

    /// Somebody may watch something else.
    package mutating func handleChange() { hasChanged = true }

    /// What the publishers' sources are to be told.
    @inline(__always)
    package mutating func settle(_ publishers: [Transport], now: Instant) -> [WorkerEvent] {
        hasChanged || now >= nextRemoval ? settleAll(publishers, now: now) : []
    }

    @inline(never)
    private mutating func settleAll(_ publishers: [Transport], now: Instant) -> [WorkerEvent] {
        hasChanged = false
        nextRemoval = .never
        var events: [WorkerEvent] = []
        for transport in publishers {
            for producer in transport.producers where producer.hasWantedLayers {
                if let event = settle(producer, now: now) { events.append(event) }
            }
        }
        return events
    }

    private mutating func settle(_ producer: Producer, now: Instant) -> WorkerEvent? {
        defer { if let due = producer.wanted.pollTimeout() { nextRemoval = min(nextRemoval, due) } }
        guard producer.updateWanted(now: now) != nil else { return nil }
        return .wantedLayersChanged(producer.id, producer.toldLayers)
    }

    /// When ``settle(_:now:)`` is due by itself.
    package var due: Instant { nextRemoval }
}
