#if canImport(Wire)
public import Wire
#endif

/// The desk's clipboard as the desk process has it: reads what programs copy, keeps it for whoever may take it, and gives programs
/// what people put there.
///
/// Nothing of a content leaves for the room before it is asked for; the room is told which flavours there are.
///
/// After each call, call ``pollAction()`` until it returns `nil`; ``pollMessage()`` whenever the link takes another one.
public struct DeskClipboard: Sendable {
    public enum Action: Hashable, Sendable {
        case owner(SelectionOwner.Action)
        case reader(SelectionReader.Action)
    }

    public private(set) var policy = ClipboardPolicy()
    public private(set) var reader = SelectionReader(limit: 0)
    private var owner = SelectionOwner()
    /// Since when somebody else owns the selection, by the server's clock.
    private var foreign: UInt32?
    /// What is there, whoever has copied it.
    private var content = ClipboardContent()
    private var offer = ClipboardOffer()

    private var isOfferDue = false
    private var outcomes: [ClipboardMessage] = []
    /// What is being put there, and what waits to be owned.
    private var incoming: (transfer: ClipboardMessage.Transfer, assembly: ClipboardAssembly)?
    private var owning: ClipboardMessage.Transfer?
    /// Who waits for the content, while it is read.
    private var takers: [ClipboardMessage.Transfer] = []
    private var outgoing: [ClipboardPieces] = []
    /// Whether the first of ``outgoing`` has been announced.
    private var isAnnounced = false

    public init() {}

    // MARK: The room

    /// What the room says; what is out of place is dropped.
    ///
    /// - Parameter isScreenOpen: Whether there is a selection to own.
    public mutating func handle(_ message: ClipboardMessage, isScreenOpen: Bool, now: Instant) {
        switch message {
        case .policy(let policy): set(policy, now: now)
        case .put(let transfer, _, let table):
            guard policy.directions.contains(.toDesk) else { return tell(transfer, .notAllowed) }
            guard isScreenOpen else { return tell(transfer, .deskAway) }
            guard table.total <= Int(policy.limit) else { return tell(transfer, .tooLarge) }
            incoming = (transfer, ClipboardAssembly(table))
        case .piece(let transfer, let offset, let bytes):
            guard incoming?.transfer == transfer else { return }
            guard incoming?.assembly.add(bytes, at: offset) == true else {
                incoming = nil
                return tell(transfer, .broken)
            }
            guard incoming?.assembly.isComplete == true else { return }
            let content = incoming?.assembly.content()
            incoming = nil
            guard let content else { return tell(transfer, .broken) }
            owning = transfer
            owner.own(content)
        case .take(let transfer, _):
            guard policy.directions.contains(.fromDesk) else { return tell(transfer, .notAllowed) }
            guard takers.count + outgoing.count < Self.mostTransfers else { return tell(transfer, .busy) }
            takers.append(transfer)
            serve()
        case .cancel(let transfer):
            takers.removeAll { $0 == transfer }
            if outgoing.first?.transfer == transfer { isAnnounced = false }
            outgoing.removeAll { $0.transfer == transfer }
            if incoming?.transfer == transfer { incoming = nil }
        case .content, .offer, .outcome, .received: break
        }
    }

    private mutating func set(_ new: ClipboardPolicy, now: Instant) {
        policy = new
        reader.limit = Int(new.limit)
        // What was copied before the room said that it may be read.
        guard new.directions.contains(.fromDesk), content.isEmpty, let foreign else { return }
        reader.handleOwner(time: foreign, now: now)
    }

    private mutating func tell(_ transfer: ClipboardMessage.Transfer, _ outcome: ClipboardOutcome) {
        outcomes.append(.outcome(transfer, outcome))
    }

    /// Answers those who wait for the content, once it is known: what was there before is not what they want.
    private mutating func serve() {
        guard !reader.isBusy else { return }
        for transfer in takers {
            if content.isEmpty {
                tell(transfer, offer.hasTooLarge ? .tooLarge : .empty)
            } else {
                outgoing.append(ClipboardPieces(content, as: transfer))
            }
        }
        takers = []
    }

