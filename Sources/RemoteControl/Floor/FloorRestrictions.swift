/// Who is to watch for now: locked out of control, or with their eyes on the desk as well.
///
/// Each is said of one person or of everybody; of everybody means those who may not give control themselves, also
/// those who come later, except for whom it was said otherwise since.
public struct FloorRestrictions: Codable, Hashable, Sendable {
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// Their page shows the desk large; what ``lock`` does follows.
        case eyesOnMe
        /// They do not get control, and do not keep it.
        case lock
    }

    private struct Rule: Codable, Hashable {
        var isForEverybody = false
        /// Of whom the contrary is true.
        var exceptions: Set<ParticipantID> = []

        func holds(for participant: ParticipantID, mayGrant: Bool) -> Bool {
            exceptions.contains(participant) ? !isForEverybody : isForEverybody && !mayGrant
        }
    }

    private var lock = Rule()
    private var eyesOnMe = Rule()
    /// On whose desk eyes are.
    public private(set) var presenter: ParticipantID?

    public init() {}

    public func isForEverybody(_ kind: Kind) -> Bool { self[kind].isForEverybody }

    func holds(_ kind: Kind, for participant: ParticipantID, mayGrant: Bool) -> Bool {
        self[kind].holds(for: participant, mayGrant: mayGrant)
    }

    func isRestricted(_ participant: ParticipantID, mayGrant: Bool) -> Bool {
        Kind.allCases.contains { holds($0, for: participant, mayGrant: mayGrant) }
    }

    /// - Parameter participant: `nil`: everybody, and what was said of one of them is forgotten.
    mutating func set(_ kind: Kind, of participant: ParticipantID?, to isOn: Bool, by other: ParticipantID) {
        if let participant {
            if isOn == self[kind].isForEverybody {
                self[kind].exceptions.remove(participant)
            } else {
                self[kind].exceptions.insert(participant)
            }
        } else {
            self[kind] = Rule(isForEverybody: isOn)
        }
        if kind == .eyesOnMe, isOn { presenter = other }
        if eyesOnMe == Rule() { presenter = nil }
    }

    private subscript(kind: Kind) -> Rule {
        get { kind == .lock ? lock : eyesOnMe }
        set { if kind == .lock { lock = newValue } else { eyesOnMe = newValue } }
    }
}
