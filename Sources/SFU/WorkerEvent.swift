public import WebRTC
public import Wire

/// What a ``Worker`` tells without being asked. None is per media packet.
public enum WorkerEvent: Sendable {
    /// The remote side closed a data channel that it had opened, or the transport closed it.
    case dataProducerClosed(TransportID, DataProducerID)
    /// The remote side opened a data channel.
    case dataProducerOpened(TransportID, DataProducerID, DataChannelParameters)
    /// A data channel that this side opened is closed.
    case dataConsumerClosed(TransportID, DataConsumerID)
    /// The remote side has acknowledged a data channel that this side opened.
    case dataConsumerOpened(TransportID, DataConsumerID)
    /// A message on a channel that nobody reads with ``Worker/subscribeDirect(_:)``.
    case dataMessage(TransportID, DataProducerID, DataMessage)
    case dtlsStateChanged(TransportID, DTLSState)
    case iceStateChanged(TransportID, ICEState)
    case sctpStateChanged(TransportID, SCTPState)
    /// The remote side is at another address: the first, or after a change of network.
    case selectedAddressChanged(TransportID, SocketAddress)
}

/// The state of a transport's path (W3C `RTCIceTransportState`, without `completed`).
public enum ICEState: String, Hashable, Sendable {
    case new, checking, connected, disconnected, failed, closed
}

/// The state of a transport's keys (W3C `RTCDtlsTransportState`).
public enum DTLSState: String, Hashable, Sendable {
    case new, connecting, connected, failed, closed
}

/// The state of a transport's data channels (W3C `RTCSctpTransportState`).
public enum SCTPState: String, Hashable, Sendable {
    case new, connecting, connected, failed, closed
}
