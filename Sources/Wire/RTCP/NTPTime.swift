/// A wall-clock time as RTCP carries it: seconds since 1900-01-01 UTC and their fraction (RFC 3550 §4).
public struct NTPTime: Hashable, Sendable {
    public var rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// - Parameter unixNanoseconds: Nanoseconds since 1970-01-01 UTC.
    public init(unixNanoseconds: Int64) {
        let total = UInt64(bitPattern: unixNanoseconds)
        let seconds = total / 1_000_000_000 &+ 2_208_988_800
        let fraction = (total % 1_000_000_000) << 32 / 1_000_000_000
        rawValue = seconds << 32 | fraction
    }

    /// The middle 32 bits, in units of 1/65 536 s, as LSR and DLSR use them.
    public var middle: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 16) }
}
