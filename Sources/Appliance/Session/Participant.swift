internal import RemoteControl
internal import SFU
internal import WebRTC

/// One person in the room.
///
/// Their connections outlive a lost WebSocket, and they themselves a short absence.
struct Participant {
    let id: ParticipantID
    var name: String
    /// What a page shows to be the same person again.
    let resumeToken: String
    /// The first line of the chat that they may read.
    let chatStart: Int
    /// `nil` while the page's WebSocket is lost.
    var connection: SignallingConnection?
    /// Ends the stay of a person who does not come back.
    var departure: Task<Void, Never>?
    /// What they say of their microphone and camera.
    var media = RoomMessage.Media()
    /// What their page shows, as it last said; `nil` before it did: everything.
    var views: [TrackSource: ClientMessage.View]?
    var chatAllowance = ChatAllowance()
    var offerAllowance = OfferAllowance()
    var publish: PublishConnection?
    var subscribe: SubscribeConnection?

    var person: RoomMessage.Person {
        RoomMessage.Person(
            id: id.rawValue,
            name: name,
            audio: media.audio,
            video: media.video,
            away: connection == nil
        )
    }
}
