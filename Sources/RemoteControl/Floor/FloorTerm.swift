#if canImport(Wire)
internal import Wire
#endif

/// On which terms one person has control, or is about to get it, and until when.
struct FloorTerm: Hashable {
    let of: ParticipantID
    var terms: ControlTerms
    let giver: ParticipantID?
    /// When it is over; `nil`: it has not begun, or has no end.
    private(set) var due: Instant?
    /// When whoever has it is told so; `nil`: they have been.
    private(set) var warning: Instant?

    init(of participant: ParticipantID, terms: ControlTerms, giver: ParticipantID?) {
        of = participant
        self.terms = terms
        self.giver = giver
    }

    mutating func begin(now: Instant) {
        due = terms.limit.map { now + $0 }
        // Of a short time the second half.
        warning = terms.limit.map {
            now + max(Interval(nanoseconds: $0.nanoseconds / 2), $0 - Self.notice)
        }
    }

    /// When it is over, if that is to be told now; asks once.
    mutating func pollWarning(now: Instant) -> Instant? {
        guard let warning, warning <= now else { return nil }
        self.warning = nil
        return due
    }

    /// How long before its end somebody is told that their time is over soon.
    private static let notice = Interval.seconds(30)
}