    // MARK: The selection

    /// Somebody else has become the owner; `time` is the server's.
    public mutating func handleOwner(time: UInt32, now: Instant) {
        owner.handleLost()
        foreign = time
        content = ClipboardContent()
        guard policy.directions.contains(.fromDesk) else { return }
        reader.handleOwner(time: time, now: now)
        settle()
    }

    public mutating func handleNoOwner(hasEnded: Bool) {
        owner.handleLost()
        foreign = nil
        reader.handleNoOwner(hasEnded: hasEnded)
        settle()
    }

    /// We have become the owner.
    public mutating func handleOwned() {
        reader.handleOwned()
        foreign = nil
        // What was taken over from a program that has ended is nothing new.
        if let new = owner.content, new != content { set(new, hasTooLarge: false) }
        serve()
    }

    /// What came of ``SelectionOwner/Action/acquire``.
    public mutating func handleAcquired(_ isOwner: Bool) {
        if !isOwner { owner.handleLost() }
        guard let transfer = owning else { return }
        owning = nil
        tell(transfer, isOwner ? .done : .unanswered)
    }

    public mutating func handle(_ answer: SelectionReader.Answer, slot: UInt8, now: Instant) {
        reader.handle(answer, slot: slot, now: now)
        settle()
    }

    public mutating func handleRefusal(of target: SelectionTarget, time: UInt32, now: Instant) {
        reader.handleRefusal(of: target, time: time, now: now)
        settle()
    }

    public mutating func handlePiece(_ bytes: [UInt8]?, slot: UInt8, now: Instant) {
        reader.handlePiece(bytes, slot: slot, now: now)
        settle()
    }

    public mutating func handle(_ request: SelectionOwner.Request, now: Instant) {
        owner.handle(request, now: now)
    }

    public mutating func handleDeleted(_ property: UInt32, of requestor: UInt32, now: Instant) {
        owner.handleDeleted(property, of: requestor, now: now)
    }

    public mutating func handleGone(_ requestor: UInt32) { owner.handleGone(requestor) }

    private mutating func settle() {
        while let result = reader.pollResult() {
            set(result.content, hasTooLarge: result.hasTooLarge)
            // What a program has copied before it ended can still be pasted.
            if result.isOrphan { owner.own(result.content) }
        }
        serve()
    }

    private mutating func set(_ new: ClipboardContent, hasTooLarge: Bool) {
        content = new
        offer.serial = offer.serial == .max ? 1 : offer.serial + 1
        offer.table = new.table
        offer.hasTooLarge = hasTooLarge
        isOfferDue = true
    }

    // MARK: Time

    public mutating func handleTimeout(now: Instant) {
        reader.handleTimeout(now: now)
        owner.handleTimeout(now: now)
        settle()
    }

    public func pollTimeout() -> Instant? {
        [reader.pollTimeout(), owner.pollTimeout()].compactMap(\.self).min()
    }

    // MARK: What is to be done

    public mutating func pollAction() -> Action? {
        if let action = reader.pollAction() { return .reader(action) }
        return owner.pollAction().map { .owner($0) }
    }

    /// The next message for the room: news before content.
    public mutating func pollMessage() -> ClipboardMessage? {
        if isOfferDue {
            isOfferDue = false
            return .offer(offer)
        }
        if !outcomes.isEmpty { return outcomes.removeFirst() }
        guard let first = outgoing.first else { return nil }
        guard isAnnounced else {
            isAnnounced = true
            return .content(first.transfer, first.content.table)
        }
        guard let piece = outgoing[0].poll() else { return nil }
        if outgoing[0].isDone {
            outgoing.removeFirst()
            isAnnounced = false
        }
        return piece
    }

    /// The room asks for one content at a time, whoever wants it.
    private static let mostTransfers = 4
}
