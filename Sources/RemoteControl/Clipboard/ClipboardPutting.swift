#if canImport(Wire)
internal import Wire
#endif

/// What somebody puts on the desk's clipboard: one content at a time, from whoever types there; a newer one takes its place.
struct ClipboardPutting: Sendable {
    typealias Effect = ClipboardExchange.Effect

    private struct Incoming {
        var person: ParticipantID
        var transfer: ClipboardMessage.Transfer
        var lease: LeaseID
        var assembly: ClipboardAssembly
        var acknowledged = 0
        /// What the desk knows it by, once it is there.
        var number: ClipboardMessage.Transfer?
        var deadline: Instant
    }

    private var incoming: Incoming?
    private(set) var effects: [Effect] = []

    mutating func begin(
        _ transfer: ClipboardMessage.Transfer,
        _ lease: LeaseID,
        _ table: ClipboardTable,
        by person: ParticipantID,
        now: Instant
    ) {
        end(.notAllowed)
        incoming = Incoming(
            person: person,
            transfer: transfer,
            lease: lease,
            assembly: ClipboardAssembly(table),
            deadline: now + Self.silence
        )
    }

    /// - Parameter numbers: The last that the desk was given for a transfer.
    mutating func add(
        _ bytes: [UInt8],
        at offset: UInt32,
        of transfer: ClipboardMessage.Transfer,
        from person: ParticipantID,
        numbers: inout ClipboardMessage.Transfer,
        now: Instant
    ) {
        // What was refused may still be on its way.
        guard var current = incoming, current.person == person, current.transfer == transfer,
            current.number == nil
        else { return }
        // Held once, or adding to it would copy it.
        incoming = nil
        let isTaken = current.assembly.add(bytes, at: offset)
        let content = current.assembly.content()
        let received = current.assembly.received
        let isComplete = current.assembly.isComplete
        current.deadline = now + Self.silence
        if isComplete || received - current.acknowledged >= Self.acknowledgement {
            current.acknowledged = received
            effects.append(.send(.received(transfer, UInt32(clamping: received)), to: person))
        }
        if isComplete, let content {
            numbers &+= 1
            current.number = numbers
            // The table is what is left of it here.
            current.assembly = ClipboardAssembly(current.assembly.table)
            effects.append(.put(numbers, current.lease, content, by: person))
        }
        incoming = current
        if !isTaken || (isComplete && content == nil) { end(.broken) }
    }

    mutating func cancel(_ transfer: ClipboardMessage.Transfer, by person: ParticipantID) {
        if incoming?.person == person, incoming?.transfer == transfer { incoming = nil }
    }

    /// What the desk says of it, or the room that it cannot be.
    mutating func handle(_ outcome: ClipboardOutcome, of number: ClipboardMessage.Transfer) {
        guard let current = incoming, current.number == number else { return }
        if outcome == .done { effects.append(.carriedToDesk(current.assembly.table, by: current.person)) }
        end(outcome)
    }

    mutating func handleDeparture(of person: ParticipantID) {
        if incoming?.person == person { incoming = nil }
    }

    mutating func end(_ outcome: ClipboardOutcome) {
        guard let current = incoming else { return }
        incoming = nil
        effects.append(.send(.outcome(current.transfer, outcome), to: current.person))
    }

    mutating func handleTimeout(now: Instant) {
        guard let current = incoming, current.deadline <= now else { return }
        end(current.number == nil ? .broken : .unanswered)
    }

    func pollTimeout() -> Instant? { incoming?.deadline }

    mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    /// Bytes after which whoever sends is told that they have come.
    private static let acknowledgement = 65_000
    private static let silence = Interval.seconds(15)
}
