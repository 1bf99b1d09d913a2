package import WebRTC

/// Which transport each data channel is on, and through which pipes its messages go.
package struct DataTable {
    private var consumers: [DataConsumerID: Transport] = [:]
    private var producers: [DataProducerID: Transport] = [:]
    private var routes = DataRoutes()

    package init() {}

    package func transport(of id: DataConsumerID) throws(SFUError) -> Transport {
        guard let transport = consumers[id] else { throw .notFound }
        return transport
    }

    package func transport(of id: DataProducerID) throws(SFUError) -> Transport {
        guard let transport = producers[id] else { throw .notFound }
        return transport
    }

    /// How the producer's channel carries messages.
    package func parameters(of id: DataProducerID) throws(SFUError) -> DataChannelParameters {
        guard let parameters = routes.parameters(of: id) else { throw .notFound }
        return parameters
    }

    /// The channels that a transport's peer has opened, with their labels.
    func labels(on transport: Transport) -> [(DataProducerID, String)] {
        producers.filter { $0.value === transport }.keys.sorted { $0.rawValue < $1.rawValue }
            .map { ($0, routes.parameters(of: $0)?.label ?? "") }
    }

    /// - Parameter transport: `nil`: it was closed meanwhile.
    package mutating func add(
        _ id: DataProducerID,
        _ parameters: DataChannelParameters,
        on transport: Transport?
    ) {
        producers[id] = transport
        routes.add(id, parameters)
    }

    package mutating func add(_ id: DataConsumerID, on transport: Transport) { consumers[id] = transport }

    /// Passes the producer's messages on through the pipe's channel.
    package mutating func route(
        _ producer: DataProducerID,
        to consumer: DataConsumerID,
        through pipe: PipeTransport
    ) {
        routes.add(consumer, of: producer, through: pipe)
    }

    package mutating func remove(_ id: DataProducerID) {
        producers[id] = nil
        routes.remove(id)
    }

    package mutating func remove(_ id: DataConsumerID) {
        consumers[id] = nil
        routes.remove(id)
    }

    /// The transport is closed; returns the producers that it had, oldest first.
    package mutating func removeAll(on transport: Transport) -> [DataProducerID] {
        let gone = producers.filter { $0.value === transport }.keys.sorted { $0.rawValue < $1.rawValue }
        for id in gone { remove(id) }
        consumers = consumers.filter { $0.value !== transport }
        return gone
    }

    // MARK: Messages

    /// Whether the producer's messages go anywhere but to those who read them here.
    package func isRouted(_ id: DataProducerID) -> Bool { routes.isRouted(id) }

    func forward(_ message: DataMessage, of id: DataProducerID) { routes.forward(message, of: id) }

    /// The next channel to close, because its producer is gone.
    package mutating func pollOrphan() -> DataConsumerID? { routes.pollOrphan() }
}
