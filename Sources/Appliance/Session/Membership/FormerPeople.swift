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
    /// Whose time is up first is the first.
    package var everybody: [(person: Person, until: Instant)] { people }
    /// The first line of the chat that any of them may read.
    package var chatStart: Int? { people.map(\.person.chatStart).min() }
    /// When ``handleTimeout(now:)`` is next due.
    package func pollTimeout() -> Instant? { people.first?.until }

    package mutating func add(_ person: Person, now: Instant) {
        people.append((person, now + Self.memory))
        if people.count > Self.most { people.removeFirst() }
    }

    /// Somebody of before the room crashed.
    ///
    /// - Parameter until: `nil`: they were in the room until then, and come after those who were not.
    mutating func recall(_ person: Person, until: Instant?, now: Instant) {
        people.append((person, until ?? now + Self.memory))
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
        var byToken: Person?
        var byBrowser: Person?
        for entry in people where entry.person.grant.token?.subject == shown?.subject && entry.until > now {
            let person = entry.person
            if let resume = join.resume, person.resumeToken.matches(resume) { byToken = person }
            if person.browser?.isBrowser(of: join, named: person.name) == true { byBrowser = person }
        }
        // Two pages of one browser may be two people, who are back in whatever order after the room has crashed.
        return byToken ?? byBrowser
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

extension Secret {
    /// Whether a page of the same browser joins by the same name: somebody else at this computer has another one.
    package func isBrowser(of join: ClientMessage.Join, named name: DisplayName) -> Bool {
        let isSame = join.browser.map { matches($0) } ?? false
        return isSame && join.name == name
    }
}
