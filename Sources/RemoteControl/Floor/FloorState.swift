#if canImport(Wire)
public import Wire
#endif

/// Who has control, who would like to, and who is to watch, at one moment.
public struct FloorState: Hashable, Sendable {
    /// Somebody who waits for an answer.
    public struct Request: Hashable, Sendable {
        public var by: ParticipantID
        /// Who may answer.
        public var of: [ParticipantID]
        /// When no answer becomes a No.
        public var due: Instant
    }

    /// Something that a client is asked, or has said yes to.
    public struct Consent: Hashable, Sendable {
        public var id: ConsentID
        /// Who is to drive.
        public var driver: ParticipantID
        public var of: ParticipantID
        /// When no answer becomes a No; `nil`: it has been given.
        public var due: Instant?

        public var isGiven: Bool { due == nil }
    }

    /// Somebody who drives beside the holder.
    public struct Hand: Hashable, Sendable {
        public var of: ParticipantID
        public var lease: LeaseID
        /// What they may do.
        public var rights: ControlRights
        /// When their time is over; `nil`: it has no end.
        public var until: Instant?
    }

    /// Who has control one after the other.
    public struct Turns: Hashable, Sendable {
        public var order: [ParticipantID]
        /// Whose turn it is; `nil`: nobody's at the moment.
        public var current: ParticipantID?
        /// Whose turn is next; `nil`: nobody else's.
        public var next: ParticipantID?
        /// Nobody is given a turn until it goes on.
        public var isPaused: Bool
        /// For each turn; `nil`: without an end.
        public var time: Interval?
    }

    public var holder: ParticipantID?
    public var lease: LeaseID?
    /// What the holder may do.
    public var rights: ControlRights = []
    /// When their time is over; `nil`: it has no end.
    public var until: Instant?
    /// Who waits, longest first.
    public var requests: [Request] = []
    /// Who drives beside the holder.
    public var hands: [Hand] = []
    /// How many may drive at once.
    public var mostHands = 1
    /// `nil`: people take no turns.
    public var turns: Turns?
    /// Open ones, oldest first, and those that hold.
    public var consents: [Consent] = []
    /// Who is kept from control for now, be it only to have their eyes on the desk.
    public var locked: [ParticipantID] = []
    /// Whose page shows the desk large for now.
    public var eyesOnMe: [ParticipantID] = []
    public var restrictions = FloorRestrictions()

    public init() {}

    /// Everybody who drives.
    public var drivers: Set<ParticipantID> { Set([holder].compactMap(\.self) + hands.map(\.of)) }

    /// The hand of each of those who drive beside the holder.
    public var furtherHands: [ParticipantID: FurtherHand] {
        hands.reduce(into: [:]) { $0[$1.of] = FurtherHand(of: $1.lease) }
    }
}
