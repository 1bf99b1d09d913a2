/// What somebody may do to the desk while they hold the lease.
public struct ControlRights: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Moves and buttons, the wheel included.
    public static let pointer = ControlRights(rawValue: 1 << 0)
    public static let keyboard = ControlRights(rawValue: 1 << 1)
    public static let all: ControlRights = [.pointer, .keyboard]

    /// Whether somebody with these rights may do `action`: what lets go is always allowed.
    public func allow(_ action: ControlAction) -> Bool { isSuperset(of: action.neededRights) }
}

extension ControlAction {
    /// The right that it takes; none, for what lets go.
    public var neededRights: ControlRights {
        switch self {
        case .buttonUp, .held, .keyUp, .releaseAll: []
        case .keyDown, .text: .keyboard
        case .buttonDown, .pointerMotion, .pointerMove, .pointerPath, .wheel: .pointer
        }
    }
}

/// The rights of everybody who is here.
struct RightsOfParticipants: Hashable {
    /// Of those of whom nothing was said.
    let others: ControlRights
    private var known: [ParticipantID: ControlRights] = [:]

    init(others: ControlRights) {
        self.others = others
    }

    subscript(participant: ParticipantID) -> ControlRights {
        get { known[participant] ?? others }
        set { known[participant] = newValue }
    }

    mutating func forget(_ participant: ParticipantID) { known[participant] = nil }
}
