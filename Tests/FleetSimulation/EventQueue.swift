/// What is going to happen, in order of time; what happens at the same time comes in the order in which it was put in, so that
/// the same seed makes the same run.
struct EventQueue<Event> {
    private struct Entry {
        var time: Double
        var number: UInt64
        var event: Event

        func isBefore(_ other: Entry) -> Bool {
            time == other.time ? number < other.number : time < other.time
        }
    }

    private var heap: [Entry] = []
    private var number: UInt64 = 0

    /// - Parameter time: Seconds since the run began.
    mutating func push(_ event: Event, at time: Double) {
        number += 1
        heap.append(Entry(time: time, number: number, event: event))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func pop() -> (time: Double, event: Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (first.time, first.event) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].isBefore(heap[least]) { least = child }
            if least == parent { return (first.time, first.event) }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
