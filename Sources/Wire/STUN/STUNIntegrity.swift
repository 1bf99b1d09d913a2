/// The 20 bytes of an HMAC-SHA1, as MESSAGE-INTEGRITY carries them (RFC 8489 §14.5).
public struct STUNIntegrity: Hashable, Sendable {
    public var first: UInt64
    public var second: UInt64
    public var third: UInt32

    public init(first: UInt64, second: UInt64, third: UInt32) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// Reads the 20 bytes at `offset`, or returns `nil` if the span ends before they do.
    public init?(_ bytes: RawSpan, at offset: Int) {
        guard let first = bytes.bigEndian(UInt64.self, at: offset),
            let second = bytes.bigEndian(UInt64.self, at: offset + 8),
            let third = bytes.bigEndian(UInt32.self, at: offset + 16)
        else { return nil }
        self.init(first: first, second: second, third: third)
    }

    /// Whether both are equal, in a time that does not depend on where they differ.
    public func isEqual(to other: Self) -> Bool {
        (first ^ other.first) | (second ^ other.second) | UInt64(third ^ other.third) == 0
    }
}
