import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Data channels between a browser and the Worker's owner.
@Suite struct DataChannelTests {
    @Test(arguments: [true, false], [0.0, 0.1])
    func aChannelOfTheBrowsersCarriesMessagesBothWays(isOrdered: Bool, loss: Double) throws {
        let network = try SimulatedNetwork(seed: 2)
        let peer = try connected(on: network)
        peer.up.loss = loss
        peer.down.loss = loss
        let parameters = DataChannelParameters(label: "control", subprotocol: "desk", isOrdered: isOrdered)
        let stream = try network.act(peer) { participant, queue in
            try participant.openChannel(parameters, now: network.now, into: &queue)
        }
        #expect(network.run { peer.events.contains(.channelAcknowledged(stream: stream)) })
        let producer = try #require(network.events.openedProducers[peer.transport]?.first)
        #expect(producer.parameters == parameters)

        for number in UInt8(0)..<100 {
            try network.act(peer) { participant, queue in
                try participant.send(
                    [number],
                    isBinary: number % 2 == 0,
                    on: stream,
                    now: network.now,
                    into: &queue
                )
            }
            try network.call { queue in
                try network.core.send(
                    [number, number],
                    isBinary: true,
                    on: producer.id,
                    now: network.now,
                    into: &queue
                )
            }
            network.run(for: .milliseconds(5))
        }
        network.run(for: .seconds(20))
        let messages = network.events.messages(of: producer.id)
        let bytes = messages.map(\.bytes)
        let expected = (UInt8(0)..<100).map { [$0] }
        #expect(isOrdered ? bytes == expected : Set(bytes) == Set(expected))
        #expect(messages.allSatisfy { $0.isBinary == ($0.bytes[0] % 2 == 0) })
        let answers = peer.messages(on: stream)
        #expect(
            isOrdered ? answers == expected.map { $0 + $0 } : Set(answers) == Set(expected.map { $0 + $0 })
        )
    }

    /// What is not repeated is lost, and nothing waits for it.
    @Test func anUnreliableChannelDropsWhatIsLost() throws {
        let network = try SimulatedNetwork(seed: 4)
        let peer = try connected(on: network)
        let stream = try network.act(peer) { participant, queue in
            try participant.openChannel(
                DataChannelParameters(label: "pointer", isOrdered: false, maximumRetransmits: 0),
                now: network.now,
                into: &queue
            )
        }
        #expect(network.run { peer.events.contains(.channelAcknowledged(stream: stream)) })
        peer.up.loss = 0.3
        for number in UInt8(0)..<200 {
            try network.act(peer) { participant, queue in
                try participant.send([number], on: stream, now: network.now, into: &queue)
            }
            network.run(for: .milliseconds(8))
        }
        network.run(for: .seconds(3))
        let producer = try #require(network.events.openedProducers[peer.transport]?.first)
        let count = network.events.messages(of: producer.id).count
        #expect(100...180 ~= count)
    }

    @Test func aChannelOfTheWorkersIsOpenedUsedAndClosed() throws {
        let network = try SimulatedNetwork()
        let peer = try connected(on: network)
        let id = try network.call { queue in
            try network.core.consumeData(
                on: peer.transport,
                DataChannelParameters(label: "cursor"),
                now: network.now,
                into: &queue
            )
        }
        let large = [UInt8](repeating: 7, count: 50_000)
        try network.call { queue in
            try network.core.send(large, isBinary: true, on: id, now: network.now, into: &queue)
        }
        network.run(for: .seconds(1))
        let opened = peer.events.compactMap { event -> UInt16? in
            if case .channelOpened(let stream, let parameters) = event, parameters.label == "cursor" {
                stream
            } else {
                nil
            }
        }
        let stream = try #require(opened.first)
        #expect(peer.messages(on: stream) == [large])
        #expect(
            network.events.contains {
                if case .dataConsumerOpened(peer.transport, id) = $0 { true } else { false }
            }
        )

        try network.call { queue in try network.core.close(id, now: network.now, into: &queue) }
        network.run(for: .seconds(1))
        #expect(peer.events.contains(.channelClosed(stream: stream)))
        #expect(
            network.events.contains {
                if case .dataConsumerClosed(peer.transport, id) = $0 { true } else { false }
            }
        )
        #expect(throws: SFUError.notFound) {
            try network.call { queue in
                try network.core.send([1], isBinary: true, on: id, now: network.now, into: &queue)
            }
        }
    }

    @Test func channelsOfTheBrowsersCloseWithTheirOwnerOrTheirTransport() throws {
        let network = try SimulatedNetwork()
        let peer = try connected(on: network)
        let streams = try (0..<2).map { number in
            try network.act(peer) { participant, queue in
                try participant.openChannel(
                    DataChannelParameters(label: "\(number)"),
                    now: network.now,
                    into: &queue
                )
            }
        }
        network.run(for: .seconds(1))
        let producers = try #require(network.events.openedProducers[peer.transport])
        #expect(producers.map(\.parameters.label) == ["0", "1"])
        network.act(peer) { participant, queue in
            participant.closeChannel(streams[0], now: network.now, into: &queue)
        }
        network.run(for: .seconds(1))
        #expect(network.events.closedProducers == [producers[0].id])
        try network.call { queue in try network.core.close(peer.transport, now: network.now, into: &queue) }
        #expect(network.events.closedProducers == producers.map(\.id))
    }

    @Test func moreChannelsThanAllowedAreRefused() throws {
        var limits = WorkerConfiguration.Limits()
        limits.dataChannelsPerTransport = 2
        let network = try SimulatedNetwork(limits: limits)
        let peer = try connected(on: network)
        for number in 0..<3 {
            _ = try network.act(peer) { participant, queue in
                try participant.openChannel(
                    DataChannelParameters(label: "\(number)"),
                    now: network.now,
                    into: &queue
                )
            }
        }
        network.run(for: .seconds(2))
        #expect(network.events.openedProducers[peer.transport]?.count == 2)
        #expect(throws: SFUError.invalidState("the transport has no room for a further channel")) {
            try network.call { queue in
                try network.core.consumeData(
                    on: peer.transport,
                    DataChannelParameters(label: "x"),
                    now: network.now,
                    into: &queue
                )
            }
        }
    }

    private func connected(on network: SimulatedNetwork) throws -> SimulatedNetwork.Peer {
        let peer = try network.join()
        #expect(network.run { peer.participant.channelsState == .connected })
        return peer
    }
}

extension [WorkerEvent] {
    var openedProducers: [TransportID: [(id: DataProducerID, parameters: DataChannelParameters)]] {
        reduce(into: [:]) { result, event in
            if case .dataProducerOpened(let transport, let id, let parameters) = event {
                result[transport, default: []].append((id, parameters))
            }
        }
    }

    var closedProducers: [DataProducerID] {
        compactMap { if case .dataProducerClosed(_, let id) = $0 { id } else { nil } }
    }

    func messages(of id: DataProducerID) -> [DataMessage] {
        compactMap { if case .dataMessage(_, id, let message) = $0 { message } else { nil } }
    }
}

extension SimulatedNetwork.Peer {
    func messages(on stream: UInt16) -> [[UInt8]] {
        events.compactMap { if case .message(stream, _, let bytes) = $0 { bytes } else { nil } }
    }
}
