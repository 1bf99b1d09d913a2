internal import RemoteControl

/// Which connection a transport of the Worker belongs to.
enum TransportOwner {
    case publish(PublishConnection)
    case subscribe(SubscribeConnection)
}

extension TransportOwner {
    var participant: ParticipantID {
        switch self {
        case .publish(let connection): connection.owner
        case .subscribe(let connection): connection.owner
        }
    }
}
