internal import Wire

/// Which data producer or consumer is on which SCTP stream of one transport.
struct DataChannelDirectory {
    private(set) var producers: [(id: DataProducerID, stream: UInt16)] = []
    private(set) var consumers: [(id: DataConsumerID, stream: UInt16)] = []

    func producer(on stream: UInt16) -> DataProducerID? { producers.first { $0.stream == stream }?.id }
    func consumer(on stream: UInt16) -> DataConsumerID? { consumers.first { $0.stream == stream }?.id }
    func stream(of id: DataProducerID) -> UInt16? { producers.first { $0.id == id }?.stream }
    func stream(of id: DataConsumerID) -> UInt16? { consumers.first { $0.id == id }?.stream }

    mutating func add(_ id: DataProducerID, on stream: UInt16) { producers.append((id, stream)) }
    mutating func add(_ id: DataConsumerID, on stream: UInt16) { consumers.append((id, stream)) }

    mutating func remove(stream: UInt16) {
        producers.removeAll { $0.stream == stream }
        consumers.removeAll { $0.stream == stream }
    }
}
