package import Wire

/// The consumers of one Worker by their names: those of a pipe transport have one name for several, one for each
/// encoding.
package struct ConsumerTable {
    private var byID: [ConsumerID: Consumer] = [:]
    private var pipes: [ConsumerID: PipeConsumer] = [:]

    package init() {}

    package var count: Int { byID.count }

    package mutating func add(_ consumer: Consumer) { byID[consumer.id] = consumer }

    /// - Parameter members: One for each encoding, lowest first; each is added by itself, too.
    package mutating func add(_ members: [Consumer], as pipe: ConsumerID, isPaused: Bool = false) {
        pipes[pipe] = PipeConsumer(members, isPaused: isPaused)
    }

    package mutating func remove(_ consumer: Consumer) {
        byID[consumer.id] = nil
        if let pipe = consumer.pipe { pipes[pipe] = nil }
    }

    /// The one of this name that is not a pipe's.
    package subscript(id: ConsumerID) -> Consumer? { byID[id] }

    /// What a pipe transport sends of one producer: each of its encodings by itself.
    package func pipe(_ id: ConsumerID) -> [Consumer]? { pipes[id]?.members }

    /// All that go by this name; empty: none.
    package func named(_ id: ConsumerID) -> [Consumer] { pipe(id) ?? byID[id].map { [$0] } ?? [] }

    /// Stops what goes by this name, or lets it go on.
    package mutating func setPaused(_ id: ConsumerID, _ isPaused: Bool, now: Instant) {
        byID[id]?.setPaused(isPaused, now: now)
        pipes[id]?.setPaused(isPaused, now: now)
    }

    /// Says which encodings anybody behind a pipe watches.
    ///
    /// - Returns: Whether there is a pipe of this name.
    package mutating func setWanted(_ encodings: Set<Int>, of pipe: ConsumerID, now: Instant) -> Bool {
        pipes[pipe]?.setWanted(encodings, now: now) != nil
    }
}
