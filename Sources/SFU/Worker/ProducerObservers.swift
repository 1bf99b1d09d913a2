/// What becomes of a producer, until it is closed.
package enum ProducerChange: Hashable, Sendable {
    case paused
    case resumed
}

/// Who is told that a producer pauses, and that it closes.
struct ProducerObservers {
    private var byProducer: [ProducerID: [AsyncStream<ProducerChange>.Continuation]] = [:]

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

    /// The producer is closed.
    mutating func finish(_ producer: ProducerID) {
        for observer in byProducer.removeValue(forKey: producer) ?? [] { observer.finish() }
    }

    /// The newest tells how it is.
    private static let waitingChanges = 16
}
