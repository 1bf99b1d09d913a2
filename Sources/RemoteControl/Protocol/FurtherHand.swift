/// One more pointer and keyboard of the desk, beside the first ones: 1 to ``most``.
public struct FurtherHand: RawRepresentable, Comparable, Hashable, Sendable {
    public let rawValue: UInt8

    public init?(rawValue: UInt8) {
        guard (1...Self.most).contains(Int(rawValue)) else { return nil }
        self.rawValue = rawValue
    }

    /// The one that a lease is for; `nil`: none, or the first hand.
    public init?(of lease: LeaseID) { self.init(rawValue: UInt8(lease.hand)) }

    /// The first so many.
    public static func first(_ count: Int) -> [FurtherHand] {
        (0..<min(max(count, 0), most)).compactMap { FurtherHand(rawValue: UInt8($0 + 1)) }
    }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }

    /// How many there can be.
    public static let most = 3
}
