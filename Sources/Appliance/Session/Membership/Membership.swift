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
///
/// Whom the policy has wait is before the door (``WaitingRoom``), with the number that is theirs in the room too, until
/// somebody lets them in or refuses them. Nobody has to be there who could for those who are in the room to stay.
package struct Membership {
    /// How long a person whose page is lost keeps their place.
    package struct Grace: Hashable, Sendable {
        package var loss = Interval.seconds(60)
        /// For a page that has said goodbye, or was never seen to work.
        package var goodbye = Interval.seconds(5)

        package init() {}
    }

    /// Why nobody new comes in now; `nil`: they may.
    package var closure: Refusal?
    /// Why nobody new comes in any more, not even to wait; `nil`: they may.
    package var ending: Refusal?
    private let grace: Grace
    private let policy: AdmissionPolicy
    private var places: Places
    private(set) var members: [ParticipantID: Member] = [:] { didSet { changes += 1 } }
    /// Whose each page is.
    private var owners: [PageID: ParticipantID] = [:]
    private(set) var former = FormerPeople() { didSet { changes += 1 } }
    /// Only what is changed there has a function here.
    package private(set) var waiting: WaitingRoom { didSet { changes += 1 } }
    package private(set) var memory = SessionMemory() { didSet { changes += 1 } }
    /// Counts what may have changed ``left``.
    package private(set) var changes: UInt64 = 0
    private var effects: [Effect] = []

    /// - Parameters:
    ///   - people: Most people in the room.
    ///   - sharing: Most of them from one network address.
    package init(
        people: Int,
        sharing: Int,
        grace: Grace = Grace(),
        policy: AdmissionPolicy = .everybody
    ) {
        self.grace = grace
        self.policy = policy
        places = Places(people: people, sharing: sharing)
        waiting = WaitingRoom(people: people, sharing: sharing, grace: grace)
    }

    // MARK: Who is here

    package var count: Int { members.count }
    /// Everybody, in the order in which they first came.
    package var everybody: [Member] { members.values.sorted { $0.id.rawValue < $1.id.rawValue } }
    package subscript(id: ParticipantID) -> Member? { members[id] }

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
    ///   - outside: By what else than the room's page it comes.
    ///   - shown: The token that it has shown, checked; `nil` where the room asks for none.
    ///   - token: A fresh secret, for a person who needs one.
    ///   - chatStart: The line of the chat that is written next.
    package mutating func join(
        _ join: ClientMessage.Join,
        by page: PageID,
        from share: NetworkShare?,
        as outside: OutsideClient? = nil,
        showing shown: JoinToken? = nil,
        token: Secret,
        chatStart: Int,
        now: Instant
    ) {
        guard owners[page] == nil, waiting.owner(of: page) == nil else {
            return refuse(page, Refusal(.joinedAlready), mayStay: true)
        }
        let known = known(join, showing: shown)
        let former = known == nil ? former.person(knownBy: join, showing: shown, now: now) : nil
        if let ending, known == nil, former == nil { return refuse(page, ending, mayStay: false) }
        let before = known?.member.grant ?? former?.grant
        var grant: Grant
        var waits = false
        switch policy.decide(Applicant(name: join.name, share: share, token: shown, before: before)) {
        case .refused(let refusal): return refuse(page, refusal, mayStay: false)
        case .admitted(let role, let rights): grant = Grant(role: role, rights: rights, token: shown)
        case .waiting(let role, let rights):
            grant = Grant(role: role, rights: rights, token: shown)
            waits = known == nil && former == nil && !memory.hasAdmitted(shown?.subject)
        }
        if let refusal = memory.refusal(of: grant, join, as: outside) {
            return effects.append(.end(page, refusal))
        }
        let switches = known?.member.switches ?? former?.switches ?? memory.switches(of: shown?.subject)
        grant.rights = switches.applied(to: grant.rights)
        if let refusal = outside?.limit(&grant) { return refuse(page, refusal, mayStay: false) }
        let arrival = Arrival(
            join: join,
            page: page,
            share: share,
            secret: token,
            grant: grant,
            switches: switches,
            outside: outside,
            chatStart: chatStart,
            now: now
        )
        if let (member, isByBrowser) = known {
            // The page that is gone, if it is not, must not take the place back: it comes as somebody of its own.
            resume(member, arrival, isByBrowser ? token : member.resumeToken)
        } else if waits {
            wait(arrival)
        } else if let closure, former == nil {
            refuse(page, closure, mayStay: false)
        } else {
            enter(arrival, former)
        }
    }

    /// The person goes, and does not come back.
    package mutating func leave(by page: PageID, now: Instant) {
        if let id = waiting.owner(of: page), waiting.remove(id) != nil {
            effects += [.close(page, .left), .tellWaiting]
        }
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
        if let person = waiting.remove(id) {
            if let page = person.page { effects.append(.close(page, code)) }
            effects.append(.tellWaiting)
        }
        guard let member = members[id] else { return }
        if let page = member.page { close(page, code) }
        depart(id, departure, isRemembered: false, now: now)
        effects.append(.tellPeople)
    }

    // MARK: What somebody does to others

    /// Lets somebody in who waits.
    ///
    /// - Parameter chatStart: The line of the chat that is written next.
    package mutating func admit(
        _ id: ParticipantID,
        chatStart: Int,
        now: Instant
    ) throws(ModerationRefusal) {
        guard let person = waiting[id] else { throw .notThere }
        if closure != nil { throw .notRecorded }
        if let refusal = findPlace(person.share, now: now) { throw .noPlace(refusal) }
        _ = waiting.remove(id)
        var member = Member(person, chatStart: chatStart, now: now)
        if person.page == nil { expectReturn(of: &member, isGoing: person.hasSaidGoodbye, now: now) }
        add(member)
        effects.append(.tellWaiting)
    }

    /// Writes to somebody who waits.
    package mutating func tell(_ line: String, to id: ParticipantID) throws(ModerationRefusal) {
        guard let person = waiting.tell(line, to: id) else { throw .notThere }
        if let page = person.page { effects.append(.wait(page, id, isNew: false)) }
        effects.append(.tellWaiting)
    }

    /// Does not let somebody in who waits; they may ask again.
    package mutating func turnAway(_ id: ParticipantID, reason: String) throws(ModerationRefusal) {
        guard let person = waiting.remove(id) else { throw .notThere }
        if let page = person.page { effects.append(.end(page, .turnedAway(reason))) }
        effects.append(.tellWaiting)
    }

    /// Switches rights of somebody on and off; it holds until the session ends, also when they come back.
    ///
    /// - Parameter other: Who does that; `nil`: whoever runs the room.
    package mutating func setRights(
        of id: ParticipantID,
        give: Rights = [],
        take: Rights = [],
        by other: ParticipantID?
    ) throws(ModerationRefusal) {
        var member = try member(id, inReachOf: other)
        let rights = member.grant.rights.union(give).subtracting(take)
        if let other {
            guard members[other]?.grant.rights.isSuperset(of: give) == true else { throw .beyondYours }
            let others = members.values.filter { $0.id != id }.map(\.grant.rights)
            let lost = member.grant.rights.subtracting(rights).intersection([.admit, .grant])
            guard lost.isSubset(of: others.reduce([]) { $0.union($1) }) else { throw .last }
        }
        member.switches.give(give)
        member.switches.take(take)
        memory.set(member.switches, of: member.grant.token?.subject)
        let isChange = rights != member.grant.rights
        member.grant.rights = rights
        members[id] = member
        if isChange { effects.append(.rightsChanged(id)) }
    }

    /// Ends somebody's stay, and does not let them come back before ``allow(_:)``.
    ///
    /// - Parameter other: Who does that; `nil`: whoever runs the room.
    package mutating func remove(
        _ id: ParticipantID,
        reason: String,
        by other: ParticipantID?,
        now: Instant
    ) throws(ModerationRefusal) {
        if id == other { throw .yourself }
        let member = try member(id, inReachOf: other)
        memory.remove(member, reason: reason)
        for one in everybody where one.id == id || one.goes(with: member) {
            end(one, .removed(reason), .removed, now: now)
        }
        effects += [.tellPeople, .tellWaiting]
    }

    /// Lets somebody come back who was removed.
    package mutating func allow(_ id: ParticipantID) throws(ModerationRefusal) {
        guard memory.allow(id) else { throw .notThere }
        effects.append(.tellWaiting)
    }

    /// Ends the stay of everybody, those included who wait; nobody comes in again before a clinician does.
    package mutating func endSession(_ why: Refusal = Refusal(.sessionEnded), now: Instant) {
        memory.endSession()
        former = FormerPeople()
        for person in waiting.everybody {
            _ = waiting.remove(person.id)
            if let page = person.page { effects.append(.end(page, why)) }
        }
        for member in everybody { end(member, why, .sessionEnded, now: now) }
    }

    /// - Throws: ``ModerationRefusal/notThere``, ``ModerationRefusal/onlyClinicians``.
    private func member(
        _ id: ParticipantID,
        inReachOf other: ParticipantID?
    ) throws(ModerationRefusal) -> Member {
        guard let member = members[id] else { throw .notThere }
        if let other, member.grant.role == .clinician, members[other]?.grant.role != .clinician {
            throw .onlyClinicians
        }
        return member
    }

    // MARK: What happened

    /// The room has crashed, and is another one: whoever was there may come back as whom they were, as after a page that takes long
    /// to load anew.
    ///
    /// To be called before anybody comes.
    package mutating func handleRoomLost(_ left: Left, now: Instant) {
        memory = SessionMemory(left.memory)
        former.handleRoomLost(left.here, now: now)
        waiting.handleRoomLost(left.waiting, now: now)
    }

    /// The page has said that it is being closed.
    package mutating func handleGoodbye(of page: PageID) {
        waiting.handleGoodbye(of: page)
        if let id = owners[page] { members[id]?.hasSaidGoodbye = true }
    }

    /// The page's WebSocket is over; media goes on, and the person is given up if no page of theirs comes in time.
    package mutating func handleLoss(of page: PageID, now: Instant) {
        if waiting.handleLoss(of: page, now: now) { effects.append(.tellWaiting) }
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
        if waiting.handleTimeout(now: now) { effects.append(.tellWaiting) }
        former.handleTimeout(now: now)
    }

    /// When ``handleTimeout(now:)`` is next due.
    package func pollTimeout() -> Instant? {
        let departure = members.values.lazy.compactMap { $0.departure?.due }.min()
        return [departure, former.pollTimeout(), waiting.pollTimeout()].compactMap(\.self).min()
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

    private mutating func resume(_ known: Member, _ arrival: Arrival, _ token: Secret) {
        let (join, page) = (arrival.join, arrival.page)
        if let other = known.page { close(other, .joinedElsewhere) }
        var member = known
        member.resumeToken = token
        member.name = join.name
        if let browser = join.browser { member.browser = Secret(browser) }
        member.share = arrival.share
        member.page = page
        member.departure = nil
        member.hasSaidGoodbye = false
        member.farewell = nil
        member.grant = arrival.grant
        member.outside = arrival.outside
        members[known.id] = member
        owners[page] = known.id
        if arrival.grant != known.grant { effects.append(.rightsChanged(known.id)) }
        effects += [
            .welcome(page, known.id, isResumed: !join.isFresh), .tellPeople,
            join.isFresh ? .connect(known.id) : .repeatOffer(known.id),
        ]
    }

    private mutating func enter(_ arrival: Arrival, _ former: FormerPeople.Person?) {
        if let refusal = findPlace(arrival.share, now: arrival.now) {
            return refuse(arrival.page, Refusal(refusal), mayStay: false)
        }
        if let former { self.former.remove(former.id) }
        // They may have waited until now, and need not any more.
        let waiter = former == nil ? waiting.person(knownBy: arrival.join, showing: arrival.grant.token) : nil
        if let waiter { _ = waiting.remove(waiter.id) }
        if let other = waiter?.page { effects.append(.close(other, .joinedElsewhere)) }
        add(
            Member(
                id: former?.id ?? waiter?.id ?? memory.nextID(),
                joined: arrival.now,
                chatStart: former?.chatStart ?? arrival.chatStart,
                name: arrival.join.name,
                grant: arrival.grant,
                switches: arrival.switches,
                resumeToken: former?.resumeToken ?? arrival.secret,
                browser: arrival.join.browser.map { Secret($0) },
                share: arrival.share,
                page: arrival.page,
                outside: arrival.outside
            )
        )
        if waiter != nil { effects.append(.tellWaiting) }
    }

    private mutating func add(_ member: Member) {
        memory.admit(member.grant)
        members[member.id] = member
        effects.append(.admitted(member.id))
        guard let page = member.page else { return effects.append(.tellPeople) }
        owners[page] = member.id
        effects += [.welcome(page, member.id, isResumed: false), .tellPeople, .connect(member.id)]
    }

    /// Somebody new waits, or who waits already does so by another page.
    private mutating func wait(_ arrival: Arrival) {
        do throws(Places.Refusal) {
            let (id, former) = try waiting.enter(arrival, newID: ParticipantID(memory.lastID + 1))
            let isNew = id.rawValue > memory.lastID
            memory.lastID = max(memory.lastID, id.rawValue)
            if let former { effects.append(.close(former, .joinedElsewhere)) }
            effects += [.wait(arrival.page, id, isNew: isNew), .tellWaiting]
        } catch {
            refuse(arrival.page, Refusal(error), mayStay: false)
        }
    }

    /// Finds a place for somebody new, perhaps that of somebody who never saw the room, or says why there is none.
    private mutating func findPlace(_ share: NetworkShare?, now: Instant) -> Places.Refusal? {
        // One is given up at a time, and each makes a place.
        while true {
            switch places.admit(share, seats: everybody.map { Places.Seat($0) }, now: now) {
            case .admitted: return nil
            case .evict(let other):
                if let page = members[other]?.page { close(page, .evicted) }
                depart(other, .lost, isRemembered: false, now: now)
                effects.append(.tellPeople)
            case .refused(let refusal): return refusal
            }
        }
    }

    private mutating func refuse(_ page: PageID, _ refusal: Refusal, mayStay: Bool) {
        effects.append(.refuse(page, refusal, mayStay: mayStay))
    }

    // MARK: Going

    private mutating func end(
        _ member: Member,
        _ refusal: Refusal,
        _ departure: AuditDeparture,
        now: Instant
    ) {
        if let page = member.page {
            owners[page] = nil
            effects.append(.end(page, refusal))
        }
        depart(member.id, departure, isRemembered: false, now: now)
    }

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
