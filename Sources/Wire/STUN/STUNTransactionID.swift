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

    /// An unpredictable identifier from the system's secure generator.
    public static func random() -> Self {
        var generator = SystemRandomNumberGenerator()
        return Self(
            high: UInt32(truncatingIfNeeded: generator.next() as UInt64),
            low: generator.next()
        )
    }
}
