internal import Access
internal import SFU

extension RoomMessage.Media {
    /// Without what somebody may not send.
    func limited(by rights: Rights) -> RoomMessage.Media {
        RoomMessage.Media(
            audio: rights.allow(.send(.audio)) ? audio : .none,
            video: rights.allow(.send(.video)) ? video : .none
        )
    }
}
