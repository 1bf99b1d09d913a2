internal import Access
internal import RemoteControl
internal import Wire

extension Membership {
    /// What a room leaves of people to the one that is started after it has crashed.
    package struct Left: Codable, Hashable, Sendable {
        package var memory = SessionMemory.Left()
        /// Whoever was in the room, or had been until a moment before.
        var here: [Person] = []
        var waiting: [Person] = []

        package init() {}
    }

    package var left: Left {
        var left = Left()
        left.memory = memory.left
        left.here = former.everybody.map { Left.Person($0.person, until: $0.until) }
        left.here += everybody.map { Left.Person(FormerPeople.Person($0), until: nil) }
        left.waiting = waiting.everybody.map { Left.Person($0) }
        return left
    }
}

extension Membership.Left {
    /// Somebody by whose page they are known again, with what they came in by, which may be used up.
    struct Person: Codable, Hashable, Sendable {
        var id: UInt64
        var name: String
        var role: Role
        var rights: Rights
        var token: JoinToken?
        var switches: RightsSwitches
        var resume: String
        var browser: String?
        /// Of somebody who was in the room: the first line of the chat that they may read.
        var chatStart = 0
        /// Of somebody whose page had said goodbye: nanoseconds of the monotonic clock, which outlives the room.
        var until: Int64?
        /// Of somebody who waits, by the same clock.
        var since: Int64?
        /// What was last written to somebody who waits.
        var line: String?
    }
}

extension Membership.Left.Person {
    init(_ person: FormerPeople.Person, until: Instant?) {
        self.init(
            id: person.id.rawValue,
            name: person.name.text,
            role: person.grant.role,
            rights: person.grant.rights,
            token: person.grant.token,
            switches: person.switches,
            resume: person.resumeToken.text,
            browser: person.browser?.text,
            chatStart: person.chatStart,
            until: until?.nanoseconds
        )
    }

    init(_ person: WaitingRoom.Person) {
        self.init(
            id: person.id.rawValue,
            name: person.name.text,
            role: person.grant.role,
            rights: person.grant.rights,
            token: person.grant.token,
            switches: person.switches,
            resume: person.resumeToken.text,
            browser: person.browser?.text,
            since: person.since.nanoseconds,
            line: person.line
        )
    }

    var grant: Grant { Grant(role: role, rights: rights, token: token) }
}

extension FormerPeople {
    /// These were in the room when it crashed, or had been until a moment before.
    mutating func handleRoomLost(_ left: [Membership.Left.Person], now: Instant) {
        for one in left {
            guard let name = try? DisplayName(parsing: one.name) else { continue }
            let person = Person(
                id: ParticipantID(one.id),
                name: name,
                grant: one.grant,
                switches: one.switches,
                resumeToken: Secret(one.resume),
                browser: one.browser.map { Secret($0) },
                chatStart: one.chatStart
            )
            recall(person, until: one.until.map { Instant(nanoseconds: $0) }, now: now)
        }
    }
}

extension WaitingRoom {
    /// These waited when the room crashed, and each is given up if no page of theirs comes in time.
    mutating func handleRoomLost(_ left: [Membership.Left.Person], now: Instant) {
        for one in left {
            guard let name = try? DisplayName(parsing: one.name) else { continue }
            let person = Person(
                id: ParticipantID(one.id),
                since: one.since.map { Instant(nanoseconds: $0) } ?? now,
                name: name,
                grant: one.grant,
                switches: one.switches,
                resumeToken: Secret(one.resume),
                browser: one.browser.map { Secret($0) },
                share: nil,
                outside: nil,
                line: one.line
            )
            recall(person, now: now)
        }
    }
}
