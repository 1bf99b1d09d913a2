package import RemoteControl
package import SFU

/// What a track shows or plays.
package enum TrackSource: Hashable, Sendable {
    case camera(ParticipantID)
    case deskPicture
    case deskSound
    case microphone(ParticipantID)

    package var kind: MediaKind {
        switch self {
        case .camera, .deskPicture: .video
        case .deskSound, .microphone: .audio
        }
    }

    /// Tracks of one stream are played in step: a person's voice with their lips, the desk's sound never with
    /// its picture.
    package var streamID: String {
        switch self {
        case .camera(let id), .microphone(let id): "person-\(id.rawValue)"
        case .deskPicture: "desk-picture"
        case .deskSound: "desk-sound"
        }
    }

    package var trackID: String {
        switch self {
        case .camera(let id): "camera-\(id.rawValue)"
        case .deskPicture, .deskSound: streamID
        case .microphone(let id): "microphone-\(id.rawValue)"
        }
    }

    /// The person it comes from; `nil` for the desk.
    package var person: ParticipantID? {
        switch self {
        case .camera(let id), .microphone(let id): id
        case .deskPicture, .deskSound: nil
        }
    }
}

extension RoomMessage.Track {
    package init(_ source: TrackSource) {
        switch source {
        case .camera(let id): self.init(person: id.rawValue, source: .camera)
        case .deskPicture, .deskSound: self.init(person: 0, source: .desk)
        case .microphone(let id): self.init(person: id.rawValue, source: .microphone)
        }
    }
}
