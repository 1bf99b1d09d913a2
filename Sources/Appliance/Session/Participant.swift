internal import RemoteControl
internal import SFU
internal import WebRTC

/// One person in the room. Their connections outlive a lost WebSocket, and they themselves a short absence.
struct Participant {
    let id: ParticipantID
    var name: String
    /// What a page shows to be the same person again.
    let resumeToken: String
    /// `nil` while the page's WebSocket is lost.
    var connection: SignallingConnection?
    /// Ends the stay of a person who does not come back.
    var departure: Task<Void, Never>?
    var publish: Publish?
    var subscribe: Subscribe?

    var person: RoomMessage.Person { RoomMessage.Person(id: id.rawValue, name: name) }

    /// The connection that the browser offers: its control channels.
    struct Publish {
        var parameters: WebRTCTransportParameters
        var remoteICE: ICECredentials
        var fingerprints: [DTLSFingerprint]
        /// The control and pointer channels that are open.
        var channels: Set<DataProducerID> = []
    }

    /// The connection that the room offers: the desk.
    struct Subscribe {
        var transport: TransportID
        var session: SubscribeSession
        var videoMID: String
        var audioMID: String
        var isConnected = false
        /// What is sent, by mid.
        var consumers: [String: ConsumerID] = [:]
        /// The codec of the desk's picture.
        var video: DeskStreamName?
        /// The channel that carries the desk's pointer.
        var cursor: DataConsumerID?
        var isCursorOpen = false
    }
}
