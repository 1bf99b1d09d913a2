import NetworkSimulation
import Participant
import SFU
import Testing
import Wire

/// A desk, and people who are connected and see nothing yet.
struct DeskRoom {
    let network: SimulatedNetwork
    let source: SimulatedNetwork.Source
    let producer: ProducerID
    let peers: [SimulatedNetwork.Peer]

    /// - Parameter running: How long the desk has been shown to nobody.
    init(
        _ parameters: PublishedStream.Parameters = .desk(),
        people: Int = 1,
        running: Interval = .seconds(3)
    ) throws {
        network = try SimulatedNetwork()
        (source, producer) = try network.addSource(parameters)
        let network = network
        peers = try (0..<people).map { _ in try network.join() }
        #expect(network.connectAll())
        network.run(for: running)
    }

    var desk: PublishedStream { source.stream }

    @discardableResult
    func view(by place: Int = 0) throws -> ConsumerParameters { try network.view(producer, by: peers[place]) }

    func run(for interval: Interval) { network.run(for: interval) }

    func received(_ consumer: ConsumerParameters) throws -> ReceivedStream {
        try #require(peers.lazy.compactMap { $0.participant.stream(consumer.ssrc) }.first)
    }
}
