public import Wire

/// What is known of an RTP packet that a direct transport hands out.
public struct DirectPacket: Hashable, Sendable {
    /// Whose it is.
    public var consumer: ConsumerID
    /// The packet's header, parsed: payload type, sequence number, timestamp and so on, as this consumer numbers them;
    /// `payload` is where the payload lies in the packet's bytes.
    public var header: RTPHeader
    /// Which of the producer's encodings it comes from, lowest first.
    public var encoding: Int
    /// Whether a key frame starts with it; `true` for every packet of audio.
    public var startsKeyFrame: Bool
    /// When it is handed out, which is within a wake-up of its arrival unless it was kept for those who come late.
    public var now: Instant
    /// By which wall-clock time the source's timestamps can be told; `nil` before its first sender report.
    public var clock: MediaClockMapping?
}

/// The moment of a source's newest sender report, on its own wall clock and on its media clock (RFC 3550 §6.4.1).
///
/// Streams of one source are synchronised by it: a packet with timestamp `t` belongs to
/// `ntpTime` + (`t` − `timestamp`) ÷ clock rate, the difference being signed.
public struct MediaClockMapping: Hashable, Sendable {
    /// On the source's wall clock.
    public var ntpTime: NTPTime
    /// At that moment, in ticks as the consumer's packets have them.
    public var timestamp: UInt32

    public init(ntpTime: NTPTime, timestamp: UInt32) {
        self.ntpTime = ntpTime
        self.timestamp = timestamp
    }
}
