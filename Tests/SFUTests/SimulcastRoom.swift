import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A publisher with three encodings, and viewers.
struct SimulcastRoom {
    let network: SimulatedNetwork
    let publisher: SimulatedNetwork.Peer
    let viewer: SimulatedNetwork.Peer
    let producer: ProducerID
    /// Lowest first.
    let streams: [PublishedStream]

    init(_ codec: SyntheticCodec = .vp8, seed: UInt64 = 1) throws {
        network = try SimulatedNetwork(seed: seed)
        publisher = try network.join()
        viewer = try network.join()
        // Nothing is known of the paths, so that only preferences choose layers.
        viewer.participant.sendsTransportFeedback = false
        #expect(network.connectAll())
        let parameters = PublishedStream.Parameters.simulcast(codec)
        (streams, producer) = try network.publish(simulcast: parameters, by: publisher)
    }

    func join() throws -> SimulatedNetwork.Peer {
        let peer = try network.join()
        // Nothing is known of the paths, so that only preferences choose layers.
        peer.participant.sendsTransportFeedback = false
        #expect(network.connectAll())
        return peer
    }

    func view(by peer: SimulatedNetwork.Peer? = nil) throws -> ConsumerParameters {
        try network.view(producer, by: peer ?? viewer)
    }

    func prefer(_ spatial: Int, temporal: Int? = nil, of consumer: ConsumerParameters) throws {
        try network.core.setPreferredLayers(
            consumer.id,
            spatial: spatial,
            temporal: temporal,
            now: network.now
        )
        network.finishCall()
    }

    func received(_ consumer: ConsumerParameters) throws -> ReceivedStream {
        try #require(network.peers.lazy.compactMap { $0.participant.stream(consumer.ssrc) }.first)
    }

    /// Spatial and temporal layers, as events have told them; empty: paused.
    func layersTold(_ consumer: ConsumerParameters) -> [[Int]] {
        network.events.compactMap { event in
            guard case .layersChanged(consumer.id, let spatial, let temporal) = event else { return nil }
            return [spatial, temporal].compactMap(\.self)
        }
    }

    /// Encodings, as events have told them.
    var wantedTold: [Set<Int>] {
        network.events.compactMap { event in
            guard case .wantedLayersChanged(producer, let wanted) = event else { return nil }
            return wanted
        }
    }
}
