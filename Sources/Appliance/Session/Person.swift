internal import IO
internal import RemoteControl
internal import SFU
internal import Wire

/// What the room holds for one person while they are in it: what they say of themselves, and their two connections.
///
/// Who they are, and whether their page is there, ``Membership`` knows.
@SessionActor final class Person {
    let id: ParticipantID
    /// What they say of their microphone and camera.
    var media = RoomMessage.Media()
    /// What their page shows, as it last said; `nil` before it did: everything.
    var views: [TrackSource: ClientMessage.View]?
    /// Whether somebody has muted them, until they switch their microphone on again.
    var isMuted = false
    /// How their page does, as it says.
    var pageState: PageState?
    /// Whose view of the desk their page shows.
    var watched: ParticipantID?
    var chatAllowance = ChatAllowance()
    var offerAllowance = OfferAllowance()
    var publish: PublishConnection?
    /// Takes down the publish connection before this one.
    var unpublishing: Task<Void, Never>?
    var subscribe: SubscribeConnection?
    /// What a program of theirs sends and is sent as plain RTP.
    var broadcast: BroadcastConnection?

    init(_ id: ParticipantID) {
        self.id = id
    }

    /// What is received of them.
    var sources: [PublishConnection.Track] { (publish?.sources ?? []) + (broadcast?.sources ?? []) }

    /// Which of the desk's streams they are sent.
    var deskStream: DeskStreamName? { subscribe?.deskStream ?? broadcast?.deskStream }

    /// What they are sent of the desk's picture, for whoever watches that.
    var view: OfferedTrack? {
        guard let subscribe, let producer = subscribe.deskProducer, let stream = subscribe.deskStream else {
            return nil
        }
        return OfferedTrack(.view(id), producer: producer, codec: stream.codec, isClear: stream.isClear)
    }

    /// Waits until one more of their offers is looked at, or asked for; returns whether it still is theirs to make.
    ///
    /// - Parameter isCurrent: Whether they still wait for it, by the page that they have asked by.
    func mayOffer(while isCurrent: @SessionActor () -> Bool) async -> Bool {
        while isCurrent() {
            let wait = offerAllowance.take(now: .now())
            guard wait > .zero else { return true }
            // In pieces: a page that goes away meanwhile keeps nobody waiting, least of all the room's own end.
            try? await Task.sleep(for: .nanoseconds(min(wait, Self.piece).nanoseconds))
        }
        return false
    }

    private static let piece = Interval.milliseconds(100)
}
