package import Wire

/// How often somebody may be wrong: some times at once, then after delays that double.
///
/// Ask ``wait(of:now:)`` before each try, and say ``handleFailure(of:now:)`` when it was wrong; what was right is not
/// told. A try that comes too early is refused without looking at it, and does not lengthen the delay: people try again.
package struct GuessAllowance<Source: Hashable & Sendable>: Sendable {
    private struct Failures {
        var count = 0
        var last: Instant
    }

    private var failures: [Source: Failures] = [:]
    private let free: Int
    private let first, longest, memory: Interval
    private let capacity: Int

    /// - Parameters:
    ///   - free: Failures without a delay.
    ///   - first: The delay after the next one; each further failure doubles it.
    ///   - longest: The longest delay.
    ///   - memory: A source that has not failed for so long is forgotten; longer than `longest`.
    ///   - capacity: Sources that are remembered.
    package init(
        free: Int = 10,
        first: Interval = .seconds(1),
        longest: Interval = .seconds(900),
        memory: Interval = .seconds(3_600),
        capacity: Int = 16_384
    ) {
        precondition(memory > longest, "nobody is forgotten who still has to wait")
        self.free = free
        self.first = first
        self.longest = longest
        self.memory = memory
        self.capacity = capacity
    }

    /// Sources that are remembered.
    package var count: Int { failures.count }

    /// How long a source still has to wait; zero if it may try.
    package func wait(of source: Source, now: Instant) -> Interval {
        guard let known = failures[source] else { return .zero }
        return max(.zero, known.last + delay(after: known.count) - now)
    }

    package mutating func handleFailure(of source: Source, now: Instant) {
        if failures[source] == nil, failures.count >= capacity { makeRoom(now: now) }
        var known = failures[source] ?? Failures(last: now)
        if now - known.last >= memory { known.count = 0 }
        known.count += 1
        known.last = now
        failures[source] = known
    }

    private func delay(after count: Int) -> Interval {
        guard count > free else { return .zero }
        // Twenty doublings of any delay are longer than the longest one that makes sense.
        return min(longest, first * (1 << Int64(min(20, count - free - 1))))
    }

    /// Forgets who has not failed for long; if that is not enough, a quarter of all, beginning with those who have failed
    /// least: whoever has very many addresses has no use for the delay of one, and must not get rid of another's.
    private mutating func makeRoom(now: Instant) {
        failures = failures.filter { now - $0.value.last < memory }
        guard failures.count >= capacity else { return }
        let order = failures.sorted { ($0.value.count, $0.value.last) < ($1.value.count, $1.value.last) }
        for (source, _) in order.prefix(max(1, capacity / 4)) { failures[source] = nil }
    }
}
