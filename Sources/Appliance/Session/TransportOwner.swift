/// Which connection a transport of the Worker belongs to.
enum TransportOwner {
    case publish(PublishConnection)
    case subscribe(SubscribeConnection)
}
