package import SFU

/// What of the room a broadcaster can be sent, by the names that it asks for it by.
package enum DeskProducer: String, CaseIterable, Sendable {
    case picture = "desk-picture"
    case sound = "desk-sound"

    package var kind: MediaKind { self == .picture ? .video : .audio }

    /// What the desk comes in.
    package var codecs: [RTPCodecParameters] {
        switch self {
        case .picture: [RoomCodecs.h264, RoomCodecs.vp8]
        case .sound: [RoomCodecs.opus]
        }
    }
}
