package import Wire

/// The routers of one Worker, and who is heard to speak in each.
package struct RouterTable {
    /// Not a dictionary: they are gone through on every wake-up.
    private var all: [Router] = []

    package init() {}

    package func contains(_ id: RouterID) -> Bool { all.contains { $0.id == id } }

    package mutating func add(_ router: Router) { all.append(router) }

    /// Returns whether there was such a router.
    package mutating func remove(_ id: RouterID) -> Bool {
        guard let index = all.firstIndex(where: { $0.id == id }) else { return false }
        all.remove(at: index)
        return true
    }

    package mutating func removeAll() { all.removeAll() }

    /// A producer is gone.
    package func forget(_ producer: ProducerID) { for router in all { router.observer.remove(producer) } }

    // MARK: Speakers

    /// Tells the observers what microphones sent in this wake-up, and drops what is not passed on.
    package func observe(_ publishers: [Transport], now: Instant) {
        for transport in publishers {
            for producer in transport.producers where producer.isMicrophone && producer.hasReceived {
                guard let router = all.first(where: { $0.id == transport.router }) else { continue }
                switch router.observer.handle(producer, now: now) {
                case .holdBack: producer.endWakeUp()
                case .passOnAgain:
                    // What was held back leaves no gap that would look like loss.
                    for consumer in producer.consumers { consumer.suspend(now: now) }
                case .passOn: break
                }
            }
        }
    }

    /// Appends who speaks from now on.
    package func handleTimeout(now: Instant, into events: inout [WorkerEvent]) {
        for router in all {
            router.observer.handleTimeout(now: now)
            while let event = router.observer.pollEvent() { events.append(event) }
        }
    }

    /// When ``handleTimeout(now:into:)`` is next due.
    package var due: Instant {
        var due = Instant.never
        for router in all { if let next = router.observer.pollTimeout() { due = min(due, next) } }
        return due
    }
}
