internal import Access
internal import IO
internal import RemoteControl
internal import Wire

/// What those are told who look after the others: who waits, what each may do, and how each one's page does.
@SessionActor final class Oversight {
    private let roster: Roster
    private var isWaitingTold = true
    private var areRightsTold = true
    /// Pages say very often how they do.
    private var pages = StateTelling(period: .milliseconds(500))

    init(_ roster: Roster) {
        self.roster = roster
    }

    // MARK: What has happened

    func handleWaiting() { isWaitingTold = false }
    func handleRights() { areRightsTold = false }

    /// A page says how it does.
    func handle(_ state: PageState, of person: Person) {
        guard person.pageState != state else { return }
        person.pageState = state
        if pages.handleChange(now: .now()) { tellPages() }
    }

    // MARK: Telling

    /// Whoever comes, or may do more than before, is told all that is for them.
    func tellAll(to id: ParticipantID) {
        roster.send(.rights(rights(for: id)), to: id)
        guard roster.rights(of: id).contains(.admit) else { return }
        roster.send(.waitingList(waitingList), to: id)
        roster.send(.pageStates(pageStates(but: id)), to: id)
    }

    /// Tells what has changed, once all that was to be done is.
    func settle() {
        if !isWaitingTold { tell(.waitingList(waitingList), needing: .admit) }
        if !areRightsTold {
            for id in roster.everybody.map(\.id)
            where !roster.rights(of: id).isDisjoint(with: Self.overRights) {
                roster.send(.rights(rights(for: id)), to: id)
            }
        }
        isWaitingTold = true
        areRightsTold = true
    }

    func handleTimeout(now: Instant) {
        if pages.isDue(now: now) { tellPages() }
    }

    func pollTimeout() -> Instant? { pages.pollTimeout() }

    /// Says to somebody who waits that they do, and what was written to them.
    func tellWaiting(_ id: ParticipantID, on page: PageID) {
        guard let person = roster.membership.waiting[id], let connection = roster.connection(of: page) else {
            return
        }
        connection.handleJoin()
        connection.send(
            .waiting(
                WaitingNotice(
                    since: Self.clock(person.since),
                    now: RoomClock.steady,
                    line: person.line,
                    resume: person.resumeToken.text
                )
            )
        )
    }

    private func tellPages() {
        pages.handleTold(now: .now())
        for id in roster.everybody.map(\.id) where roster.rights(of: id).contains(.admit) {
            roster.send(.pageStates(pageStates(but: id)), to: id)
        }
    }

    private func tell(_ message: RoomMessage, needing right: Rights) {
        for person in roster.everybody where roster.rights(of: person.id).contains(right) {
            roster.send(message, to: person.id)
        }
    }

    // MARK: What there is to tell

    /// Who waits, and who may not come back.
    var waitingList: WaitingList {
        let membership = roster.membership
        return WaitingList(
            people: membership.waiting.everybody.map { person in
                WaitingPerson(
                    id: person.id.rawValue,
                    name: person.name.text,
                    role: person.grant.role.rawValue,
                    since: Self.clock(person.since),
                    away: person.page == nil,
                    line: person.line
                )
            },
            removed: membership.memory.removed.map { .init(id: $0.id.rawValue, name: $0.name.text) }
        )
    }

    /// One's own, and everybody's for whoever may act on them.
    private func rights(for id: ParticipantID) -> [PersonRights] {
        let isOverseer = !roster.rights(of: id).isDisjoint(with: Self.overRights)
        return roster.membership.everybody.filter { isOverseer || $0.id == id }.map {
            PersonRights(id: $0.id.rawValue, role: $0.grant.role, rights: $0.grant.rights)
        }
    }

    private func pageStates(but id: ParticipantID) -> [PageState.Told] {
        roster.everybody.filter { $0.id != id }.compactMap { person in
            person.pageState.map { PageState.Told(person: person.id.rawValue, state: $0) }
        }
    }

    /// A time of the room's machines by the clock that pages know.
    private static func clock(_ instant: Instant) -> Int64 {
        RoomClock.steady(at: instant)
    }

    private static let overRights: Rights = [.grant, .muteOthers, .remove]
}
