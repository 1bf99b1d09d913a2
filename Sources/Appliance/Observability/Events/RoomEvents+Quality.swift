internal import RemoteControl

extension RoomEvents {
    /// What the network leaves somebody of a picture has changed.
    func tellQuality(_ delivery: RoomMessage.Delivery, of source: TrackSource, to person: ParticipantID) {
        let what =
            switch source {
            case .camera: "camera"
            case .deskPicture: "desk"
            case .deskSound: "sound"
            case .microphone: "microphone"
            case .view: "view"
            }
        tell(
            .qualityChanged,
            [
                Self.person: .id(person.rawValue), "deskroom.source": .text(what),
                "deskroom.delivery": .text(delivery.rawValue),
            ]
        )
    }
}
