package import Access
package import RemoteControl
package import Wire

/// People whose page said goodbye and was not back at once: others see them no more, but for a while they are the same
/// person if they come back, as after a page that takes long to load anew.
package struct FormerPeople {
    package struct Person: Sendable {
        package var id: ParticipantID
        package var name: DisplayName
        package var grant: Grant
        package var switches: RightsSwitches
        package var resumeToken: Secret
        package var browser: Secret?
        /// The first line of the chat that they may read.
        package var chatStart: Int

        package init(
            id: ParticipantID,
            name: DisplayName,
            grant: Grant,
            switches: RightsSwitches = RightsSwitches(),
            resumeToken: Secret,
            browser: Secret?,
            chatStart: Int
        ) {
            self.id = id
            self.name = name
            self.grant = grant
            self.switches = switches
            self.resumeToken = resumeToken
            self.browser = browser
            self.chatStart = chatStart
        }
    }

    private var people: [(person: Person, until: Instant)] = []

    package init() {}

    package var count: Int { people.count }
    /// The first line of the chat that any of them may read.
    package var chatStart: Int? { people.map(\.person.chatStart).min() }
    /// When ``handleTimeout(now:)`` is next due.
    package func pollTimeout() -> Instant? { people.first?.until }

    package mutating func add(_ person: Person, now: Instant) {
        people.append((person, now + Self.memory))
        if people.count > Self.most { people.removeFirst() }
    }

    /// The person that a join shows to be, if their time is not up.
    ///
    /// - Parameter shown: The token that it has shown, checked, which has to be of the same subject.
    package func person(
        knownBy join: ClientMessage.Join,
        showing shown: JoinToken? = nil,
        now: Instant
    ) -> Person? {
        // All are compared, so that the time tells nothing of whose secret it is.
        var found: Person?
        for entry in people where entry.person.grant.token?.subject == shown?.subject {
            if entry.person.isKnown(by: join), entry.until > now { found = entry.person }
        }
        return found
    }

    /// What the person showed whose page had this secret.
    func token(ofResume resume: String, now: Instant) -> JoinToken? {
        var found: JoinToken?
        for entry in people where entry.person.resumeToken.matches(resume) && entry.until > now {
            found = entry.person.grant.token
        }
        return found
    }

    /// They are back.
    package mutating func remove(_ id: ParticipantID) { people.removeAll { $0.person.id == id } }

    package mutating func handleTimeout(now: Instant) { people.removeAll { $0.until <= now } }

    private static let memory = Interval.seconds(55)
    private static let most = 64
}

extension FormerPeople.Person {
    fileprivate func isKnown(by join: ClientMessage.Join) -> Bool {
        let hasToken = join.resume.map { resumeToken.matches($0) } ?? false
        return hasToken || browser.map { $0.isBrowser(of: join, named: name) } ?? false
    }
}

extension Secret {
    /// Whether a page of the same browser joins by the same name: somebody else at this computer has another one.
    package func isBrowser(of join: ClientMessage.Join, named name: DisplayName) -> Bool {
        let isSame = join.browser.map { matches($0) } ?? false
        return isSame && join.name == name
    }
}
