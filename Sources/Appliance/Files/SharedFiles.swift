internal import Access
internal import Audit
internal import IO
package import RemoteControl
package import SFU
internal import Wire

/// Files between people's devices and a folder on the desk: who may put some there or take some, and what people are told of it.
///
/// What becomes of each transfer ``FileExchange`` decides; here is who may do it at that moment: a right of the person's and the room's
/// setting; of a desk on which something is hidden from them they take nothing but what they are handed. The lease is needed only
/// to drop a file on an application.
@SessionActor package final class SharedFiles {
    private let roster: Roster
    private let privacy: DeskPrivacy
    private let worker: Worker
    private let audit: AuditLog
    private let link: FileLink?
    private let drops: FileDrops
    private var exchange: FileExchange
    private let alarm = Alarm()
    private var isSettling = false
    /// By which channel each person's page speaks.
    private var channels: [ParticipantID: DataProducerID] = [:]
    /// What each person was told last.
    private var told: [ParticipantID: RoomMessage.Files] = [:]

    init(
        _ configuration: Configuration,
        _ roster: Roster,
        _ privacy: DeskPrivacy,
        worker: Worker,
        relay: ControlRelay,
        audit: AuditLog
    ) throws {
        self.roster = roster
        self.privacy = privacy
        self.worker = worker
        self.audit = audit
        let policy = FilePolicy(configuration.files)
        exchange = FileExchange(policy)
        link = policy.directions.isEmpty ? nil : try FileLink(policy)
        drops = FileDrops(relay: relay, link: link)
    }

    /// Follows what the desk says until the task is cancelled.
    func run() async {
        guard let link else { return }
        link.start()
        for await event in link.events {
            await handle(event)
            await link.handleTaken()
        }
        alarm.stop()
        drops.stop()
        await link.stop()
    }

    // MARK: The desk

    /// A desk process has handed over the room's end of its link.
    func attach(_ end: consuming SeqPacketSocket) async {
        try? await link?.adopt(end)
    }

    private func handle(_ event: FileLink.Event) async {
        switch event {
        case .connected: exchange.handleDesk(isThere: true)
        case .disconnected:
            exchange.handleDesk(isThere: false)
            drops.handleDeskGone()
        case .message(.dropped(let number, _)): await drops.handleDone(number)
        case .message(let message): exchange.handleDesk(message, { standing(of: $0) }, now: .now())
        }
        await settle()
    }

    // MARK: Pages

    /// Follows a person's channel for as long as it is open, or until they have another one.
    func read(_ messages: AsyncStream<DataMessage>, of id: ParticipantID, on channel: DataProducerID) {
        if channels.updateValue(channel, forKey: id) != nil { exchange.handleDeparture(of: id) }
        Task {
            for await message in messages where self.channels[id] == channel {
                await self.handle(message, from: id)
            }
            guard self.channels[id] == channel else { return }
            self.channels[id] = nil
            self.exchange.handleDeparture(of: id)
            await self.settle()
        }
    }

    package func handle(_ message: DataMessage, from id: ParticipantID) async {
        guard roster[id] != nil, message.isBinary else { return }
        unsafe exchange.handle(message.bytes.span.bytes, from: id, standing(of: id), now: .now())
        await settle()
    }

    private func standing(of id: ParticipantID) -> FileExchange.Standing {
        let rights = roster.rights(of: id)
        let mayTake = rights.contains(.fileOut) && !privacy.hides(from: id)
        return FileExchange.Standing(
            mayPut: rights.contains(.fileIn),
            mayTake: mayTake,
            mayHand: mayTake && rights.contains(.grant)
        )
    }

    /// What people may do has changed: what they may not do any more ends at once.
    func handleRights() {
        exchange.handleRights { standing(of: $0) }
        tell()
        settleSoon()
    }

    /// Somebody is not in the room any more.
    func handleGone(_ id: ParticipantID) {
        channels[id] = nil
        exchange.handleGone(id)
        settleSoon()
    }

    private func settleSoon() {
        guard !isSettling else { return }
        Task { await self.settle() }
    }

    /// Carries out what is to be done, in order: whoever comes meanwhile leaves it to whoever is at it.
    private func settle() async {
        guard !isSettling else { return }
        isSettling = true
        while let effect = exchange.pollEffect() { await carryOut(effect) }
        isSettling = false
        alarm.set(exchange.pollTimeout()) {
            self.exchange.handleTimeout(now: .now())
            await self.settle()
        }
    }

    private func carryOut(_ effect: FileExchange.Effect) async {
        switch effect {
        case .carriedFromDesk(let record, let id): note(record, .fromDesk, id)
        case .carriedToDesk(let record, let id): note(record, .toDesk, id)
        case .drop(let number, let put, let name, let id): await drops.add(number, put, name: name, by: id)
        case .offersChanged: tell()
        case .send(let message, let id):
            guard let channel = channels[id] else { return }
            do {
                try await worker.send(message.encoded(), on: channel)
            } catch {
                if channels[id] == channel { exchange.handleUnsent(to: id) }
            }
        case .tellDesk(let message): await link?.send(message)
        }
    }

    private func note(_ file: FileRecord, _ direction: AuditFileTransfer.Direction, _ id: ParticipantID) {
        guard let digest = SHA256Digest(bytes: file.digest.bytes) else { return }
        let transfer = AuditFileTransfer(
            direction,
            nameLength: file.nameLength,
            size: Int64(clamping: file.size),
            digest: digest
        )
        audit.append(.file(transfer, person: id.rawValue))
    }

    // MARK: What people are told

    /// As one person is told.
    private func state(for id: ParticipantID) -> RoomMessage.Files {
        let directions = exchange.policy.directions
        let standing = standing(of: id)
        var state = RoomMessage.Files(limit: Int(clamping: exchange.policy.limit))
        state.toDesk = directions.contains(.toDesk) && standing.mayPut
        state.fromDesk = directions.contains(.fromDesk) && standing.mayTake
        state.hand = directions.contains(.fromDesk) && standing.mayHand
        state.offers = exchange.offers.offers(to: id).map {
            .init(id: $0.id, from: $0.giver.rawValue, name: $0.name, size: $0.size)
        }
        return state
    }

    /// As a page is told that begins.
    func welcome(_ id: ParticipantID) -> RoomMessage.Files {
        let state = state(for: id)
        told[id] = state
        return state
    }

    /// Tells everybody for whom something has changed.
    private func tell() {
        let everybody = roster.everybody.map(\.id)
        told = told.filter { everybody.contains($0.key) }
        for id in everybody {
            let state = state(for: id)
            guard let before = told[id], before != state else { continue }
            told[id] = state
            roster.send(.files(state), to: id)
        }
    }
}

extension FilePolicy {
    init(_ settings: FileSettings) {
        let directions: DeskDirections =
            switch settings.use {
            case .both: .all
            case .in: .toDesk
            case .off: []
            case .out: .fromDesk
            }
        self.init(directions, limit: UInt64(settings.bytes), total: UInt64(settings.total))
    }
}
