package import Wire

/// When a room ends: because it is told to, because nobody is there any more, or because its time is over.
///
/// A machine without I/O. ``drain(now:)`` and ``interrupt(now:)`` are commands, ``handlePeople(_:waiting:now:)`` says who is
/// there. After each call drain ``pollEffect()``, then schedule ``pollTimeout()``.
///
/// ```
///         drain                            everybody has left, or the time is up
///  open ─────────▶ draining, with a deadline ──────────────────────────────────▶ ended
///    │                     │ drain, interrupt                                     ▲
///    └─────────────────────┴──────────────────────────────────────────────────────┘
///      interrupt; nobody there for too long; the longest time is over
/// ```
package struct RoomLife {
    package struct Limits: Hashable, Sendable {
        /// How long a session goes on after the room was told to end; zero: not at all.
        package var grace = Interval.seconds(25)
        /// How long nobody may be there; `nil`: for as long as they like.
        package var empty: Interval?
        /// How long a session may last, from when somebody first came; `nil`: as long as they like.
        package var longest: Interval?

        package init() {}
    }

    /// Why a room has ended.
    package enum End: String, CaseIterable, Hashable, Sendable {
        /// It was told to, and everybody had left, or the time for that was over.
        case asked
        /// Nobody was there for too long.
        case empty
        /// It was told to end at once.
        case interrupted
        /// The session has lasted as long as it may.
        case longest
    }

    package enum Phase: Hashable, Sendable {
        case open
        case draining(until: Instant)
        case ended(End)
    }

    /// What people are told of before.
    package enum Approach: Hashable, Sendable {
        case longest, stopping
    }

    package struct Notice: Hashable, Sendable {
        package var approach: Approach
        package var left: Interval
    }

    package enum Effect: Hashable, Sendable {
        /// Nobody new comes in from now on.
        case closeDoor
        /// Everybody is told that the session has ended, and the room ends.
        case end(End)
        /// Everybody is told how much time is left.
        case tell(Notice)
    }

    package private(set) var phase = Phase.open
    private let limits: Limits
    private var people = 0
    /// Since when nobody has been there, not even somebody who waits.
    private var emptySince: Instant?
    /// When the session may last no longer, once somebody has come.
    private var over: Instant?
    /// The times before the end at which people are still to be told of it, longest first.
    private var notices: [Interval] = []
    private var effects: [Effect] = []

    /// - Parameter now: When the room opens, with nobody in it.
    package init(_ limits: Limits = Limits(), now: Instant) {
        self.limits = limits
        emptySince = now
    }

    // MARK: Commands

    /// The room is to end, as soon as everybody has left, or the time for that is over.
    ///
    /// The second time: at once.
    package mutating func drain(now: Instant) {
        switch phase {
        case .open:
            guard people > 0, limits.grace > .zero else { return end(.asked) }
            let until = [now + limits.grace, over].compactMap(\.self).min() ?? now
            phase = .draining(until: until)
            notices = []
            effects += [.closeDoor, .tell(Notice(approach: .stopping, left: until - now))]
        case .draining: end(.interrupted)
        case .ended: break
        }
    }

    /// The room is to end at once.
    package mutating func interrupt(now: Instant) {
        if case .ended = phase { return }
        end(.interrupted)
    }

    // MARK: What happened

    /// - Parameters:
    ///   - people: Who is in the room, those included who are expected back.
    ///   - waiting: Who waits to be let in.
    package mutating func handlePeople(_ people: Int, waiting: Int, now: Instant) {
        self.people = people
        if people + waiting > 0 { emptySince = nil } else { emptySince = emptySince ?? now }
        if people > 0, over == nil, let longest = limits.longest {
            over = now + longest
            if phase == .open {
                notices = Self.notices.filter { $0 < longest }
                // The end is near from the beginning, and nothing ahead says so.
                if notices.isEmpty {
                    effects.append(.tell(Notice(approach: .longest, left: longest)))
                }
            }
        }
        if people == 0, case .draining = phase { end(.asked) }
    }

    package mutating func handleTimeout(now: Instant) {
        switch phase {
        case .draining(let until): if now >= until { end(.asked) }
        case .open:
            if let over, now >= over { return end(.longest) }
            if let emptyEnd, now >= emptyEnd { return end(.empty) }
            guard let over else { return }
            // Several may be due at once after the machine has slept: the last one says it all.
            let isDue = notices.contains { over - now <= $0 }
            notices.removeAll { over - now <= $0 }
            if isDue { effects.append(.tell(Notice(approach: .longest, left: over - now))) }
        case .ended: break
        }
    }

    // MARK: What now

    /// When ``handleTimeout(now:)`` is next due.
    package func pollTimeout() -> Instant? {
        switch phase {
        case .draining(let until): until
        case .open:
            [over, emptyEnd, over.flatMap { over in notices.first.map { over + (.zero - $0) } }]
                .compactMap(\.self).min()
        case .ended: nil
        }
    }

    /// What the owner must do next, oldest first.
    package mutating func pollEffect() -> Effect? { effects.isEmpty ? nil : effects.removeFirst() }

    /// What somebody is told who comes now; `nil` if no end is near.
    package func notice(now: Instant) -> Notice? {
        switch phase {
        case .draining(let until): Notice(approach: .stopping, left: max(.zero, until - now))
        case .open:
            over.flatMap { over in
                let isNear = Self.notices.contains { over - now <= $0 }
                return isNear ? Notice(approach: .longest, left: max(.zero, over - now)) : nil
            }
        case .ended: nil
        }
    }

    private var emptyEnd: Instant? { emptySince.flatMap { since in limits.empty.map { since + $0 } } }

    private mutating func end(_ end: End) {
        phase = .ended(end)
        effects += [.closeDoor, .end(end)]
    }

    /// How long before the longest time is over people are told.
    private static let notices: [Interval] = [.seconds(300), .seconds(60)]
}
