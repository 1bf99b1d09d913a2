/// Whose turn it is in a fan-out: of an egress's consumers those whose producer has received something.
///
/// In a conference that is one of many. So the others are passed over without a look at them, and without counting
/// references.
package struct ForwardingTurns {
    @safe private struct Turn {
        let consumer: Unmanaged<Consumer>
        let producer: Unmanaged<Producer>
    }

    private var turns: [Turn] = []

    package init() {}

    /// - Parameter consumer: Its owner keeps it until it is removed here.
    package mutating func add(_ consumer: Consumer) {
        let turn = unsafe Turn(
            consumer: .passUnretained(consumer),
            producer: .passUnretained(consumer.producer)
        )
        turns.append(turn)
    }

    package mutating func remove(_ consumer: Consumer) {
        let opaque = unsafe Unmanaged.passUnretained(consumer).toOpaque()
        turns.removeAll { unsafe $0.consumer.toOpaque() == opaque }
    }

    /// The first from `place` on whose turn it is; `nil`: there is none.
    @inline(__always)
    package func next(from place: Int) -> Int? {
        var place = place
        while place < turns.count {
            // A consumer keeps its producer.
            if unsafe turns[place].producer._withUnsafeGuaranteedRef({ $0.isForwarded }) { return place }
            place += 1
        }
        return nil
    }

    /// The consumer at a place, for as long as it is not removed.
    @inline(__always)
    @unsafe subscript(place: Int) -> Unmanaged<Consumer> { unsafe turns[place].consumer }

    /// Asks for the beginning of the list.
    @inline(__always)
    func prefetch() { prefetchElements(of: turns) }
}
