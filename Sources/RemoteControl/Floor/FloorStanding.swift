/// What somebody in the room is as far as control goes.
public struct FloorStanding: Hashable, Sendable {
    /// What they may do once they are in control; nothing: they never are.
    public var rights: ControlRights
    /// Whether they give control to anybody, take it from anybody, and say who is to watch: clinicians.
    public var mayGrant: Bool
    /// Whether they have to consent, where the policy asks clients to.
    public var isClient: Bool
    /// Whether they do not see the desk for now: who does not see what they do does not drive.
    public var isBlind: Bool

    public init(
        rights: ControlRights,
        mayGrant: Bool = false,
        isClient: Bool = false,
        isBlind: Bool = false
    ) {
        self.rights = rights
        self.mayGrant = mayGrant
        self.isClient = isClient
        self.isBlind = isBlind
    }
}

/// The standings of everybody who is here.
struct FloorStandings: Hashable {
    /// Of those of whom nothing was said.
    let others: FloorStanding
    private var known: [ParticipantID: FloorStanding] = [:]

    init(others: FloorStanding) {
        self.others = others
    }

    subscript(participant: ParticipantID) -> FloorStanding {
        get { known[participant] ?? others }
        set { known[participant] = newValue }
    }

    func isHere(_ participant: ParticipantID) -> Bool { known[participant] != nil }
    mutating func forget(_ participant: ParticipantID) { known[participant] = nil }

    /// In the order in which they came.
    var everybody: [ParticipantID] { known.keys.sorted { $0.rawValue < $1.rawValue } }
    var granters: [ParticipantID] { everybody.filter { self[$0].mayGrant } }
    var clients: [ParticipantID] { everybody.filter { self[$0].isClient } }
}
