/// What becomes of a producer, until it is closed.
package enum ProducerChange: Hashable, Sendable {
    case paused
    case resumed
}

/// Who is told that a producer pauses, what of it is watched, and that it closes.
struct ProducerObservers {
    private var byProducer: [ProducerID: [AsyncStream<ProducerChange>.Continuation]] = [:]
    private var layersByProducer: [ProducerID: [AsyncStream<Set<Int>>.Continuation]] = [:]

    /// What becomes of the producer from now on; ends when it is closed.
    mutating func observe(_ producer: ProducerID) -> AsyncStream<ProducerChange> {
        let (stream, continuation) = AsyncStream<ProducerChange>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.waitingChanges)
        )
        byProducer[producer, default: []].append(continuation)
        return stream
    }

    func tell(_ change: ProducerChange, of producer: ProducerID) {
        for observer in byProducer[producer] ?? [] { observer.yield(change) }
    }

    /// Which encodings or layers of the producer are watched: the given ones, and then each change; ends when it is closed.
    mutating func observeLayers(
        of producer: ProducerID,
        beginningWith layers: Set<Int>
    ) -> AsyncStream<Set<Int>> {
        // Each tells all, so that the newest is enough.
        let (stream, continuation) = AsyncStream<Set<Int>>.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield(layers)
        layersByProducer[producer, default: []].append(continuation)
        return stream
    }

    /// A source is told that other encodings or layers are watched.
    func tell(_ event: WorkerEvent) {
        guard case .wantedLayersChanged(let producer, let layers) = event else { return }
        for observer in layersByProducer[producer] ?? [] { observer.yield(layers) }
    }

    /// The producer is closed.
    mutating func finish(_ producer: ProducerID) {
        for observer in byProducer.removeValue(forKey: producer) ?? [] { observer.finish() }
        for observer in layersByProducer.removeValue(forKey: producer) ?? [] { observer.finish() }
    }

    /// The newest tells how it is.
    private static let waitingChanges = 16
}
