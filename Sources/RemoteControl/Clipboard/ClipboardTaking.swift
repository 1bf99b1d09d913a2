#if canImport(Wire)
internal import Wire
#endif

/// What people take from the desk's clipboard: one content for each person at a time, and few at once, because each is kept until it
/// has left.
struct ClipboardTaking: Sendable {
    typealias Effect = ClipboardExchange.Effect
    typealias Transfer = ClipboardMessage.Transfer

    private struct Outgoing {
        enum Phase {
            /// Until the desk has something newer.
            case waiting(after: UInt32)
            case fetching(Transfer)
            case sending(ClipboardPieces)
        }

        var transfer: Transfer
        var phase: Phase
        var deadline: Instant
    }

    private var outgoing: [ParticipantID: Outgoing] = [:]
    private var allowances: [ParticipantID: RateLimit] = [:]
    private(set) var effects: [Effect] = []

    // MARK: Pages

    /// - Parameters:
    ///   - offer: What the desk has.
    ///   - numbers: The last that the desk was given for a transfer.
    mutating func begin(
        _ transfer: Transfer,
        after serial: UInt32,
        by person: ParticipantID,
        _ offer: ClipboardOffer,
        numbers: inout Transfer,
        now: Instant
    ) {
        end(person)
        guard
            outgoing.count < Self.mostOutgoing,
            allowances[person, default: RateLimit(rate: 2, burst: 10)].admit(now: now)
        else { return effects.append(.send(.outcome(transfer, .busy), to: person)) }
        outgoing[person] = Outgoing(
            transfer: transfer,
            phase: .waiting(after: serial),
            deadline: now + Self.wait
        )
        if serial == 0 || offer.isNewer(than: serial) { fetch(for: person, numbers: &numbers, now: now) }
    }

    /// A page has taken in so much.
    mutating func handleReceived(
        _ count: UInt32,
        of transfer: Transfer,
        by person: ParticipantID,
        isAllowed: Bool,
        now: Instant
    ) {
        guard let current = outgoing[person], current.transfer == transfer,
            case .sending(var pieces) = current.phase
        else { return }
        guard isAllowed else { return end(person, .notAllowed) }
        guard pieces.handleReceived(count) else { return end(person, .broken) }
        guard !pieces.isDone else { return end(person, .done) }
        send(&pieces, to: person, now: now)
    }

    mutating func cancel(_ transfer: Transfer, by person: ParticipantID) {
        if outgoing[person]?.transfer == transfer { end(person) }
    }

    mutating func handleDeparture(of person: ParticipantID) {
        end(person)
        allowances[person] = nil
    }

    // MARK: The desk

    /// The desk has something else; whoever waits for that is served.
    mutating func handle(_ offer: ClipboardOffer, numbers: inout Transfer, now: Instant) {
        for (person, current) in outgoing {
            guard case .waiting(let serial) = current.phase, offer.isNewer(than: serial) else { continue }
            fetch(for: person, numbers: &numbers, now: now)
        }
    }

    /// Whoever has asked for what the desk gives or refuses under this number.
    func taker(of number: Transfer) -> ParticipantID? {
        outgoing.first { if case .fetching(number) = $0.value.phase { true } else { false } }?.key
    }

    /// The desk has given what somebody wants, who may have it.
    mutating func handle(_ content: ClipboardContent, for person: ParticipantID, now: Instant) {
        guard let transfer = outgoing[person]?.transfer else { return }
        effects.append(.carriedFromDesk(content.table, to: person))
        effects.append(.send(.content(transfer, content.table), to: person))
        var pieces = ClipboardPieces(content, as: transfer, window: ClipboardPieces.pageWindow)
        send(&pieces, to: person, now: now)
    }

    /// The desk does not give it.
    mutating func refuse(_ person: ParticipantID, _ outcome: ClipboardOutcome) {
        // It need not be told to stop.
        outgoing[person]?.phase = .waiting(after: 0)
        end(person, outcome)
    }

    mutating func endAll(_ outcome: ClipboardOutcome) {
        for person in outgoing.keys { end(person, outcome) }
    }

    private mutating func fetch(for person: ParticipantID, numbers: inout Transfer, now: Instant) {
        numbers &+= 1
        outgoing[person]?.phase = .fetching(numbers)
        outgoing[person]?.deadline = now + Self.answer
        effects.append(.fetch(numbers))
    }

    private mutating func send(_ pieces: inout ClipboardPieces, to person: ParticipantID, now: Instant) {
        while let piece = pieces.poll() { effects.append(.send(piece, to: person)) }
        outgoing[person]?.phase = .sending(pieces)
        outgoing[person]?.deadline = now + Self.silence
    }

    private mutating func end(_ person: ParticipantID, _ outcome: ClipboardOutcome? = nil) {
        guard let current = outgoing.removeValue(forKey: person) else { return }
        if case .fetching(let number) = current.phase { effects.append(.cancel(number)) }
        if let outcome { effects.append(.send(.outcome(current.transfer, outcome), to: person)) }
    }

    // MARK: Time

    mutating func handleTimeout(now: Instant) {
        for (person, current) in outgoing where current.deadline <= now {
            switch current.phase {
            case .fetching: end(person, .unanswered)
            case .sending: end(person, .broken)
            case .waiting: end(person, .unchanged)
            }
        }
    }

    func pollTimeout() -> Instant? { outgoing.values.map(\.deadline).min() }

    mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    private static let mostOutgoing = 4
    /// For a program to answer to a key by copying something.
    private static let wait = Interval.milliseconds(1_500)
    /// For the desk to read what a program gives slowly, and to send it.
    private static let answer = Interval.seconds(12)
    private static let silence = Interval.seconds(15)
}

extension ClipboardOffer {
    /// Whether it came after what somebody knows of.
    fileprivate func isNewer(than serial: UInt32) -> Bool { self.serial != 0 && self.serial != serial }
}
