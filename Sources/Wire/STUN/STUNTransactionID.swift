/// The 96 bits that match a STUN response to its request (RFC 8489 §5).
public struct STUNTransactionID: Hashable, Sendable {
    /// The first 32 bits, host byte order.
    public var high: UInt32
    /// The last 64 bits, host byte order.
    public var low: UInt64

    public init(high: UInt32, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// An identifier that nobody foresees, if `random` is the system's (RFC 8489 §5).
    public static func random(using random: inout RandomSource) -> Self {
        Self(high: UInt32(truncatingIfNeeded: random.next()), low: random.next())
    }
}
