import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// VP9 with three spatial and three temporal layers in one stream (L3T3_KEY), or with temporal ones alone.
@Suite struct VP9Tests {
    private struct Room {
        let network: SimulatedNetwork
        let viewer: SimulatedNetwork.Peer
        let stream: PublishedStream
        let consumer: ConsumerParameters

        init(spatialLayers: Int) throws {
            network = try SimulatedNetwork(seed: 1)
            let publisher = try network.join()
            viewer = try network.join()
            // Nothing is known of the path, so that only preferences choose layers.
            viewer.participant.sendsTransportFeedback = false
            #expect(network.connectAll())
            var parameters = PublishedStream.Parameters.camera(.vp9)
            parameters.temporalLayers = 3
            parameters.packetsPerFrame = spatialLayers
            parameters.packetsPerKeyFrame = spatialLayers
            let producer: ProducerID
            (stream, producer) = try network.publish(parameters, by: publisher)
            consumer = try network.view(producer, by: viewer)
            network.run(for: .seconds(1))
        }

        func prefer(_ spatial: Int, _ temporal: Int) throws {
            try network.core.setPreferredLayers(
                consumer.id,
                spatial: spatial,
                temporal: temporal,
                now: network.now
            )
            network.finishCall()
        }

        /// The packets of each picture.
        func pictures() throws -> [[ReceivedStream.Arrival]] {
            let received = try #require(viewer.participant.stream(consumer.ssrc))
            var pictures: [[ReceivedStream.Arrival]] = []
            for packet in received.arrivals.sorted(by: { $0.sequence < $1.sequence }) {
                if pictures.last?.last?.timestamp == packet.timestamp {
                    pictures[pictures.count - 1].append(packet)
                } else {
                    pictures.append([packet])
                }
            }
            return pictures
        }
    }

    /// Each picture ends with the marker, on the highest layer that is shown, which changes in key pictures
    /// alone; those have all layers below it, too.
    private func expectDecodable(_ pictures: [[ReceivedStream.Arrival]]) throws {
        var shown: UInt8?
        var superfluous = 0
        for picture in pictures {
            #expect(picture.map(\.isMarked) == picture.map { $0.sequence == picture.last?.sequence })
            let layers = picture.compactMap { $0.picture?.spatialLayer }
            let highest = try #require(layers.last)
            if picture[0].stamp?.isKeyFrame == true {
                #expect(layers == Array(0...highest))
                shown = highest
            } else {
                #expect(highest == shown)
                // That the lower ones are not needed shows in the first picture after a key picture.
                if layers != [highest] { superfluous += 1 }
            }
        }
        #expect(superfluous <= 1)
        for (before, after) in zip(pictures, pictures.dropFirst()) {
            #expect(after[0].sequence == before[before.count - 1].sequence + 1)
            let last = try #require(before[0].picture?.pictureID)
            let next = try #require(after[0].picture?.pictureID)
            // Pictures that are left out leave their numbers: references count them.
            #expect((1...4).contains((next &- last) & 0x7fff))
        }
    }

    @Test func spatialLayersGoUpAndDownWithKeyPictures() throws {
        let room = try Room(spatialLayers: 3)
        for layer in [2, 0, 1, 2, 1, 0, 2] {
            let keyFrames = room.stream.keyFrames
            try room.prefer(layer, 2)
            room.network.run(for: .milliseconds(1_000))
            #expect(try room.pictures().last?.last?.picture?.spatialLayer == UInt8(layer))
            let statistics = try room.network.core.consumer(room.consumer.id).currentStatistics()
            #expect(statistics.spatialLayer == layer)
            #expect(room.stream.keyFrames - keyFrames <= 1)
        }
        try expectDecodable(room.pictures())
    }

    /// A picture in layers is one encoding; what is told are the layers that anybody watches.
    @Test func theSenderIsToldWhichLayersAreWatched() throws {
        let room = try Room(spatialLayers: 3)
        for layer in [0, 2, 1] {
            try room.prefer(layer, 2)
            room.network.run(for: .milliseconds(1_500))
        }
        try room.network.core.setPaused(room.consumer.id, true, now: room.network.now)
        room.network.finishCall()
        room.network.run(for: .milliseconds(1_500))
        try room.network.core.setPaused(room.consumer.id, false, now: room.network.now)
        room.network.finishCall()
        let told = room.network.events.compactMap { event in
            if case .wantedLayersChanged(_, let wanted) = event { wanted.sorted() } else { nil }
        }
        // Less after a second, more at once; before the first time all of them are sent.
        #expect(told == [[0], [0, 1, 2], [0, 1], [], [0, 1]])
    }

    @Test(arguments: [1, 3])
    func temporalLayersGoUpAndDownWithoutKeyPictures(spatialLayers: Int) throws {
        let room = try Room(spatialLayers: spatialLayers)
        let keyFrames = room.stream.keyFrames
        var rates: [Int] = []
        for temporal in [2, 0, 1, 2, 0, 2] {
            try room.prefer(2, temporal)
            room.network.run(for: .milliseconds(200))
            let before = try room.pictures().count
            room.network.run(for: .seconds(2))
            rates.append(try room.pictures().count - before)
        }
        for (rate, expected) in zip(rates, [60, 15, 30, 60, 15, 60]) { #expect(abs(rate - expected) <= 2) }
        #expect(room.stream.keyFrames == keyFrames)
        try expectDecodable(room.pictures())
    }
}
