internal import Access
internal import Audit
internal import IO
package import RemoteControl
package import SFU
internal import Wire

/// The desk's clipboard in the session: who may put something there or take it, and what people are told of it.
///
/// What becomes of each transfer ``ClipboardExchange`` decides; here is who may do it at that moment: a right of the person's, the
/// room's setting, and to put something there the lease for the keyboard; what is hidden of the desk is not taken from it.
@SessionActor package final class SharedClipboard {
    private let roster: Roster
    private let privacy: DeskPrivacy
    private let worker: Worker
    private let relay: ControlRelay
    private let audit: AuditLog
    private let link: ClipboardLink?
    private var exchange: ClipboardExchange
    private let alarm = Alarm()
    private var isSettling = false
    /// What each person was told last, and when anybody was.
    private var told: [ParticipantID: RoomMessage.Clipboard] = [:]
    private var lastTold: Instant?
    private var mustTell = false

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
        self.relay = relay
        self.audit = audit
        let policy = ClipboardPolicy(configuration)
        exchange = ClipboardExchange(policy)
        link = policy.directions.isEmpty ? nil : try ClipboardLink(policy)
    }

    /// Follows what the desk says until the task is cancelled.
    func run() async {
        guard let link else { return }
        link.start()
        for await event in link.events { await handle(event) }
        alarm.stop()
        await link.stop()
    }

    // MARK: The desk

    /// A desk process has handed over the room's end of its link.
    func attach(_ end: consuming SeqPacketSocket) async {
        try? await link?.adopt(end)
    }

    private func handle(_ event: ClipboardLink.Event) async {
        let now = Instant.now()
        switch event {
        case .connected: exchange.handleDesk(isThere: true)
        case .content(let content, let number):
            exchange.handle(content, as: number, { standing(of: $0, mayType: false) }, now: now)
        case .disconnected: exchange.handleDesk(isThere: false)
        case .offer(let offer): exchange.handle(offer, now: now)
        case .outcome(let outcome, let number): exchange.handle(outcome, of: number)
        }
        tellSoon()
        await settle()
    }

    // MARK: Pages

    /// Follows a person's clipboard channel for as long as it is open.
    func read(_ messages: AsyncStream<DataMessage>, of id: ParticipantID) {
        Task {
            for await message in messages { await self.handle(message, from: id) }
            self.exchange.handleDeparture(of: id)
            await self.settle()
        }
    }

    package func handle(_ message: DataMessage, from id: ParticipantID) async {
        guard roster[id] != nil, message.isBinary else { return }
        var mayType = false
        if let lease = unsafe ClipboardExchange.lease(of: message.bytes.span.bytes) {
            mayType = await relay.mayType(id, under: lease)
        }
        let standing = standing(of: id, mayType: mayType)
        unsafe exchange.handle(message.bytes.span.bytes, from: id, standing, now: .now())
        await settle()
    }

    private func standing(of id: ParticipantID, mayType: Bool) -> ClipboardExchange.Standing {
        let rights = roster.rights(of: id)
        return ClipboardExchange.Standing(
            mayPut: rights.contains(.clipboardIn) && mayType,
            mayTake: rights.contains(.clipboardOut) && !privacy.hides(from: id)
        )
    }

    /// Carries out what is to be done, in order: whoever comes meanwhile leaves it to whoever is at it.
    private func settle() async {
        guard !isSettling else { return }
        isSettling = true
        while let effect = exchange.pollEffect() { await carryOut(effect) }
        isSettling = false
        setAlarm()
    }

    private func carryOut(_ effect: ClipboardExchange.Effect) async {
        switch effect {
        case .cancel(let number): await link?.cancel(number)
        case .carriedFromDesk(let table, let id):
            audit.append(.clipboard(AuditClipboardTransfer(.fromDesk, table), person: id.rawValue))
        case .carriedToDesk(let table, let id):
            audit.append(.clipboard(AuditClipboardTransfer(.toDesk, table), person: id.rawValue))
        case .fetch(let number): await link?.take(number)
        case .put(let number, let lease, let content, let id):
            // What was begun under a lease must not come after it.
            let mayType = await relay.mayType(id, under: lease)
            guard standing(of: id, mayType: mayType).mayPut else {
                return exchange.handle(.notAllowed, of: number)
            }
            await link?.put(content, as: number, lease)
        case .send(let message, let id):
            guard let channel = roster[id]?.publish?.clipboard else { return }
            try? await worker.send(message.encoded(), on: channel)
        }
    }

    // MARK: What people are told

    /// As one person is told: what there is only those learn who may take it.
    func state(for id: ParticipantID) -> RoomMessage.Clipboard {
        let rights = roster.rights(of: id)
        let directions = exchange.policy.directions
        var state = RoomMessage.Clipboard(limit: Int(exchange.policy.limit))
        state.toDesk = directions.contains(.toDesk) && rights.contains(.clipboardIn)
        state.fromDesk = directions.contains(.fromDesk) && standing(of: id, mayType: false).mayTake
        guard state.fromDesk else { return state }
        let offer = exchange.offer
        state.serial = offer.serial
        state.kinds = offer.table.flavours.map(\.name)
        state.bytes = offer.table.total
        state.tooLarge = offer.hasTooLarge
        return state
    }

    /// As a page is told that begins.
    func welcome(_ id: ParticipantID) -> RoomMessage.Clipboard {
        let state = state(for: id)
        told[id] = state
        return state
    }

    /// Tells everybody for whom something has changed.
    func tell() {
        mustTell = false
        lastTold = .now()
        let everybody = roster.everybody.map(\.id)
        told = told.filter { everybody.contains($0.key) }
        for id in everybody {
            let state = state(for: id)
            guard let before = told[id], before != state else { continue }
            told[id] = state
            roster.send(.clipboard(state), to: id)
        }
    }

    /// At once, or soon where programs copy all the time.
    private func tellSoon() {
        if let lastTold, .now() < lastTold + Self.period { mustTell = true } else { tell() }
    }

    private func setAlarm() {
        let telling = mustTell ? lastTold.map { $0 + Self.period } : nil
        alarm.set([exchange.pollTimeout(), telling].compactMap(\.self).min()) {
            self.exchange.handleTimeout(now: .now())
            if self.mustTell { self.tellSoon() }
            await self.settle()
        }
    }

    private static let period = Interval.milliseconds(200)
}

extension ClipboardPolicy {
    init(_ configuration: Configuration) {
        let directions: DeskDirections =
            switch configuration.clipboard {
            case .both: .all
            case .in: .toDesk
            case .off: []
            case .out: .fromDesk
            }
        self.init(directions, limit: UInt32(configuration.clipboardBytes))
    }
}

extension AuditClipboardTransfer {
    fileprivate init(_ direction: AuditClipboardTransfer.Direction, _ table: ClipboardTable) {
        self.init(direction, flavours: table.flavours.map { Flavour($0) }, size: table.total)
    }
}

extension AuditClipboardTransfer.Flavour {
    fileprivate init(_ flavour: ClipboardFlavour) {
        self =
            switch flavour {
            case .html: .html
            case .png: .png
            case .text: .text
            }
    }
}

extension ClipboardFlavour {
    /// As pages are told it.
    fileprivate var name: String {
        switch self {
        case .html: "html"
        case .png: "png"
        case .text: "text"
        }
    }
}
