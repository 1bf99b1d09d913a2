internal import CoreMetrics
internal import IO
internal import Synchronization

/// What has happened of late, for everybody who wants to know: whoever tells something does not wait for them.
package final class RoomEvents: Sendable {
    package enum Item: Hashable, Sendable {
        case event(NumberedEvent)
        /// That the line is open.
        case heartbeat
    }

    /// One reader's place.
    package struct Subscription: Sendable {
        package let id: UInt64
        /// Those that were missed first; ends when the reader is cut off, or nothing will happen any more.
        package let items: AsyncStream<Item>
        /// Events before the first one that nobody remembers any more.
        package let lost: UInt64
        fileprivate let feed: AsyncStream<Item>.Continuation

        package func beat() { feed.yield(.heartbeat) }
    }

    private struct Reader {
        var feed: AsyncStream<Item>.Continuation
        var cutOff: @Sendable () -> Void
    }

    private struct State {
        var last: UInt64 = 0
        var ring: [NumberedEvent] = []
        var readers: [UInt64: Reader] = [:]
        var lastReader: UInt64 = 0
        var isOver = false
    }

    /// What of it goes on to be a problem.
    package let problems = Problems()
    private let state: Mutex<State>
    private let capacity: Int
    private let sink: @Sendable (NumberedEvent) -> Void

    /// - Parameters:
    ///   - last: The number of the last event that others have told of.
    ///   - capacity: How many are remembered.
    ///   - sink: Is told each, in order, and returns at once.
    package init(
        after last: UInt64 = 0,
        capacity: Int = 1_000,
        sink: @escaping @Sendable (NumberedEvent) -> Void = { _ in }
    ) {
        state = Mutex(State(last: last))
        self.capacity = capacity
        self.sink = sink
    }

    package func tell(_ name: RoomEvent.Name, _ attributes: [String: RoomEvent.Value] = [:]) {
        tell(RoomEvent(name, attributes))
    }

    package func tell(_ event: RoomEvent) {
        let time = WallClock.now()
        state.withLock { state in
            state.last += 1
            let event = NumberedEvent(number: state.last, time: time, event: event)
            state.ring.append(event)
            if state.ring.count > capacity { state.ring.removeFirst() }
            for (id, reader) in state.readers {
                guard case .dropped = reader.feed.yield(.event(event)) else { continue }
                reader.feed.finish()
                reader.cutOff()
                state.readers[id] = nil
            }
            sink(event)
        }
        Counter(MetricFamily.events, [("name", event.name.rawValue)]).increment()
    }

    /// Reads from now on, or from the event behind one that the reader has had.
    ///
    /// A reader that falls behind is cut off, and may come back with the number of the last event that it has.
    ///
    /// - Parameters:
    ///   - last: That number; 0 for all that are remembered.
    ///   - cutOff: Is called when the reader is too slow, and must not wait for anything.
    /// - Returns: `nil` if there are as many readers as there may be, or nothing will happen any more.
    package func subscribe(
        after last: UInt64? = nil,
        cutOff: @escaping @Sendable () -> Void = {}
    ) -> Subscription? {
        state.withLock { state in
            guard !state.isOver, state.readers.count < Self.mostReaders else { return nil }
            let missed = last.map { last in state.ring.filter { $0.number > last } } ?? []
            let oldest = state.ring.first?.number ?? state.last + 1
            let (items, feed) = AsyncStream.makeStream(
                of: Item.self,
                bufferingPolicy: .bufferingOldest(missed.count + Self.behind)
            )
            for event in missed { feed.yield(.event(event)) }
            state.lastReader += 1
            state.readers[state.lastReader] = Reader(feed: feed, cutOff: cutOff)
            let lost = last.map { oldest > $0 + 1 ? oldest - $0 - 1 : 0 } ?? 0
            return Subscription(id: state.lastReader, items: items, lost: lost, feed: feed)
        }
    }

    package func unsubscribe(_ subscription: Subscription) {
        state.withLock { $0.readers.removeValue(forKey: subscription.id)?.feed.finish() }
    }

    package var readers: Int { state.withLock { $0.readers.count } }

    /// Nothing will happen any more: readers end.
    package func finish() {
        state.withLock { state in
            state.isOver = true
            for reader in state.readers.values { reader.feed.finish() }
            state.readers.removeAll()
        }
    }

    private static let mostReaders = 16
    /// How far a reader may fall behind.
    private static let behind = 256
}
