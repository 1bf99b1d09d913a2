/// The time a packet was sent, as the abs-send-time extension carries it: 6.18 fixed-point seconds, 24 bits,
/// wrapping every 64 s (webrtc.org, "Absolute Send Time").
public struct AbsoluteSendTime: Hashable, Sendable {
    /// 0…0xFF_FFFF.
    public var rawValue: UInt32

    public init(_ now: Instant) {
        let seconds = UInt64(bitPattern: now.nanoseconds) / 1_000_000_000
        let rest = UInt64(bitPattern: now.nanoseconds) % 1_000_000_000
        rawValue = UInt32(truncatingIfNeeded: seconds << 18 | (rest << 18) / 1_000_000_000) & 0xff_ffff
    }
}

/// The bounds a sender sets for the receiver's playout delay (webrtc.org, "Playout Delay").
///
/// Two 12-bit numbers in steps of 10 ms; 0 and 0 asks for every frame at once.
public struct PlayoutDelay: Hashable, Sendable {
    /// 0…0xFF_FFFF: minimum in the upper 12 bits.
    public var rawValue: UInt32

    /// Delays in milliseconds, 0…40 950, rounded down to 10 ms.
    public init(minimum: Int, maximum: Int) {
        let low = UInt32(min(max(minimum / 10, 0), 0xfff))
        let high = UInt32(min(max(maximum / 10, 0), 0xfff))
        rawValue = low << 12 | high
    }
}

/// The audio level of a packet (RFC 6464).
public struct AudioLevel: Hashable, Sendable {
    public var isVoice: Bool
    /// −dBov: 0 is the loudest, 127 is silence.
    public var level: UInt8

    public init(rawValue: UInt8) {
        isVoice = rawValue & 0x80 != 0
        level = rawValue & 0x7f
    }
}
