internal import Access
internal import RemoteControl

extension SessionMemory {
    /// What a room leaves of its memory to the one that is started after it has crashed: whoever was let in does not wait again,
    /// and whoever was removed does not come back.
    package struct Left: Codable, Hashable, Sendable {
        struct Removed: Codable, Hashable, Sendable {
            var id: UInt64
            var name: String
            var subject: String?
            var browser: String?
            var outside: OutsideClient?
            var reason: String
        }

        package internal(set) var lastID: UInt64 = 0
        var admitted: [String] = []
        var switches: [String: RightsSwitches] = [:]
        var removed: [Removed] = []
        var hasEnded = false

        package init() {}
    }

    package var left: Left {
        var left = Left()
        left.lastID = lastID
        left.admitted = admitted.map(\.text)
        for (subject, one) in switches { left.switches[subject.text] = one }
        left.removed = removed.map { person in
            Left.Removed(
                id: person.id.rawValue,
                name: person.name.text,
                subject: person.subject?.text,
                browser: person.browser?.text,
                outside: person.outside,
                reason: person.reason
            )
        }
        left.hasEnded = hasEnded
        return left
    }

    init(_ left: Left) {
        lastID = left.lastID
        admitted = Set(left.admitted.compactMap { Identifier($0) })
        for (text, own) in left.switches {
            if let subject = Identifier(text) { switches[subject] = own }
        }
        removed = left.removed.compactMap { person in
            guard let name = try? DisplayName(parsing: person.name) else { return nil }
            return Removed(
                id: ParticipantID(person.id),
                name: name,
                subject: person.subject.flatMap { Identifier($0) },
                browser: person.browser.map { Secret($0) },
                outside: person.outside,
                reason: person.reason
            )
        }
        hasEnded = left.hasEnded
    }
}
