/// What a stream of RTP packets carries.
public enum MediaKind: String, Hashable, Sendable {
    case audio
    case video
}
