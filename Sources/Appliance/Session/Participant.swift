internal import RemoteControl
internal import SFU
internal import WebRTC
internal import Wire

/// One person in the room.
///
/// Their connections outlive a lost WebSocket, and they themselves a short absence.
struct Participant {
    let id: ParticipantID
    var name: DisplayName
    /// What a page shows to be the same person again.
    var resumeToken: Secret
    /// What their browser shows, by whatever page.
    var browser: Secret?
    /// Whose share of the room's places theirs is.
    var share: NetworkShare?
    let joined: Instant
    /// Whether a connection of theirs was ever secured: nobody can do that without being there.
    var isProved = false
    /// Their page has said that it is being closed.
    var hasSaidGoodbye = false
    /// When their browser last ended a connection (DTLS).
    var farewell: Instant?
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
            name: name.text,
            audio: media.audio,
            video: media.video,
            away: connection == nil
        )
    }
}
