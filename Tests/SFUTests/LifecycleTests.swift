import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Pausing, closing, limits: what the Worker's owner does.
@Suite struct LifecycleTests {
    @Test func aPausedConsumerGetsNothingAndGoesOnWithAKeyFrame() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        try network.core.consumer(consumer.id).setPaused(true, now: network.now)
        network.finishCall()
        network.run(for: .milliseconds(20))
        let before = try #require(peer.participant.stream(consumer.ssrc)).arrivals.count
        network.run(for: .seconds(2))
        #expect(peer.participant.stream(consumer.ssrc)?.arrivals.count == before)
        #expect(try network.core.consumer(consumer.id).currentStatistics().isPaused)
        let requests = source.stream.keyFrameRequests
        try network.core.consumer(consumer.id).setPaused(false, now: network.now)
        network.finishCall()
        network.run(for: .seconds(1))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        #expect(stream.arrivals[before].stamp?.isKeyFrame == true)
        #expect(source.stream.keyFrameRequests == requests + 1)
        expectUnbroken(stream)
    }

    @Test func aConsumerThatBeginsPausedWaits() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk(.opus))
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(
            producer,
            by: peer,
            options: ConsumerOptions(capabilities: .browser, isPaused: true)
        )
        network.run(for: .seconds(1))
        #expect(peer.participant.stream(consumer.ssrc)?.arrivals.isEmpty == true)
        try network.core.consumer(consumer.id).setPaused(false, now: network.now)
        network.run(for: .seconds(1))
        #expect((peer.participant.stream(consumer.ssrc)?.arrivals.count ?? 0) > 45)
    }

    @Test func closingAProducerClosesItsConsumers() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        try network.core.close(producer)
        #expect(throws: SFUError.notFound) { try network.core.producer(producer) }
        #expect(throws: SFUError.notFound) { try network.core.consumer(consumer.id) }
        network.run(for: .milliseconds(20))
        let before = peer.participant.stream(consumer.ssrc)?.arrivals.count
        network.run(for: .seconds(1))
        #expect(peer.participant.stream(consumer.ssrc)?.arrivals.count == before)
    }

    @Test func closingAConsumerLeavesTheOthers() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peers = [try network.join(), try network.join()]
        #expect(network.connectAll())
        let consumers = try peers.map { try network.view(producer, by: $0) }
        network.run(for: .seconds(1))
        try network.core.close(consumers[0].id)
        network.run(for: .milliseconds(20))
        let before = peers.map { $0.participant.statistics.datagramsReceived }
        network.run(for: .seconds(1))
        #expect(peers[0].participant.statistics.datagramsReceived - before[0] < 10)
        #expect(peers[1].participant.statistics.datagramsReceived - before[1] > 100)
    }

    @Test func closingATransportSaysGoodbye() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .milliseconds(200))
        try network.call { queue in try network.core.close(peer.transport, now: network.now, into: &queue) }
        network.run(for: .seconds(1))
        #expect(peer.events.contains(.dtlsClosed))
        #expect(throws: SFUError.notFound) { try network.core.webRTCTransport(peer.transport) }
        #expect(throws: SFUError.notFound) { try network.core.consumer(consumer.id) }
        #expect(throws: SFUError.notFound) {
            try network.call { queue in try network.core.close(peer.transport, now: network.now, into: &queue)
            }
        }
    }

    @Test func closingTheRouterClosesEverythingOnIt() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        try network.view(producer, by: peer)
        try network.call { queue in try network.core.close(network.router, now: network.now, into: &queue) }
        #expect(network.core.transports.isEmpty)
        #expect(throws: SFUError.notFound) { try network.core.producer(producer) }
        #expect(throws: SFUError.notFound) { try network.core.makePlainTransport(on: network.router) }
        network.run(for: .seconds(1))
        #expect(peer.events.contains(.dtlsClosed))
        #expect(source.stream.packets > 0)
        #expect(network.core.pollTimeout() == nil)
    }

    @Test func aPeerThatSaysGoodbyeIsSentNothingMore() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        network.act(peer) { participant, queue in participant.close(now: network.now, into: &queue) }
        network.run(for: .milliseconds(100))
        #expect(try network.core.webRTCTransport(peer.transport).currentStatistics().dtlsState == .closed)
        let before = peer.offered
        network.run(for: .seconds(1))
        #expect(peer.offered == before)
    }

    @Test func whatIsTooMuchIsRefused() throws {
        var limits = WorkerConfiguration.Limits()
        limits.transports = 2
        limits.producersPerTransport = 1
        limits.consumersPerTransport = 1
        let network = try SimulatedNetwork(limits: limits)
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(throws: SFUError.invalidState("the Worker has as many transports as it may")) {
            try network.core.makePlainTransport(on: network.router)
        }
        #expect(throws: SFUError.invalidState("the transport has as many producers as it may")) {
            try network.core.produce(
                on: source.transport.id,
                kind: .audio,
                parameters: .plain(.desk(.opus, ssrc: 9)),
                streamID: nil
            )
        }
        try network.view(producer, by: peer)
        #expect(throws: SFUError.invalidState("the transport has as many consumers as it may")) {
            try network.view(producer, by: peer)
        }
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        let network = try SimulatedNetwork()
        let core = network.core
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        func produce(_ parameters: RTPParameters, kind: MediaKind = .video, on id: TransportID? = nil) throws
        {
            _ = try core.produce(
                on: id ?? source.transport.id,
                kind: kind,
                parameters: parameters,
                streamID: nil
            )
        }
        #expect(throws: SFUError.invalidState("the SSRC is taken")) { try produce(.plain(.desk())) }
        #expect(throws: SFUError.unsupported("the parameters name no codec of the producer's kind")) {
            try produce(.plain(.desk(.opus, ssrc: 8)))
        }
        #expect(throws: SFUError.unsupported("a producer needs an SSRC or a mid")) {
            try produce(.published(.camera(), announcesSSRC: false))
        }
        var twice = RTPParameters.published(.camera())
        twice.encodings[0].rtxSSRC = twice.encodings[0].ssrc
        #expect(throws: SFUError.unsupported("retransmissions need an SSRC of their own")) {
            try produce(twice, on: peer.transport)
        }
        #expect(throws: SFUError.unsupported("the receiver takes none of the producer's codecs")) {
            let options = ConsumerOptions(
                capabilities: RTPCapabilities(codecs: [RTPCodecParameters(.opus, payloadType: 1)])
            )
            try network.view(producer, by: peer, options: options)
        }
        #expect(throws: SFUError.invalidState("the transport is connected already")) {
            try network.connect(peer)
        }
        let elsewhere = try core.makeWebRTCTransport(on: core.makeRouter(), now: network.now)
        #expect(throws: SFUError.invalidState("the producer is on another router")) {
            try core.consume(
                producer,
                on: elsewhere.id,
                options: ConsumerOptions(capabilities: .browser),
                now: network.now
            )
        }
    }
}
