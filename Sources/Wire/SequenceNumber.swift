/// A 16-bit RTP sequence number, ordered modulo 2^16 (RFC 3550 §A.1).
public struct SequenceNumber: Hashable, Sendable {
    public var rawValue: UInt16

    public init(_ rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// How far `other` lies ahead of this number; negative if it lies behind.
    public func distance(to other: Self) -> Int {
        Int(Int16(bitPattern: other.rawValue &- rawValue))
    }

    public func advanced(by distance: Int) -> Self {
        Self(rawValue &+ UInt16(truncatingIfNeeded: distance))
    }

    /// Whether this number comes after `other`, less than half the number space ahead of it.
    public func isNewer(than other: Self) -> Bool { other.distance(to: self) > 0 }
}
