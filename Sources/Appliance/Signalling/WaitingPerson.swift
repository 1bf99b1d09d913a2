/// Somebody who waits to be let in, as those are told who may let them in.
package struct WaitingPerson: Encodable, Hashable, Sendable {
    package var id: UInt64
    package var name: String
    package var role: String
    /// By the room's clock: milliseconds since 1970.
    package var since: Int64
    /// Whether their page is not reached at the moment.
    package var away: Bool
    /// What was last written to them.
    package var line: String?

    package init(
        id: UInt64,
        name: String,
        role: String,
        since: Int64,
        away: Bool = false,
        line: String? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.since = since
        self.away = away
        self.line = line
    }
}

/// Who waits, and who was removed and may not come back.
package struct WaitingList: Encodable, Hashable, Sendable {
    package struct Removed: Encodable, Hashable, Sendable {
        package var id: UInt64
        package var name: String

        package init(id: UInt64, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// Longest first.
    package var people: [WaitingPerson]
    package var removed: [Removed]

    package init(people: [WaitingPerson], removed: [Removed] = []) {
        self.people = people
        self.removed = removed
    }
}

/// What somebody is told who waits: nothing of the room.
package struct WaitingNotice: Encodable, Hashable, Sendable {
    /// By the room's clock, as ``now``: milliseconds since 1970.
    package var since: Int64
    package var now: Int64
    /// What somebody in the room has written to them.
    package var line: String?
    /// The secret by which another page keeps their place.
    package var resume: String

    package init(since: Int64, now: Int64, line: String?, resume: String) {
        self.since = since
        self.now = now
        self.line = line
        self.resume = resume
    }
}
