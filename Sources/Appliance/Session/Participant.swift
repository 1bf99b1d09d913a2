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
    var publish: Publish?
    var subscribe: Subscribe?

    var person: RoomMessage.Person {
        RoomMessage.Person(
            id: id.rawValue,
            name: name,
            audio: media.audio,
            video: media.video,
            away: connection == nil
        )
    }

    /// The connection that the browser offers: its control channels, camera and microphone.
    struct Publish {
        var parameters: WebRTCTransportParameters
        var remoteICE: ICECredentials
        var fingerprints: [DTLSFingerprint]
        /// The control and pointer channels that are open.
        var channels: Set<DataProducerID> = []
        /// The chat channel, if it is open.
        var chat: DataProducerID?
        /// What is received, by mid.
        var media: [String: PublishedTrack] = [:]
    }

    /// A camera or microphone that the room receives.
    struct PublishedTrack {
        var source: TrackSource
        var producer: ProducerID
        /// The names of its encodings, lowest first; empty for a single one without a name (RFC 8851).
        var rids: [String]
    }

    /// The connection that the room offers: the desk, and everybody else.
    struct Subscribe {
        var transport: TransportID
        var session: SubscribeSession
        var isConnected = false
        /// An offer is on its way, and the page has not answered it.
        var isOfferPending = false
        /// Something has changed since that offer.
        var needsOffer = false
        /// What the sections carry, by mid.
        var tracks: [String: SubscribedTrack] = [:]
        /// The codec of the desk's picture.
        var video: DeskStreamName?
        /// The channels that the room opened, by label, once they are open.
        var channels: [String: DataConsumerID] = [:]
        var openChannels: Set<String> = []
    }

    /// One section of a subscribe connection.
    struct SubscribedTrack {
        var source: TrackSource
        var consumer: ConsumerID?
        /// As the Worker was last told.
        var priority: Int?
    }
}

/// What a track shows or plays.
enum TrackSource: Hashable, Sendable {
    case camera(ParticipantID)
    case deskPicture
    case deskSound
    case microphone(ParticipantID)

    var kind: MediaKind {
        switch self {
        case .camera, .deskPicture: .video
        case .deskSound, .microphone: .audio
        }
    }

    /// Tracks of one stream are played in step: a person's voice with their lips, the desk's sound never with
    /// its picture.
    var streamID: String {
        switch self {
        case .camera(let id), .microphone(let id): "person-\(id.rawValue)"
        case .deskPicture: "desk-picture"
        case .deskSound: "desk-sound"
        }
    }

    var trackID: String {
        switch self {
        case .camera(let id): "camera-\(id.rawValue)"
        case .deskPicture, .deskSound: streamID
        case .microphone(let id): "microphone-\(id.rawValue)"
        }
    }

    /// The person it comes from; `nil` for the desk.
    var person: ParticipantID? {
        switch self {
        case .camera(let id), .microphone(let id): id
        case .deskPicture, .deskSound: nil
        }
    }
}
