import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A browser that publishes three encodings of its camera, and viewers of each.
@Suite struct SimulcastTests {
    @Test(arguments: [SyntheticCodec.vp8, .h264])
    func aViewerGetsTheHighestEncodingOfThose(codec: SyntheticCodec) throws {
        let room = try SimulcastRoom(codec)
        let consumer = try room.view()
        room.network.run(for: .seconds(3))
        let received = try room.received(consumer)
        expectDecodable(received)
        #expect(received.arrivals.last?.stamp?.encoding == 2)
        let statistics = try room.network.core.producer(room.producer).currentStatistics(
            now: room.network.now
        )
        #expect(statistics.encodings.map(\.rid) == ["q", "h", "f"])
        for (encoding, stream) in zip(statistics.encodings, room.streams) {
            #expect(encoding.ssrc == stream.parameters.ssrc)
            #expect(stream.packets - Int(encoding.packets) < 10)
            #expect(encoding.lost == 0)
            #expect(encoding.restarts == 0)
        }
        let bitrates = statistics.encodings.map { $0.bitrates.last ?? 0 }
        #expect(bitrates[0] * 3 / 2 < bitrates[1] && bitrates[1] * 5 / 4 < bitrates[2])
        if codec == .vp8 {
            #expect(statistics.encodings.map(\.bitrates.count) == [3, 3, 3])
            let layers = statistics.encodings[2].bitrates
            #expect(layers[0] * 3 / 2 < layers[1] && layers[1] * 3 / 2 < layers[2])
        }
    }

    @Test func eachViewerGetsTheEncodingThatItPrefers() throws {
        let room = try SimulcastRoom()
        let consumers = try (0..<3).map { encoding in
            let consumer = try room.view(by: try room.join())
            try room.prefer(encoding, of: consumer)
            return consumer
        }
        room.network.run(for: .seconds(3))
        for (encoding, consumer) in consumers.enumerated() {
            let received = try room.received(consumer)
            expectDecodable(received)
            #expect(received.arrivals.last?.stamp?.encoding == UInt8(encoding))
            let statistics = try room.network.core.consumer(consumer.id).currentStatistics()
            #expect(statistics.spatialLayer == encoding)
            #expect(statistics.temporalLayer == 2)
        }
    }

    /// Up and down and up again: always within a round trip to the camera, and never without a picture.
    @Test(
        arguments: [SyntheticCodec.vp8, .h264],
        [(0.0, 1)] + (1...20).map { (0.03, UInt64($0)) }
    )
    func aSwitchNeitherFreezesNorJumpsBack(codec: SyntheticCodec, run: (loss: Double, seed: UInt64)) throws {
        let loss = run.loss
        let room = try SimulcastRoom(codec, seed: run.seed)
        let consumer = try room.view()
        room.network.run(for: .seconds(2))
        room.publisher.up.loss = loss
        room.viewer.down.loss = loss
        for encoding in [0, 2, 1, 0, 1, 2, 0, 2] {
            try room.prefer(encoding, of: consumer)
            let arrived = room.network.run(limit: .milliseconds(loss > 0 ? 900 : 150)) {
                room.viewer.participant.stream(consumer.ssrc)?.arrivals.last?.stamp?.encoding
                    == UInt8(encoding)
            }
            #expect(arrived)
            room.network.run(for: .milliseconds(1_300))
        }
        room.publisher.up.loss = 0
        room.viewer.down.loss = 0
        room.network.run(for: .seconds(1))
        let received = try room.received(consumer)
        expectDecodable(received, longestFreeze: .milliseconds(loss > 0 ? 350 : 70), loses: loss > 0)
        #expect(received.statistics.keyFrameRequestsSent == 0)
        // The clock goes on as that of the pictures does.
        let frames = frames(of: received)
        for (before, after) in zip(frames, frames.dropFirst()) {
            let made = Double((after.stamp.sent - before.stamp.sent).nanoseconds) / 1e9
            #expect(abs(Double(after.timestamp &- before.timestamp) / 90_000 - made) < 0.002)
        }
    }

    /// The viewer goes to and fro faster than key frames come (a source of frozen pictures elsewhere).
    @Test func preferencesMayChangeFasterThanKeyFramesCome() throws {
        let room = try SimulcastRoom()
        let consumer = try room.view()
        room.network.run(for: .seconds(2))
        for round in 0..<200 {
            try room.prefer(round * 7 % 3, temporal: round % 4, of: consumer)
            room.network.run(for: .milliseconds(Int64(round % 9) * 10))
        }
        try room.prefer(2, of: consumer)
        room.network.run(for: .seconds(1))
        let received = try room.received(consumer)
        expectDecodable(received, longestFreeze: .milliseconds(150))
        #expect(received.arrivals.last?.stamp?.encoding == 2)
    }

