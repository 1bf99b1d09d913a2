package import RemoteControl
package import SFU

/// What a track shows or plays.
package enum TrackSource: Hashable, Sendable {
    case camera(ParticipantID)
    case deskPicture
    case deskSound
    case microphone(ParticipantID)
    /// What this person is sent of the desk's picture.
    case view(ParticipantID)

    package var kind: MediaKind {
        switch self {
        case .camera, .deskPicture, .view: .video
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
        case .view: trackID
        }
    }

    package var trackID: String {
        switch self {
        case .camera(let id): "camera-\(id.rawValue)"
        case .deskPicture, .deskSound: streamID
        case .microphone(let id): "microphone-\(id.rawValue)"
        case .view(let id): "view-\(id.rawValue)"
        }
    }

    /// Whether it is the desk's picture, be it as somebody else is sent it.
    var isOfDesk: Bool {
        switch self {
        case .deskPicture, .view: true
        case .camera, .deskSound, .microphone: false
        }
    }

    /// The person it comes from; `nil` for the desk.
    package var person: ParticipantID? {
        switch self {
        case .camera(let id), .microphone(let id): id
        case .deskPicture, .deskSound, .view: nil
        }
    }
}

extension RoomMessage.Track {
    package init(_ source: TrackSource) {
        switch source {
        case .camera(let id): self.init(person: id.rawValue, source: .camera)
        case .deskPicture, .deskSound: self.init(person: 0, source: .desk)
        case .microphone(let id): self.init(person: id.rawValue, source: .microphone)
        case .view(let id): self.init(person: id.rawValue, source: .view)
        }
    }
}
