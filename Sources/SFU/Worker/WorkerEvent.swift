public import WebRTC
public import Wire

/// What a ``Worker`` tells without being asked.
///
/// None is per media packet.
public enum WorkerEvent: Sendable {
    /// Another microphone leads the conversation; `nil`: nobody's.
    case activeSpeakerChanged(RouterID, ProducerID?)
    /// What a transport's path carries, in bits per second, has changed much; at most once a second.
    case availableBitrateChanged(TransportID, Int)
    /// A consumer's stream is not sent any more because the path has no room for it, or is sent again.
    case consumerLimited(ConsumerID, isPaused: Bool)
    /// The remote side closed a data channel that it had opened, or the transport closed it.
    case dataProducerClosed(TransportID, DataProducerID)
    /// The remote side opened a data channel.
    case dataProducerOpened(TransportID, DataProducerID, DataChannelParameters)
    /// A data channel that this side opened is closed.
    case dataConsumerClosed(TransportID, DataConsumerID)
    /// The remote side has acknowledged a data channel that this side opened.
    case dataConsumerOpened(TransportID, DataConsumerID)
    /// A producer sends more than its kind or its person may, and what is beyond is dropped; at most every ten seconds of a
    /// transport.
    case producerLimited(ProducerID)
    /// A message on a channel that nobody reads with ``Worker/subscribe(_:)``.
    case dataMessage(TransportID, DataProducerID, DataMessage)
    case dtlsStateChanged(TransportID, DTLSState)
    case iceStateChanged(TransportID, ICEState)
    /// What a video consumer is sent has changed: `spatial` is the index of an encoding or of a spatial
    /// layer, lowest first; `nil`: nothing, for the path is too narrow. `temporal` is `nil` if the stream has
    /// no temporal layers.
    case layersChanged(ConsumerID, spatial: Int?, temporal: Int?)
    case sctpStateChanged(TransportID, DataChannels.State)
    /// These microphones carry speech now.
    case speakingChanged(RouterID, Set<ProducerID>)
    /// The remote side is at another address: the first, or after a change of network.
    case selectedAddressChanged(TransportID, SocketAddress)
    /// The encodings of a producer that anybody watches, by their index, or the spatial layers of the only one
    /// in a codec that has them; its sender need not send the others.
    /// Told at once when one is added, and when one has not been watched for a second. Before the first time
    /// it sends all.
    case wantedLayersChanged(ProducerID, Set<Int>)
}
