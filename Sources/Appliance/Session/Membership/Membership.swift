package import Access
package import Audit
package import RemoteControl
package import Wire

/// Who is in the room: how people come, are known again, lose their page, go, and are given up.
///
/// A machine without I/O. What pages do are the commands ``join(_:by:from:token:chatStart:now:)`` and
/// ``leave(by:now:)``; what happens to them comes in by `handle…`. After each call drain ``pollEffect()`` and carry out
/// what it says, in order and before the next call, then schedule ``pollTimeout()``.
///
/// ```
///             join                    page lost                  time is up
///   (nobody) ─────▶ here, with a page ─────────▶ away, with a ───────────────▶ former, for a minute,
///                     ▲   │  leave,      deadline  │      or given up  where a reload may take long
///                     │   ▼  given up              │                            │
///                     │ (nobody)                   │ join                       │ join
///                     └────────────────────────────┴────────────────────────────┘
/// ```
package struct Membership {
    /// What the owner has to do.
    package enum Effect: Hashable, Sendable {
        /// Somebody new is in the room.
        case admitted(ParticipantID)
        /// The page is over, and is told why.
        case close(PageID, SignallingConnection.CloseCode)
        /// The person's page has no connections: what stood before is closed, and the room offers anew.
        case connect(ParticipantID)
        /// The person is in the room no more, and what they had there is closed.
        case departed(ParticipantID, AuditDeparture)
        /// The page has not joined, and is told why; it may ask again where `mayStay`.
        case refuse(PageID, Refusal, mayStay: Bool)
        /// The person's page may have been closed with a key down.
        case releaseHeld(ParticipantID)
        /// The person's page has its connections still, but may have missed an offer.
        case repeatOffer(ParticipantID)
        /// The person may do something else than before.
        case rightsChanged(ParticipantID)
        /// What is said of somebody has changed.
        case tellPeople
        /// The page is this person's, and is told all it has to know.
        case welcome(PageID, ParticipantID, isResumed: Bool)
    }

    /// How long a person whose page is lost keeps their place.
    package struct Grace: Hashable, Sendable {
        package var loss = Interval.seconds(60)
        /// For a page that has said goodbye, or was never seen to work.
        package var goodbye = Interval.seconds(5)

        package init() {}
    }

    /// Why nobody new comes in now; `nil`: they may.
    package var closure: Refusal?
    private let grace: Grace
    private let policy: AdmissionPolicy
    private var places: Places
    private var members: [ParticipantID: Member] = [:]
    /// Whose each page is.
    private var owners: [PageID: ParticipantID] = [:]
    private var former = FormerPeople()
    private var lastID: UInt64 = 0
    private var effects: [Effect] = []

    /// - Parameters:
    ///   - people: Most people in the room.
    ///   - sharing: Most of them from one network address.
    package init(people: Int, sharing: Int, grace: Grace = Grace(), policy: AdmissionPolicy = .everybody) {
        self.grace = grace
        self.policy = policy
        places = Places(people: people, sharing: sharing)
    }

    // MARK: Who is here

    package var count: Int { members.count }
    /// Everybody, in the order in which they first came.
    package var everybody: [Member] { members.values.sorted { $0.id.rawValue < $1.id.rawValue } }
    package subscript(id: ParticipantID) -> Member? { members[id] }
    /// The tokens by which people are here; nobody's where the room asks for none.
    package var tokens: [ParticipantID: JoinToken] { members.compactMapValues(\.grant.token) }

    /// What the person showed whose page had this secret; `nil` for anybody's else, and where the room asks for nothing.
    package func token(ofResume resume: String, now: Instant) -> JoinToken? {
        // All are compared, so that the time tells nothing of whose secret it is.
        var found = former.token(ofResume: resume, now: now)
        for member in members.values where member.resumeToken.matches(resume) { found = member.grant.token }
        return found
    }

    /// Whose page it is; `nil` if it has not joined, or another one is in its place.
    package func owner(of page: PageID) -> ParticipantID? { owners[page] }

    /// The oldest line of the chat that anybody may read who is here or may come back; `nil`: none.
    package var oldestReadableLine: Int? {
        [members.values.map(\.chatStart).min(), former.chatStart].compactMap(\.self).min()
    }

    // MARK: Commands

    /// A page wants to be in the room: as somebody new, or as who it shows to be.
    ///
    /// - Parameters:
    ///   - share: Whose share of the room's places it counts for.
    ///   - shown: The token that it has shown, checked; `nil` where the room asks for none.
    ///   - token: A fresh secret, for a person who needs one.
    ///   - chatStart: The line of the chat that is written next.
    package mutating func join(
        _ join: ClientMessage.Join,
        by page: PageID,
        from share: NetworkShare?,
        showing shown: JoinToken? = nil,
        token: Secret,
        chatStart: Int,
        now: Instant
    ) {
        guard owners[page] == nil else { return refuse(page, Refusal(.joinedAlready), mayStay: true) }
        let known = known(join, showing: shown)
        let former = known == nil ? former.person(knownBy: join, showing: shown, now: now) : nil
        let before = known?.member.grant ?? former?.grant
        switch policy.decide(Applicant(name: join.name, share: share, token: shown, before: before)) {
        case .refused(let refusal): refuse(page, refusal, mayStay: false)
        case .waiting: refuse(page, Refusal(.mustBeLetIn), mayStay: true)
        case .admitted(let role, let rights):
            let grant = Grant(role: role, rights: rights, token: shown)
            if let (member, isByBrowser) = known {
                // The page that is gone, if it is not, must not take the place back: it comes as somebody of its own.
                resume(member, join, by: page, share, isByBrowser ? token : member.resumeToken, grant)
            } else if let closure, former == nil {
                refuse(page, closure, mayStay: false)
            } else if makePlace(for: page, share, now: now) {
                if let former { self.former.remove(former.id) }
                admit(join, by: page, share, former, token, grant, chatStart: chatStart, now: now)
            }
        }
    }

    /// The person goes, and does not come back.
    package mutating func leave(by page: PageID, now: Instant) {
        guard let id = owners[page] else { return }
        close(page, .left)
        depart(id, .went, isRemembered: false, now: now)
        effects.append(.tellPeople)
    }

    /// The person has to go, and is not known any more if they come back.
    package mutating func dismiss(
        _ id: ParticipantID,
        _ code: SignallingConnection.CloseCode,
        _ departure: AuditDeparture,
        now: Instant
    ) {
        guard let member = members[id] else { return }
        if let page = member.page { close(page, code) }
        depart(id, departure, isRemembered: false, now: now)
        effects.append(.tellPeople)
    }

    // MARK: What happened

    /// The page has said that it is being closed.
    package mutating func handleGoodbye(of page: PageID) {
        if let id = owners[page] { members[id]?.hasSaidGoodbye = true }
    }

    /// The page's WebSocket is over; media goes on, and the person is given up if no page of theirs comes in time.
    package mutating func handleLoss(of page: PageID, now: Instant) {
        guard let id = owners.removeValue(forKey: page), var member = members[id] else { return }
        let isRecent = member.farewell.map { now - $0 < Self.farewellMemory } ?? false
        member.page = nil
        expectReturn(of: &member, isGoing: member.hasSaidGoodbye || isRecent || !member.isProved, now: now)
        members[id] = member
        effects += [.tellPeople, .releaseHeld(id)]
    }

    /// A connection of this person was secured: nobody can do that without being there.
    package mutating func handleProof(of id: ParticipantID) { members[id]?.isProved = true }

    /// The browser has ended a connection of this person (DTLS): if their page is lost as well, it was closed.
    package mutating func handleFarewell(of id: ParticipantID, now: Instant) {
        guard var member = members[id] else { return }
        member.farewell = now
        if member.page == nil, !member.hasSaidGoodbye {
            member.hasSaidGoodbye = true
            expectReturn(of: &member, isGoing: true, now: now)
        }
        members[id] = member
    }

    package mutating func handleTimeout(now: Instant) {
        let due = everybody.filter { $0.departure.map { $0.due <= now } ?? false }
        for member in due {
            let isRemembered = member.departure?.isRemembered ?? false
            depart(member.id, isRemembered ? .went : .lost, isRemembered: isRemembered, now: now)
        }
        if !due.isEmpty { effects.append(.tellPeople) }
        former.handleTimeout(now: now)
    }

    /// When ``handleTimeout(now:)`` is next due.
    package func pollTimeout() -> Instant? {
        let departure = members.values.lazy.compactMap { $0.departure?.due }.min()
        return [departure, former.pollTimeout()].compactMap(\.self).min()
    }

    /// What the owner must do next, oldest first.
    package mutating func pollEffect() -> Effect? { effects.isEmpty ? nil : effects.removeFirst() }

    // MARK: Coming

    /// Who is here already and comes by another page, and whether only their browser says so.
    ///
    /// A secret alone proves nothing to a room that asks for tokens: only the same subject comes back as the same person.
    private func known(
        _ join: ClientMessage.Join,
        showing shown: JoinToken?
    ) -> (member: Member, isByBrowser: Bool)? {
        // All are compared, so that the time tells nothing of whose secret it is.
        var byToken: Member?
        var byBrowser: Member?
        for member in members.values where member.grant.token?.subject == shown?.subject {
            if let token = join.resume, member.resumeToken.matches(token) { byToken = member }
            // Two live pages of one browser are two people.
            if member.browser?.isBrowser(of: join, named: member.name) == true, member.page == nil {
                byBrowser = member
            }
        }
        return byToken.map { ($0, false) } ?? byBrowser.map { ($0, true) }
    }

    private mutating func resume(
        _ known: Member,
        _ join: ClientMessage.Join,
        by page: PageID,
        _ share: NetworkShare?,
        _ token: Secret,
        _ grant: Grant
    ) {
        if let other = known.page { close(other, .joinedElsewhere) }
        var member = known
        member.resumeToken = token
        member.name = join.name
        if let browser = join.browser { member.browser = Secret(browser) }
        member.share = share
        member.page = page
        member.departure = nil
        member.hasSaidGoodbye = false
        member.farewell = nil
        member.grant = grant
        members[known.id] = member
        owners[page] = known.id
        if grant != known.grant { effects.append(.rightsChanged(known.id)) }
        effects += [
            .welcome(page, known.id, isResumed: !join.isFresh), .tellPeople,
            join.isFresh ? .connect(known.id) : .repeatOffer(known.id),
        ]
    }

    private mutating func admit(
        _ join: ClientMessage.Join,
        by page: PageID,
        _ share: NetworkShare?,
        _ former: FormerPeople.Person?,
        _ token: Secret,
        _ grant: Grant,
        chatStart: Int,
        now: Instant
    ) {
        if former == nil { lastID += 1 }
        let id = former?.id ?? ParticipantID(lastID)
        members[id] = Member(
            id: id,
            joined: now,
            chatStart: former?.chatStart ?? chatStart,
            name: join.name,
            grant: grant,
            resumeToken: former?.resumeToken ?? token,
            browser: join.browser.map { Secret($0) },
            share: share,
            page: page
        )
        owners[page] = id
        effects += [.admitted(id), .welcome(page, id, isResumed: false), .tellPeople, .connect(id)]
    }

    /// Finds a place for somebody new, perhaps that of somebody who never saw the room, or says why there is none.
    private mutating func makePlace(for page: PageID, _ share: NetworkShare?, now: Instant) -> Bool {
        // One is given up at a time, and each makes a place.
        while true {
            switch places.admit(share, seats: everybody.map { Places.Seat($0) }, now: now) {
            case .admitted: return true
            case .evict(let other):
                if let page = members[other]?.page { close(page, .evicted) }
                depart(other, .lost, isRemembered: false, now: now)
                effects.append(.tellPeople)
            case .refused(let refusal):
                refuse(page, Refusal(refusal), mayStay: false)
                return false
            }
        }
    }

    private mutating func refuse(_ page: PageID, _ refusal: Refusal, mayStay: Bool) {
        effects.append(.refuse(page, refusal, mayStay: mayStay))
    }

    // MARK: Going

    private mutating func close(_ page: PageID, _ code: SignallingConnection.CloseCode) {
        owners[page] = nil
        effects.append(.close(page, code))
    }

    /// Waits for a lost page to come back, for a moment only where it is likely not to.
    private func expectReturn(of member: inout Member, isGoing: Bool, now: Instant) {
        member.departure = Member.Departure(
            due: now + (isGoing ? grace.goodbye : grace.loss),
            isRemembered: isGoing
        )
    }

    /// - Parameter isRemembered: For a page that takes long to load anew.
    private mutating func depart(
        _ id: ParticipantID,
        _ departure: AuditDeparture,
        isRemembered: Bool,
        now: Instant
    ) {
        guard let member = members.removeValue(forKey: id) else { return }
        if isRemembered, member.isProved { former.add(FormerPeople.Person(member), now: now) }
        effects.append(.departed(id, departure))
    }

    /// How long before its WebSocket a browser that is closed may end its connections.
    private static let farewellMemory = Interval.seconds(5)
}