    @Test func whenTheBrowserStopsAnEncodingTheNextLowerTakesItsPlace() throws {
        let room = try SimulcastRoom()
        let consumer = try room.view()
        room.network.run(for: .seconds(2))
        room.streams[2].isActive = false
        room.network.run(for: .seconds(2))
        var received = try room.received(consumer)
        expectDecodable(received, longestFreeze: .milliseconds(700))
        #expect(received.arrivals.last?.stamp?.encoding == 1)
        room.streams[2].isActive = true
        room.network.run(for: .seconds(1))
        received = try room.received(consumer)
        expectDecodable(received, longestFreeze: .milliseconds(700))
        #expect(received.arrivals.last?.stamp?.encoding == 2)
        // Nothing lower is sent: the least of those above serves.
        for stream in room.streams[0...1] { stream.isActive = false }
        try room.prefer(0, of: consumer)
        room.network.run(for: .seconds(2))
        received = try room.received(consumer)
        #expect(received.arrivals.last?.stamp?.encoding == 2)
        expectDecodable(received, longestFreeze: .milliseconds(700))
    }

    /// A camera that sends nothing at all has stopped no encoding.
    @Test func aStillCameraStaysWhereItIs() throws {
        let room = try SimulcastRoom()
        let consumer = try room.view()
        room.network.run(for: .seconds(2))
        let keyFrames = room.streams.map(\.keyFrames)
        for stream in room.streams { stream.isStill = true }
        room.network.run(for: .seconds(3))
        for stream in room.streams { stream.isStill = false }
        room.network.run(for: .seconds(1))
        #expect(room.streams.map(\.keyFrames) == keyFrames)
        #expect(try room.received(consumer).arrivals.last?.stamp?.encoding == 2)
    }

