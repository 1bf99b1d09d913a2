internal import Logging
internal import RemoteControl
internal import SFU

/// Tells pages that cannot connect what the room sees of their connections; and the log and whoever watches over rooms,
/// once for each that does not come about, and for each that is lost.
@SessionActor final class ConnectionReports {
    private let roster: Roster
    private let worker: Worker
    private let events: RoomEvents
    private let log: Logger
    /// The newest are remembered: a connection that fails for long is in the log once.
    private var logged: [TransportID] = []

    init(_ roster: Roster, worker: Worker, events: RoomEvents, log: Logger) {
        self.roster = roster
        self.worker = worker
        self.events = events
        self.log = log
    }

    /// A page asks, because one of its connections does not come about, or is lost.
    func tell(_ person: Person) async {
        let publish = await progress(of: person.publish?.transport)
        let subscribe = await progress(of: person.subscribe?.transport)
        note(publish, "publish", of: person)
        note(subscribe, "subscribe", of: person)
        roster.send(
            .connections(.init(publish: publish?.progress, subscribe: subscribe?.progress)),
            to: person.id
        )
    }

    /// A handshake has failed, and its transport is about to be closed; or nothing comes by it any more.
    func handleFailure(of transport: TransportID, owner: TransportOwner) async {
        guard let person = roster[owner.participant], let found = await progress(of: transport) else {
            return
        }
        // It stood, and its page knows by itself that it is lost.
        if found.progress.isConnected {
            return events.tellFailure(of: person.id, at: found.progress.step)
        }
        switch owner {
        case .publish:
            note(found, "publish", of: person)
            roster.send(.connections(.init(publish: found.progress)), to: person.id)
        case .subscribe:
            note(found, "subscribe", of: person)
            roster.send(.connections(.init(subscribe: found.progress)), to: person.id)
        }
    }

    private func progress(
        of transport: TransportID?
    ) async -> (transport: TransportID, progress: ConnectionProgress)? {
        guard let transport, let statistics = try? await worker.statistics(of: transport) else { return nil }
        return (transport, ConnectionProgress(statistics))
    }

    private func note(
        _ found: (transport: TransportID, progress: ConnectionProgress)?,
        _ name: String,
        of person: Person
    ) {
        guard let (transport, progress) = found, !progress.isConnected, !logged.contains(transport) else {
            return
        }
        logged.append(transport)
        if logged.count > Self.remembered { logged.removeFirst() }
        events.tellFailure(of: person.id, at: progress.step)
        var metadata: Logger.Metadata = [
            "participant": "\(person.id.rawValue)", "connection": "\(name)",
            "step": "\(progress.step.rawValue)",
        ]
        if let alert = progress.alert { metadata["alert"] = "\(alert)" }
        if let failure = progress.failure { metadata["failure"] = "\(failure)" }
        log.warning("A connection does not come about", metadata: metadata)
    }

    private static let remembered = 256
}
