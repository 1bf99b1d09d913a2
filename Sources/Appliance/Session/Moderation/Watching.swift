internal import RemoteControl
internal import SFU

/// Shows somebody who looks after others what one of them is sent of the desk: the same rendition, with the masks that are
/// painted into it, and as much of it as that person's network leaves them.
@SessionActor final class Watching {
    private let roster: Roster
    private let subscriptions: Subscriptions

    init(_ roster: Roster, _ subscriptions: Subscriptions) {
        self.roster = roster
        self.subscriptions = subscriptions
    }

    /// - Parameter other: `nil`: nobody's view any more.
    func watch(_ other: ParticipantID?, by person: Person) {
        guard person.watched != other, other != person.id else { return }
        person.watched = other
        update(person)
    }

    /// Somebody may see less, or somebody has left: what they watched is over.
    func updateAll() {
        for person in roster.everybody where person.watched != nil {
            let isAllowed = roster.rights(of: person.id).allow(.message(.watch(person: nil)))
            let isThere = person.watched.flatMap { roster[$0] } != nil
            if !isAllowed || !isThere { person.watched = nil }
            update(person)
        }
    }

    /// How much of the desk's picture a viewer is sent has changed.
    ///
    /// - Parameter spatial: Its highest encoding; `nil`: as it was.
    func handle(_ consumer: ConsumerID, spatial: Int?, isPaused: Bool) {
        guard let viewer = roster.everybody.first(where: { $0.subscribe?.section(of: consumer) != nil }),
            let connection = viewer.subscribe, connection.section(of: consumer)?.source == .deskPicture
        else { return }
        connection.deskDemand = isPaused ? .hidden : spatial.map { .layer($0) } ?? .all
        for person in roster.watchers(of: viewer.id) { subscriptions.updateSight(of: person) }
    }

    private func update(_ person: Person) {
        subscriptions.updateSight(of: person)
        subscriptions.updateTracks(for: person)
    }
}
