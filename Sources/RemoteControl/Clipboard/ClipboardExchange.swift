#if canImport(Wire)
public import Wire
#endif

/// The room's part in clipboards: between people's pages and the desk process.
///
/// Who may do what is told with each message, as it is at that moment. Whatever is malformed, out of place or too much is answered
/// with an outcome, or counted and dropped.
///
/// After each call, call ``pollEffect()`` until it returns `nil`.
public struct ClipboardExchange: Sendable {
    /// What somebody may do at the moment.
    public struct Standing: Hashable, Sendable {
        public var mayPut: Bool
        public var mayTake: Bool

        public init(mayPut: Bool, mayTake: Bool) {
            self.mayPut = mayPut
            self.mayTake = mayTake
        }
    }

    public enum Effect: Hashable, Sendable {
        case send(ClipboardMessage, to: ParticipantID)
        /// Gives the desk a content, if the lease still is the person's.
        case put(ClipboardMessage.Transfer, LeaseID, ClipboardContent, by: ParticipantID)
        /// Asks the desk for its content.
        case fetch(ClipboardMessage.Transfer)
        /// The desk need not answer any more.
        case cancel(ClipboardMessage.Transfer)
        /// Something is on the desk's clipboard that somebody has put there.
        case carriedToDesk(ClipboardTable, by: ParticipantID)
        /// The desk's content begins to leave for somebody.
        case carriedFromDesk(ClipboardTable, to: ParticipantID)
    }

    public let policy: ClipboardPolicy
    /// What the desk has.
    public private(set) var offer = ClipboardOffer()
    public private(set) var isDeskThere = false
    /// Messages that were none.
    public private(set) var malformed: UInt64 = 0
    private var putting = ClipboardPutting()
    private var taking = ClipboardTaking()
    /// The last number that the desk was given for a transfer.
    private var last: ClipboardMessage.Transfer = 0
    private var effects: [Effect] = []

    public init(_ policy: ClipboardPolicy) {
        self.policy = policy
    }

    // MARK: Pages

    /// The lease that a message names, if it is one to put something on the desk.
    public static func lease(of bytes: RawSpan) -> LeaseID? {
        guard case .put(_, let lease, _) = try? ClipboardMessage(parsing: bytes) else { return nil }
        return lease
    }

    /// Takes what fills `bytes` from somebody's page.
    public mutating func handle(
        _ bytes: RawSpan,
        from person: ParticipantID,
        _ standing: Standing,
        now: Instant
    ) {
        guard let message = try? ClipboardMessage(parsing: bytes) else {
            malformed &+= 1
            return
        }
        switch message {
        case .put(let transfer, let lease, let table):
            if let refusal = refusal(of: table, standing) { return tell(person, transfer, refusal) }
            putting.begin(transfer, lease, table, by: person, now: now)
        case .piece(let transfer, let offset, let bytes):
            putting.add(bytes, at: offset, of: transfer, from: person, numbers: &last, now: now)
        case .take(let transfer, let serial):
            taking.cancel(transfer, by: person)
            if let refusal = refusal(standing) { return tell(person, transfer, refusal) }
            taking.begin(transfer, after: serial, by: person, offer, numbers: &last, now: now)
        case .received(let transfer, let count):
            let isAllowed = standing.mayTake
            taking.handleReceived(count, of: transfer, by: person, isAllowed: isAllowed, now: now)
        case .cancel(let transfer):
            putting.cancel(transfer, by: person)
            taking.cancel(transfer, by: person)
        case .content, .offer, .outcome, .policy: malformed &+= 1
        }
    }

    /// Why somebody cannot put that on the desk.
    private func refusal(of table: ClipboardTable, _ standing: Standing) -> ClipboardOutcome? {
        if !standing.mayPut || !policy.directions.contains(.toDesk) { return .notAllowed }
        if !isDeskThere { return .deskAway }
        return table.total > Int(policy.limit) ? .tooLarge : nil
    }

    /// Why somebody cannot take what is there.
    private func refusal(_ standing: Standing) -> ClipboardOutcome? {
        if !standing.mayTake || !policy.directions.contains(.fromDesk) { return .notAllowed }
        return isDeskThere ? nil : .deskAway
    }

    private mutating func tell(
        _ person: ParticipantID,
        _ transfer: ClipboardMessage.Transfer,
        _ outcome: ClipboardOutcome
    ) {
        effects.append(.send(.outcome(transfer, outcome), to: person))
    }

    /// Somebody's page is gone.
    public mutating func handleDeparture(of person: ParticipantID) {
        putting.handleDeparture(of: person)
        taking.handleDeparture(of: person)
    }

    // MARK: The desk

    public mutating func handleDesk(isThere: Bool) {
        isDeskThere = isThere
        guard !isThere else { return }
        offer = ClipboardOffer()
        putting.end(.deskAway)
        taking.endAll(.deskAway)
    }

    public mutating func handle(_ offer: ClipboardOffer, now: Instant) {
        self.offer = offer
        taking.handle(offer, numbers: &last, now: now)
    }

    /// The desk has given its content.
    ///
    /// - Parameter standing: Of whoever asked for it, as it is now.
    public mutating func handle(
        _ content: ClipboardContent,
        as number: ClipboardMessage.Transfer,
        _ standing: (ParticipantID) -> Standing,
        now: Instant
    ) {
        guard let person = taking.taker(of: number) else { return }
        guard standing(person).mayTake else { return taking.refuse(person, .notAllowed) }
        guard content.count <= Int(policy.limit) else { return taking.refuse(person, .tooLarge) }
        taking.handle(content, for: person, now: now)
    }

    /// The desk has said what became of a transfer, or the room that it cannot be.
    public mutating func handle(_ outcome: ClipboardOutcome, of number: ClipboardMessage.Transfer) {
        putting.handle(outcome, of: number)
        if let person = taking.taker(of: number) { taking.refuse(person, outcome) }
    }

    // MARK: Time

    public mutating func handleTimeout(now: Instant) {
        putting.handleTimeout(now: now)
        taking.handleTimeout(now: now)
    }

    public func pollTimeout() -> Instant? {
        [putting.pollTimeout(), taking.pollTimeout()].compactMap(\.self).min()
    }

    public mutating func pollEffect() -> Effect? {
        if effects.isEmpty { effects = putting.takeEffects() + taking.takeEffects() }
        return effects.isEmpty ? nil : effects.removeFirst()
    }
}
