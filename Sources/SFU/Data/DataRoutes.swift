internal import WebRTC

/// Where the messages of data producers go besides to whoever reads them here: through pipes, to other routers.
struct DataRoutes {
    private struct Route {
        var consumer: DataConsumerID
        var pipe: PipeTransport
    }

    private var parameters: [DataProducerID: DataChannelParameters] = [:]
    private var routes: [DataProducerID: [Route]] = [:]
    /// Channels whose producer is gone.
    private var orphans: [Route] = []

    /// A producer has come.
    mutating func add(_ producer: DataProducerID, _ parameters: DataChannelParameters) {
        self.parameters[producer] = parameters
    }

    /// How the producer's channel carries messages; `nil`: there is none.
    func parameters(of producer: DataProducerID) -> DataChannelParameters? { parameters[producer] }

    mutating func add(_ consumer: DataConsumerID, of producer: DataProducerID, through pipe: PipeTransport) {
        routes[producer, default: []].append(Route(consumer: consumer, pipe: pipe))
    }

    func forward(_ message: DataMessage, of producer: DataProducerID) {
        guard let routes = routes[producer] else { return }
        for route in routes { route.pipe.forward(message, on: route.consumer) }
    }

    /// Whether the producer's messages go anywhere.
    func isRouted(_ producer: DataProducerID) -> Bool { routes[producer] != nil }

    mutating func remove(_ producer: DataProducerID) {
        parameters[producer] = nil
        if let routes = routes.removeValue(forKey: producer) { orphans += routes }
    }

    mutating func remove(_ consumer: DataConsumerID) {
        for producer in Array(routes.keys) {
            routes[producer]?.removeAll { $0.consumer == consumer }
            if routes[producer]?.isEmpty == true { routes[producer] = nil }
        }
    }

    /// The next channel to close, because its producer is gone.
    mutating func pollOrphan() -> DataConsumerID? { orphans.popLast()?.consumer }
}