    @Test(arguments: [0, 2])
    func anEncodingThatBeginsAnewWithOtherNumbersIsRecognised(encoding: Int) throws {
        let room = try SimulcastRoom()
        let consumer = try room.view()
        try room.prefer(encoding, of: consumer)
        room.network.run(for: .seconds(2))
        room.publisher.up.jitter = .milliseconds(40)
        room.streams[encoding].restart(ssrc: 0x9000, sequence: 17)
        room.network.run(for: .seconds(2))
        room.publisher.up.jitter = .zero
        room.network.run(for: .milliseconds(300))
        let received = try room.received(consumer)
        #expect(received.arrivals.last?.stamp?.encoding == UInt8(encoding))
        let statistics = try room.network.core.producer(room.producer).currentStatistics().encodings[encoding]
        #expect(statistics.ssrc == 0x9000)
        #expect(statistics.restarts == 1)
        // What the former one had on its way is lost.
        expectDecodable(received, longestFreeze: .milliseconds(200), loses: true)
        // Its repair stream is the new one, too.
        room.publisher.up.loss = 0.05
        room.network.run(for: .seconds(3))
        room.publisher.up.loss = 0
        room.network.run(for: .seconds(1))
        #expect(
            try room.network.core.producer(room.producer).currentStatistics().encodings[encoding].recovered
                > 1
        )
        expectDecodable(try room.received(consumer), longestFreeze: .milliseconds(350), loses: true)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func lossIsRepairedOnTheWayInAndOnTheWayOutInEveryEncoding(seed: UInt64) throws {
        let room = try SimulcastRoom(seed: seed)
        let consumers = try (0..<3).map { encoding in
            let consumer = try room.view(by: try room.join())
            try room.prefer(encoding, temporal: 2 - encoding, of: consumer)
            return consumer
        }
        room.network.run(for: .seconds(2))
        for peer in room.network.peers { (peer.up.loss, peer.down.loss) = (0.05, 0.05) }
        room.network.run(for: .seconds(8))
        for peer in room.network.peers { (peer.up.loss, peer.down.loss) = (0, 0) }
        room.network.run(for: .seconds(1))
        let statistics = try room.network.core.producer(room.producer).currentStatistics()
        for encoding in statistics.encodings { #expect(encoding.recovered > 2) }
        for consumer in consumers {
            let received = try room.received(consumer)
            #expect(received.statistics.recovered > 2)
            #expect(received.statistics.duplicates == 0)
            // The base layer alone comes every 133 ms, what is lost of it shows with the next frame, and the
            // receiver asks again after 100 ms: what was lost twice comes after 391 ms.
            expectDecodable(received, longestFreeze: .milliseconds(500), loses: true)
        }
    }

    @Test func temporalLayersAreDroppedAtOnceAndComeBackWithoutAKeyFrame() throws {
        let room = try SimulcastRoom()
        let consumer = try room.view()
        room.network.run(for: .seconds(2))
        let keyFrames = room.streams.map(\.keyFrames)
        var rates: [Int] = []
        for temporal in [0, 1, 2, 0, 2] {
            try room.prefer(2, temporal: temporal, of: consumer)
            room.network.run(for: .milliseconds(200))
            let before = frames(of: try room.received(consumer)).count
            room.network.run(for: .seconds(2))
            rates.append(frames(of: try room.received(consumer)).count - before)
        }
        expectDecodable(try room.received(consumer), longestFreeze: .milliseconds(140))
        for (rate, expected) in zip(rates, [15, 30, 60, 15, 60]) { #expect(abs(rate - expected) <= 2) }
        #expect(room.streams.map(\.keyFrames) == keyFrames)
    }

    @Test func changesAreTold() throws {
        let room = try SimulcastRoom()
        let consumer = try room.view()
        room.network.run(for: .seconds(2))
        try room.prefer(0, of: consumer)
        room.network.run(for: .milliseconds(500))
        #expect(room.layersTold(consumer).last == [0, 2])
        #expect(room.wantedTold == [[2], [0, 2]])
        room.network.run(for: .milliseconds(1_000))
        #expect(room.wantedTold.last == [0])
        // At once, where one is added.
        try room.prefer(1, of: consumer)
        room.network.finishCall()
        #expect(room.wantedTold.last == [0, 1])
        room.network.run(for: .seconds(2))
        #expect(room.wantedTold.last == [1])
        #expect(room.layersTold(consumer).last == [1, 2])
        try room.network.core.setPaused(consumer.id, true, now: room.network.now)
        room.network.run(for: .seconds(2))
        #expect(room.wantedTold.last == [])
        let told = room.wantedTold.count
        room.network.run(for: .seconds(5))
        #expect(room.wantedTold.count == told)
    }

    /// The path's share, apart from what the receiver wants.
    @Test func whatThePathCarriesBoundsWhatIsPreferred() throws {
        let room = try SimulcastRoom()
        // Without it nobody but the test says what the path carries.
        room.viewer.participant.sendsTransportFeedback = false
        let consumer = try room.view()
        room.network.run(for: .seconds(2))
        let sending = try room.network.core.consumer(consumer.id)
        sending.setTarget(spatial: 0, temporal: 1, now: room.network.now)
        room.network.run(for: .seconds(1))
        #expect(room.layersTold(consumer).last == [0, 1])
        sending.setTarget(spatial: nil, temporal: nil, now: room.network.now)
        room.network.run(for: .milliseconds(100))
        let paused = try room.received(consumer).arrivals.count
        #expect(room.layersTold(consumer).last == [])
        room.network.run(for: .seconds(1))
        #expect(try room.received(consumer).arrivals.count == paused)
        sending.setTarget(spatial: 2, temporal: nil, now: room.network.now)
        room.network.run(for: .seconds(1))
        #expect(room.layersTold(consumer).last == [2, 2])
        let received = try room.received(consumer)
        #expect(received.arrivals[paused].stamp?.isKeyFrame == true)
        expectDecodable(received, longestFreeze: .milliseconds(1_300))
    }

    @Test func encodingsThatCannotBeToldApartAreRefused() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        func produce(_ encodings: [RTPEncodingParameters], _ kind: MediaKind = .video) throws {
            var parameters = RTPParameters.simulcast(PublishedStream.Parameters.simulcast())
            parameters.encodings = encodings
            _ = try network.core.produce(
                on: peer.transport,
                kind: kind,
                parameters: parameters,
                streamID: nil
            )
        }
        let same = RTPEncodingParameters(rid: "a")
        #expect(throws: SFUError.self) { try produce([same, same]) }
        #expect(throws: SFUError.self) { try produce([]) }
        #expect(throws: SFUError.self) { try produce([same, RTPEncodingParameters()]) }
        #expect(throws: SFUError.self) { try produce((0..<5).map { RTPEncodingParameters(rid: "\($0)") }) }
        try produce([same, RTPEncodingParameters(rid: "b")])
    }
}
