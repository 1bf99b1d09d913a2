package import Access
package import RemoteControl
package import Wire

/// People who wait until somebody lets them in, in the order in which they came.
///
/// They know nothing of the room, and have no transports: only a name, the rights that they would have, and their page.
/// A machine without I/O: ``Membership`` gives each the number that they keep when they are let in, and says what
/// follows.
package struct WaitingRoom {
    package struct Person: Sendable {
        package let id: ParticipantID
        package let since: Instant
        package let name: DisplayName
        /// What they are let in with.
        package let grant: Grant
        package let switches: RightsSwitches
        /// What a page shows to be the same person again.
        package let resumeToken: Secret
        /// What their browser shows, by whatever page.
        package let browser: Secret?
        /// Whose share of the places here theirs is.
        package let share: NetworkShare?
        package let outside: OutsideClient?
        /// `nil` while the page's WebSocket is lost; then, and only then, ``due`` is there.
        package fileprivate(set) var page: PageID?
        /// What somebody in the room has last written to them.
        package fileprivate(set) var line: String?
        /// When they are given up.
        package fileprivate(set) var due: Instant?
        /// Their page has said that it is being closed.
        package fileprivate(set) var hasSaidGoodbye = false
    }

    private var people: [ParticipantID: Person] = [:]
    /// Whose each page is.
    private var owners: [PageID: ParticipantID] = [:]
    /// Others than those of the room, where whoever waits has none.
    private var places: Places
    private let grace: Membership.Grace

    /// - Parameters:
    ///   - people: Most who wait.
    ///   - sharing: Most of them from one network address.
    package init(people: Int, sharing: Int, grace: Membership.Grace) {
        places = Places(people: people, sharing: sharing)
        self.grace = grace
    }

    package var count: Int { people.count }
    /// In the order in which they came.
    package var everybody: [Person] { people.values.sorted { $0.id.rawValue < $1.id.rawValue } }
    package subscript(id: ParticipantID) -> Person? { people[id] }
    /// Who waits by this page.
    package func owner(of page: PageID) -> ParticipantID? { owners[page] }

    /// Who it is that comes by another page.
    ///
    /// - Parameter shown: The token that it has shown, checked, which has to be of the same subject.
    package func person(knownBy join: ClientMessage.Join, showing shown: JoinToken?) -> Person? {
        // All are compared, so that the time tells nothing of whose secret it is.
        var byToken: Person?
        var byBrowser: Person?
        for person in people.values where person.grant.token?.subject == shown?.subject {
            if let token = join.resume, person.resumeToken.matches(token) { byToken = person }
            // Two live pages of one browser are two people.
            if person.browser?.isBrowser(of: join, named: person.name) == true, person.page == nil {
                byBrowser = person
            }
        }
        return byToken ?? byBrowser
    }

    /// What the person showed whose page had this secret.
    func token(ofResume resume: String) -> JoinToken? {
        var found: JoinToken?
        for person in people.values where person.resumeToken.matches(resume) { found = person.grant.token }
        return found
    }

    /// Somebody new waits, or who waits already does so by another page.
    ///
    /// - Parameter newID: For somebody new.
    /// - Returns: Who it is, and the page that they came by before.
    mutating func enter(
        _ arrival: Arrival,
        newID: ParticipantID
    ) throws(Places.Refusal) -> (id: ParticipantID, former: PageID?) {
        let join = arrival.join
        let known = person(knownBy: join, showing: arrival.grant.token)
        if known == nil { try makePlace(for: arrival.share, now: arrival.now) }
        // As in the room: what is known by the browser alone has another secret from now on.
        let hasSecret = join.resume.flatMap { known?.resumeToken.matches($0) } ?? false
        let person = Person(
            id: known?.id ?? newID,
            since: known?.since ?? arrival.now,
            name: join.name,
            grant: arrival.grant,
            switches: arrival.switches,
            resumeToken: hasSecret ? known?.resumeToken ?? arrival.secret : arrival.secret,
            browser: join.browser.map { Secret($0) } ?? known?.browser,
            share: arrival.share,
            outside: arrival.outside,
            page: arrival.page,
            line: known?.line
        )
        if let former = known?.page { owners[former] = nil }
        people[person.id] = person
        owners[arrival.page] = person.id
        return (person.id, known?.page)
    }

    /// Finds a place for somebody new, perhaps that of somebody whose page is gone.
    private mutating func makePlace(for share: NetworkShare?, now: Instant) throws(Places.Refusal) {
        // One is given up at a time, and each makes a place.
        while true {
            switch places.admit(share, seats: everybody.map { Places.Seat($0) }, now: now) {
            case .admitted: return
            case .evict(let id): _ = remove(id)
            case .refused(let refusal): throw refusal
            }
        }
    }

    /// Somebody of before the room crashed, whose page is not back yet.
    mutating func recall(_ person: Person, now: Instant) {
        people[person.id] = person
        people[person.id]?.due = now + grace.loss
    }

    package mutating func remove(_ id: ParticipantID) -> Person? {
        guard let person = people.removeValue(forKey: id) else { return nil }
        if let page = person.page { owners[page] = nil }
        return person
    }

    /// Keeps what somebody has written to them; returns who that is by now.
    package mutating func tell(_ line: String, to id: ParticipantID) -> Person? {
        people[id]?.line = line
        return people[id]
    }

    package mutating func handleGoodbye(of page: PageID) {
        if let id = owners[page] { people[id]?.hasSaidGoodbye = true }
    }

    /// The page's WebSocket is over, and its person is given up if no page of theirs comes in time.
    ///
    /// - Returns: Whether it was a page of somebody who waits.
    package mutating func handleLoss(of page: PageID, now: Instant) -> Bool {
        guard let id = owners.removeValue(forKey: page), var person = people[id] else { return false }
        person.page = nil
        person.due = now + (person.hasSaidGoodbye ? grace.goodbye : grace.loss)
        people[id] = person
        return true
    }

    /// - Returns: Whether anybody has been given up.
    package mutating func handleTimeout(now: Instant) -> Bool {
        let due = people.values.filter { $0.due.map { $0 <= now } ?? false }
        for person in due { people[person.id] = nil }
        return !due.isEmpty
    }

    /// When ``handleTimeout(now:)`` is next due.
    package func pollTimeout() -> Instant? { people.values.lazy.compactMap(\.due).min() }
}

extension Places.Seat {
    /// Only whoever is gone gives their place up: waiting is all that the others can do.
    fileprivate init(_ person: WaitingRoom.Person) {
        self.init(
            id: person.id,
            share: person.share,
            isProved: person.page != nil,
            isAway: person.page == nil,
            joined: person.since
        )
    }
}
