internal import RemoteControl
internal import SFU

/// What the room holds for one person while they are in it: what they say of themselves, and their two connections.
///
/// Who they are, and whether their page is there, ``Membership`` knows.
@SessionActor final class Person {
    let id: ParticipantID
    /// What they say of their microphone and camera.
    var media = RoomMessage.Media()
    /// What their page shows, as it last said; `nil` before it did: everything.
    var views: [TrackSource: ClientMessage.View]?
    var chatAllowance = ChatAllowance()
    var offerAllowance = OfferAllowance()
    var publish: PublishConnection?
    /// Takes down the publish connection before this one.
    var unpublishing: Task<Void, Never>?
    var subscribe: SubscribeConnection?

    init(_ id: ParticipantID) {
        self.id = id
    }
}
