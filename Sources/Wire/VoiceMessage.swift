/// What room and desk process tell one another on the link for people's voices: one packet of a `SOCK_SEQPACKET` socket.
///
/// ```
/// u8 type, u8 detail, then what the type says
/// ```
///
/// A message is a plain value: where it has a packet it says where, and holds no bytes.
public enum VoiceMessage: Hashable, Sendable {
    /// 0x71, room → desk: an RTP packet of the voice in `detail`, which fills the rest.
    case packet(voice: UInt8, Range<Int>)
    /// 0x72, room → desk: the voice in `detail` is not heard any more.
    case end(voice: UInt8)
    /// 0x73, desk → room: what becomes of the voices.
    case state(State)

    public enum State: UInt8, CaseIterable, Hashable, Sendable {
        /// Programs on the desk can record them.
        case playing = 1
        /// The sound server has no sink of that name.
        case noSink = 2
        /// The sound server is not there, or has gone.
        case noServer = 3
    }

    /// Voices at once; they are numbered from 0.
    public static let voices = 8
    /// Bytes of the two fields that every message has.
    public static let headLength = 2
    /// Bytes of the longest message.
    public static let maximumLength = headLength + 1_500

    /// Parses the message that fills `bytes`; `nil` if it is none.
    public init?(parsing bytes: RawSpan) {
        guard let type = bytes.bigEndian(UInt8.self, at: 0),
            let detail = bytes.bigEndian(UInt8.self, at: 1),
            bytes.byteCount <= Self.maximumLength
        else { return nil }
        switch type {
        case 0x71 where detail < Self.voices && bytes.byteCount > Self.headLength:
            self = .packet(voice: detail, Self.headLength..<bytes.byteCount)
        case 0x72 where detail < Self.voices && bytes.byteCount == Self.headLength: self = .end(voice: detail)
        case 0x73 where bytes.byteCount == Self.headLength:
            guard let state = State(rawValue: detail) else { return nil }
            self = .state(state)
        default: return nil
        }
    }

    /// The first two bytes; a packet follows them.
    public var head: (type: UInt8, detail: UInt8) {
        switch self {
        case .end(let voice): (0x72, voice)
        case .packet(let voice, _): (0x71, voice)
        case .state(let state): (0x73, state.rawValue)
        }
    }

    /// The message without its packet, as bytes of its own.
    public func encodedHead() -> [UInt8] { [head.type, head.detail] }
}
