/// A transmission sequence number of SCTP, ordered modulo 2^32 (RFC 9260 §1.6).
public struct TSN: Hashable, Sendable {
    public var rawValue: UInt32

    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// How far `other` lies ahead of this number; negative if it lies behind.
    public func distance(to other: Self) -> Int {
        Int(Int32(bitPattern: other.rawValue &- rawValue))
    }

    public func advanced(by distance: Int) -> Self {
        Self(rawValue &+ UInt32(truncatingIfNeeded: distance))
    }

    /// Whether this number comes after `other`, less than half the number space ahead of it.
    public func isNewer(than other: Self) -> Bool { other.distance(to: self) > 0 }
}
