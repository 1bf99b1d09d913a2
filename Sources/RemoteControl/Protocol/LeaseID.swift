/// Names one grant of control; those of each hand of the desk strictly increase, and none is used twice in a session.
public struct LeaseID: RawRepresentable, Comparable, Hashable, Sendable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    /// Which hand of the desk it is for: 0 is the first, which there always is; the others are ``FurtherHand``s.
    public var hand: Int { Int(rawValue >> Self.handShift) }

    /// Those of one hand.
    static func ids(of hand: Int) -> ClosedRange<UInt32> {
        let first = UInt32(hand) << handShift
        return first + 1...first + (1 << handShift - 1)
    }

    private static let handShift = 28
}

/// Names one person in the room; never used for another person in the same session.
public struct ParticipantID: RawRepresentable, Codable, Hashable, Sendable {
    public var rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
