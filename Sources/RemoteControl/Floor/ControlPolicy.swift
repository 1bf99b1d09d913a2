#if canImport(Wire)
public import Wire
#endif

/// What the clinic has decided about who gets control, and who is asked before.
public struct ControlPolicy: Hashable, Sendable {
    /// Who answers somebody that asks while another one is in control.
    public enum Ask: String, CaseIterable, Hashable, Sendable {
        /// Whoever is in control and everybody who may give it: the first answer counts.
        case both
        /// Everybody who may give control; whoever is in control, where nobody else is there who may.
        case clinician
        /// Whoever is in control.
        case holder
    }

    /// Who has to agree before somebody else than they drives.
    public enum Consent: String, CaseIterable, Hashable, Sendable {
        /// Every client in the room, before anybody drives who is none.
        case client
        case none
    }

    /// What somebody gets who asks while nobody is in control, and who may not give it to themselves.
    public enum Free: String, CaseIterable, Hashable, Sendable {
        /// An answer of those who may give control.
        case ask
        /// Control.
        case take
    }

    public var ask = Ask.holder
    public var consent = Consent.none
    public var free = Free.take
    /// How long control lasts for those who may not give it; `nil`: until it ends otherwise.
    public var limit: Interval?
    /// How many people may drive at once, each with a pointer and a keyboard of their own; at most ``mostHands``.
    public var hands = 1
    /// How long a question waits; no answer is a No.
    public var timeout = Interval.seconds(30)

    public init() {}

    public static let mostHands = 1 + FurtherHand.most
}

/// On which terms somebody is in control.
public struct ControlTerms: Hashable, Sendable {
    /// Of what they may do anyhow.
    public var rights: ControlRights
    /// From the moment at which they get it; `nil`: without an end.
    public var limit: Interval?

    public init(rights: ControlRights = .all, limit: Interval? = nil) {
        self.rights = rights
        self.limit = limit
    }
}
