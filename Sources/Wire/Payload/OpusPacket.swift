/// What the first bytes of an Opus packet tell (RFC 6716 §3.1, §3.2).
///
/// ```
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// | config  |s| c |
/// +-+-+-+-+-+-+-+-+
/// |v|p|     M     |   if c is 3
/// ```
public struct OpusPacket: Hashable, Sendable {
    /// How a frame is coded.
    public enum Mode: Hashable, Sendable {
        case silk
        case hybrid
        case celt
    }

    public var mode: Mode
    public var isStereo: Bool
    /// The length of one frame, in microseconds: 2 500…60 000.
    public var frameDuration: Int
    /// 1…48.
    public var frames: Int
    /// Whether the encoder had nothing to say: it codes a pause in at most two bytes (discontinuous
    /// transmission).
    public var isDTX: Bool

    /// The length of sound in the packet, in microseconds: at most 120 000.
    public var duration: Int { frames * frameDuration }

    /// `nil` if `payload` is empty or breaks a rule of RFC 6716 §3.4 that the first bytes show: no frames,
    /// more than 120 ms, or a frame count that is not there.
    public init?(_ payload: RawSpan) {
        guard let first = payload.bigEndian(UInt8.self, at: 0) else { return nil }
        let configuration = Int(first >> 3)
        switch configuration {
        case 0..<12:
            mode = .silk
            frameDuration = configuration & 3 == 3 ? 60_000 : 10_000 << (configuration & 3)
        case 12..<16:
            mode = .hybrid
            frameDuration = 10_000 << (configuration & 1)
        default:
            mode = .celt
            frameDuration = 2_500 << (configuration & 3)
        }
        isStereo = first & 0x04 != 0
        isDTX = payload.byteCount <= 2
        switch first & 3 {
        case 0: frames = 1
        case 1, 2: frames = 2
        default:
            guard let count = payload.bigEndian(UInt8.self, at: 1), count & 0x3f > 0 else { return nil }
            frames = Int(count & 0x3f)
        }
        guard duration <= 120_000 else { return nil }
    }
}
