#if canImport(Wire)
internal import Wire
#endif

/// What clients have been asked to consent to, and what they have consented to.
///
/// A question is about one person who is to drive. Each client answers for themselves; a consent holds until they take
/// it back, or one of the two leaves.
struct FloorConsents: Hashable {
    struct Question: Hashable {
        let id: ConsentID
        /// Who is to drive.
        let driver: ParticipantID
        let terms: ControlTerms
        /// Who gives control to them; `nil`: they have asked themselves.
        let giver: ParticipantID?
        /// Whether they are to drive beside whoever has control.
        let isBeside: Bool
        let due: Instant
    }

    struct Consent: Hashable {
        let id: ConsentID
        let client: ParticipantID
        let driver: ParticipantID
    }

    /// Oldest first; at most one a driver, so that the room's size bounds them.
    private(set) var questions: [Question] = []
    private(set) var given: [Consent] = []
    private var lastID: UInt32 = 0

    /// When the first question gets no answer any more.
    var expiry: Instant? { questions.map(\.due).min() }

    func isAsked(for driver: ParticipantID) -> Bool { questions.contains { $0.driver == driver } }
    func isAsked(besideFor driver: ParticipantID) -> Bool {
        questions.contains { $0.driver == driver && $0.isBeside }
    }
    private func question(_ id: ConsentID) -> Question? { questions.first { $0.id == id } }

    func hasGiven(_ client: ParticipantID, for driver: ParticipantID) -> Bool {
        given.contains { $0.client == client && $0.driver == driver }
    }

    /// A question about somebody takes the place of an earlier one about them.
    mutating func ask(
        for driver: ParticipantID,
        _ terms: ControlTerms,
        by giver: ParticipantID?,
        isBeside: Bool = false,
        due: Instant
    ) -> ConsentID {
        close(driver)
        lastID &+= 1
        let id = ConsentID(rawValue: lastID)
        questions.append(
            Question(id: id, driver: driver, terms: terms, giver: giver, isBeside: isBeside, due: due)
        )
        return id
    }

    mutating func give(_ id: ConsentID, by client: ParticipantID) {
        guard let question = question(id), !hasGiven(client, for: question.driver) else { return }
        given.append(Consent(id: id, client: client, driver: question.driver))
    }

    /// Whom a client was asked about by this question, be it answered already.
    func driver(_ id: ConsentID, _ client: ParticipantID) -> ParticipantID? {
        question(id)?.driver ?? given.first { $0.id == id && $0.client == client }?.driver
    }

    /// Takes a consent back; returns whether it had been given.
    mutating func withdraw(by client: ParticipantID, for driver: ParticipantID) -> Bool {
        let count = given.count
        given.removeAll { $0.client == client && $0.driver == driver }
        return given.count != count
    }

    mutating func close(_ driver: ParticipantID) { questions.removeAll { $0.driver == driver } }

    mutating func forget(_ participant: ParticipantID) {
        close(participant)
        given.removeAll { $0.client == participant || $0.driver == participant }
    }
}

/// Names one question for consent; a client who takes theirs back names it again.
public struct ConsentID: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}
