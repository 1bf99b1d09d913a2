package import RemoteControl
package import Wire

/// Which programs of the shelf run: each once at most, so many at once, and started no faster than a person does.
///
/// A machine without I/O: ``start(_:now:)`` and ``stop(_:)`` are what the room asks for, by numbers that need not be any;
/// what happens to programs comes in by `handle…`. After each call carry out ``pollEffect()`` until it returns `nil`.
package struct ActivityRuns {
    package enum Effect: Hashable, Sendable {
        case start(UInt8)
        case stop(UInt8)
        case tell(UInt8, ActivityState)
    }

    private var states: [ActivityState]
    /// Those that are not for starting.
    private let alwaysThere: Set<Int>
    private var pace = Self.pace
    private var effects: [Effect] = []

    /// - Parameter alwaysThere: For each number whether it is not to be started from here.
    package init(alwaysThere: [Bool]) {
        states = alwaysThere.map { _ in .stopped }
        self.alwaysThere = Set(alwaysThere.indices.filter { alwaysThere[$0] })
    }

    /// Starts a program, unless it runs already, or too many do.
    package mutating func start(_ number: UInt8, now: Instant) {
        let index = Int(number)
        guard states.indices.contains(index), !alwaysThere.contains(index), !states[index].isThere else {
            return
        }
        guard states.count(where: \.isThere) < Self.most, pace.admit(now: now) else {
            // Whoever asked believed that it could be.
            return effects.append(.tell(number, states[index]))
        }
        set(number, .starting)
        effects.append(.start(number))
    }

    /// Ends a program, if it runs.
    package mutating func stop(_ number: UInt8) {
        guard states.indices.contains(Int(number)) else { return }
        let state = states[Int(number)]
        guard state.isThere, state != .stopping else { return }
        set(number, .stopping)
        effects.append(.stop(number))
    }

    /// There is a process.
    package mutating func handleStarted(_ number: UInt8) {
        if states[Int(number)] == .starting { set(number, .running) }
    }

    /// Nothing of it is left.
    ///
    /// - Parameter failure: How it ended by itself; `nil`: well, or because it was to.
    package mutating func handleEnd(_ number: UInt8, failure: ActivityState.Failure?) {
        guard states[Int(number)].isThere else { return }
        let isAsked = states[Int(number)] == .stopping
        set(number, isAsked ? .stopped : failure.map { .failed($0) } ?? .stopped)
    }

    /// Nothing runs any more, and how things ended before is of no interest.
    package mutating func handleReset() {
        for number in states.indices where states[number] != .stopped { set(UInt8(number), .stopped) }
    }

    package mutating func pollEffect() -> Effect? { effects.isEmpty ? nil : effects.removeFirst() }

    private mutating func set(_ number: UInt8, _ state: ActivityState) {
        states[Int(number)] = state
        effects.append(.tell(number, state))
    }

    /// At once.
    package static let most = 8
    /// Of starts; also of what the room passes on.
    package static let pace = RateLimit(rate: 1, burst: 4)
}

extension ActivityState {
    /// Whether there is, or is about to be, a process.
    package var isThere: Bool {
        switch self {
        case .running, .starting, .stopping: true
        case .failed, .stopped: false
        }
    }
}
