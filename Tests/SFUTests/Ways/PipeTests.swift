import SFU
import Testing
import WebRTC
import Wire

/// A pipe between two Workers' cores: a camera in three encodings on one, somebody who watches on the other.
@Suite struct PipeTests {
    private let near: WayRoom
    private let far: WayRoom
    private let packets = Recorded<DirectPacket>()

    init() throws {
        near = try WayRoom(encodings: 3, seed: 1)
        far = try WayRoom(seed: 2)
    }

    @Test func everyEncodingArrivesUnderAnSSRCOfItsOwn() throws {
        let pipe = try connected()
        let (consumer, producer) = try piped(through: pipe)
        #expect(consumer.rtp.encodings.count == 3)
        #expect(Set(consumer.rtp.encodings.compactMap(\.ssrc)).count == 3)
        #expect(consumer.rtp.encodings.allSatisfy { $0.rtxSSRC == nil && $0.rid == nil })
        #expect(consumer.rtp.codecs.map(\.payloadType) == [WayRoom.payloadType])
        #expect(consumer.rtp.codecs[0].rtcpFeedback == [.nackPLI])
        try sendKeys(pipe)
        for _ in 0..<10 { try sendAll(pipe) }
        let encodings = try far.core.producer(producer).currentStatistics().encodings
        #expect(encodings.map(\.packets) == [11, 11, 11])
        #expect(encodings.map(\.lost) == [0, 0, 0])
    }

    @Test func whoWatchesBehindItChangesBetweenThem() throws {
        let pipe = try connected()
        let (_, producer) = try piped(through: pipe)
        let viewer = try watch(producer)
        try sendKeys(pipe)
        for _ in 0..<10 { try sendAll(pipe) }
        #expect(packets.all.last?.encoding == 2)
        // A source is not asked for key frames in quick succession.
        far.run(for: .milliseconds(400))
        exchange(pipe)
        try far.core.setPreferredLayers(viewer.id, spatial: 0, temporal: nil, now: far.now)
        far.wakeUp()
        exchange(pipe)
        #expect(near.keyFrameRequests(0) > 0, "the lowest one's key frame is asked for at its source")
        try sendAll(pipe)
        #expect(packets.all.last?.encoding == 2, "until then the other one stays")
        try near.send(0, isKey: true)
        exchange(pipe)
        for _ in 0..<10 { try sendAll(pipe) }
        #expect(packets.all.last?.encoding == 0)
        let sequences = packets.all.map(\.header.sequenceNumber)
        #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $1 == $0 &+ 1 }, "one unbroken stream")
    }

    /// Even of somebody who comes when all is quiet, and everything has arrived at the other end.
    @Test func aKeyFrameThatIsAskedForBehindItIsAskedForAtItsSource() throws {
        let pipe = try connected()
        let (_, producer) = try piped(through: pipe)
        let viewer = try watch(producer)
        try sendKeys(pipe)
        for _ in 0..<10 { try sendAll(pipe) }
        for _ in 0..<2 {
            run(pipe, for: .milliseconds(1_500))
            let before = (0..<3).map { near.keyFrameRequests($0) }
            try far.core.requestKeyFrame(viewer.id, now: far.now)
            far.wakeUp()
            exchange(pipe)
            let asked = (0..<3).map { near.keyFrameRequests($0) - before[$0] }
            #expect(asked == [0, 0, 1], "of the one on show")
            try sendKeys(pipe)
        }
    }

    /// The request may be lost, and of a picture that is still nothing else comes that anybody could go by.
    @Test(arguments: [true, false])
    func aKeyFrameThatIsAskedForInVainIsAskedForAgain(hasBegun: Bool) throws {
        let pipe = try connected()
        let (_, producer) = try piped(through: pipe)
        let viewer = try watch(producer)
        if hasBegun {
            try sendKeys(pipe)
            run(pipe, for: .seconds(3))
        }
        try far.core.requestKeyFrame(viewer.id, now: far.now)
        far.wakeUp()
        let lost = pipe.far.outbox.drain().filter(\.isRTCP)
        #expect(!lost.isEmpty)
        let before = (0..<3).map { near.keyFrameRequests($0) }
        run(pipe, for: .seconds(1))
        let asked = (0..<3).map { near.keyFrameRequests($0) - before[$0] }
        #expect(asked[hasBegun ? 2 : 0] >= 2, "and so may be the answer")
        try sendKeys(pipe)
        #expect(packets.all.last?.startsKeyFrame == true)
        let after = (0..<3).map { near.keyFrameRequests($0) }
        run(pipe, for: .seconds(3))
        #expect((0..<3).map { near.keyFrameRequests($0) } == after, "until it has come")
    }

    @Test func reportsGoBothWays() throws {
        let pipe = try connected()
        let (consumer, producer) = try piped(through: pipe)
        _ = try watch(producer)
        try sendKeys(pipe)
        for _ in 0..<300 {
            try sendAll(pipe)
            run(pipe, for: .milliseconds(10))
        }
        let statistics = try near.core.pipeStatistics(consumer.id)
        #expect(statistics.count == 3)
        #expect(statistics.allSatisfy { $0.roundTripTime != nil && $0.fractionLost == 0 })
    }

    @Test func whatTheWayLosesIsRepairedIfThatWasAgreed() throws {
        let pipe = try connected(PipeTransportOptions(enablesRTX: true))
        let (consumer, producer) = try piped(through: pipe)
        #expect(consumer.rtp.codecs[0].rtcpFeedback == [.nack, .nackPLI])
        _ = try watch(producer)
        try sendKeys(pipe)
        for _ in 0..<5 { try sendAll(pipe) }
        let before = packets.all.count
        // The highest encoding's next packet is lost.
        try near.send(2)
        _ = pipe.near.outbox.drain()
        for _ in 0..<10 {
            try sendAll(pipe)
            near.run(for: .milliseconds(20))
            far.run(for: .milliseconds(20))
            exchange(pipe)
        }
        #expect(packets.all.count == before + 11)
        #expect(Set(packets.all.map(\.header.sequenceNumber)).count == packets.all.count)
        #expect(try far.core.producer(producer).currentStatistics().encodings[2].recovered == 1)
    }

    @Test(arguments: [SRTPCryptoSuite.aeadAES128GCM, .aesCM128HMACSHA1_80])
    func itMayBeSealed(suite: SRTPCryptoSuite) throws {
        let pipe = try connected(PipeTransportOptions(srtpCryptoSuite: suite))
        let (_, producer) = try piped(through: pipe)
        try sendKeys(pipe)
        for _ in 0..<10 { try sendAll(pipe) }
        #expect(try far.core.producer(producer).currentStatistics().encodings.map(\.packets) == [11, 11, 11])
        // Another pipe's key.
        let other = try connected(PipeTransportOptions(srtpCryptoSuite: suite))
        let before = other.far.currentStatistics().packetsRejected
        try near.send(0)
        let sealed = pipe.near.outbox.drain()
        #expect(!sealed.isEmpty)
        for datagram in sealed { far.deliver(datagram.bytes, to: other.far, from: Self.nearAddress) }
        #expect(other.far.currentStatistics().packetsRejected == before + UInt64(sealed.count))
    }

    @Test func pausedItSendsNothingAndGoesOnWithAKeyFrame() throws {
        let pipe = try connected()
        let (consumer, producer) = try piped(through: pipe)
        try sendKeys(pipe)
        try near.core.setPaused(consumer.id, true, now: near.now)
        for _ in 0..<5 { try sendAll(pipe) }
        #expect(try far.core.producer(producer).currentStatistics().packets == 3)
        let before = (0..<3).map { near.keyFrameRequests($0) }
        try near.core.setPaused(consumer.id, false, now: near.now)
        near.run(for: .milliseconds(500))
        #expect((0..<3).allSatisfy { near.keyFrameRequests($0) > before[$0] })
        try sendAll(pipe)
        #expect(try far.core.producer(producer).currentStatistics().packets == 3)
        try sendKeys(pipe)
        #expect(try far.core.producer(producer).currentStatistics().packets == 6)
        try near.core.close(consumer.id)
        try sendKeys(pipe)
        #expect(try far.core.producer(producer).currentStatistics().packets == 6)
        #expect(throws: SFUError.notFound) { try near.core.close(consumer.id) }
    }

    @Test func onlyEncodingsThatAreWantedBehindItGoThroughIt() throws {
        let pipe = try connected()
        let (consumer, producer) = try piped(through: pipe)
        func arrived() throws -> [UInt64] {
            try far.core.producer(producer).currentStatistics().encodings.map(\.packets)
        }
        try sendKeys(pipe)
        #expect(try arrived() == [1, 1, 1], "all, until it is said")
        try near.core.setWantedEncodings(consumer.id, [1, 7], now: near.now)
        for _ in 0..<5 { try sendAll(pipe) }
        #expect(try arrived() == [1, 6, 1])

        near.run(for: .milliseconds(500))
        let before = near.keyFrameRequests(2)
        try near.core.setWantedEncodings(consumer.id, [1, 2], now: near.now)
        near.run(for: .milliseconds(500))
        #expect(near.keyFrameRequests(2) > before)
        try sendAll(pipe)
        #expect(try arrived() == [1, 7, 1], "not before its key frame")
        try sendKeys(pipe)
        #expect(try arrived() == [1, 8, 2])
        let encodings = try far.core.producer(producer).currentStatistics().encodings
        #expect(encodings.map(\.lost) == [0, 0, 0], "one unbroken stream")
    }

    @Test func whatIsPausedStaysSoWhateverIsWanted() throws {
        let pipe = try connected()
        let (consumer, producer) = try piped(through: pipe)
        try near.core.setPaused(consumer.id, true, now: near.now)
        try near.core.setWantedEncodings(consumer.id, [0], now: near.now)
        try sendKeys(pipe)
        #expect(try far.core.producer(producer).currentStatistics().packets == 0)
        try near.core.setPaused(consumer.id, false, now: near.now)
        try sendKeys(pipe)
        #expect(
            try far.core.producer(producer).currentStatistics().encodings.map(\.packets) == [1, 0, 0]
        )
        #expect(throws: SFUError.notFound) {
            try near.core.setWantedEncodings(ConsumerID(.max), [0], now: near.now)
        }
    }

    @Test func itEndsWithItsProducer() throws {
        let pipe = try connected()
        let (consumer, _) = try piped(through: pipe)
        try near.core.close(near.producer)
        #expect(throws: SFUError.notFound) { try near.core.setPaused(consumer.id, true, now: near.now) }
    }

    @Test func nonsenseIsCountedAndDropped() throws {
        let pipe = try connected()
        let (_, producer) = try piped(through: pipe)
        try sendKeys(pipe)
        try near.send(0)
        let packet = try #require(pipe.near.outbox.drain().first?.bytes)
        let before = pipe.far.currentStatistics()
        var random = SplitMix64(seed: 8)
        var injected: UInt64 = 0
        func inject(_ bytes: [UInt8], from source: SocketAddress) {
            far.deliver(bytes, to: pipe.far, from: source)
            injected += 1
        }
        inject(packet, from: SocketAddress(ipv4: 0x7f00_0001, port: 9))
        for length in 0..<12 { inject(Array(packet[..<length]), from: Self.nearAddress) }
        for round in 0..<1_000 {
            var bytes = (0..<Int.random(in: 2...1_600, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            // What begins like SCTP, too.
            if round % 2 == 0 { bytes.replaceSubrange(0..<2, with: [0x13, 0x88]) }
            inject(bytes, from: Self.nearAddress)
        }
        let after = pipe.far.currentStatistics()
        #expect(after.packetsRejected - before.packetsRejected > injected * 95 / 100)
        far.deliver(packet, to: pipe.far, from: Self.nearAddress)
        #expect(try far.core.producer(producer).currentStatistics().encodings[0].packets == 2)
    }

    // MARK: Private

    private struct Ends {
        var near: PipeTransport
        var far: PipeTransport
    }

    private static let nearAddress = SocketAddress(ipv4: 0x7f00_0001, port: 7_001)
    private static let farAddress = SocketAddress(ipv4: 0x7f00_0001, port: 7_002)

    private func connected(_ options: PipeTransportOptions = PipeTransportOptions()) throws -> Ends {
        let pipe = Ends(near: try near.makePipe(options), far: try far.makePipe(options))
        try near.core.connect(
            pipe.near,
            to: Self.farAddress,
            from: Self.nearAddress,
            srtp: pipe.far.srtp,
            now: near.now
        )
        try far.core.connect(
            pipe.far,
            to: Self.nearAddress,
            from: Self.farAddress,
            srtp: pipe.near.srtp,
            now: far.now
        )
        exchange(pipe)
        return pipe
    }

    private func piped(through pipe: Ends) throws -> (ConsumerParameters, ProducerID) {
        let consumer = try near.core.pipe(near.producer, on: pipe.near.id, isPaused: false, now: near.now)
        let producer = try far.core.produce(
            on: pipe.far.id,
            kind: consumer.kind,
            parameters: consumer.rtp,
            streamID: consumer.streamID
        )
        return (consumer, producer)
    }

    private func watch(_ producer: ProducerID) throws -> ConsumerParameters {
        let packets = packets
        let reader = DirectReader(rtp: { described, _ in packets.append(described) })
        let transport = try far.core.makeDirectTransport(on: far.router, reader: reader, now: far.now)
        return try far.consume(producer, on: transport.id)
    }

    private func sendKeys(_ pipe: Ends) throws {
        for encoding in 0..<3 { try near.send(encoding, isKey: true) }
        exchange(pipe)
    }

    private func sendAll(_ pipe: Ends) throws {
        for encoding in 0..<3 { try near.send(encoding) }
        exchange(pipe)
    }

    /// Lets time go by at both ends.
    private func run(_ pipe: Ends, for interval: Interval) {
        let end = near.now + interval
        while near.now < end {
            near.run(for: .milliseconds(10))
            far.run(for: .milliseconds(10))
            exchange(pipe)
        }
    }

    /// Carries what waits at either end to the other one, until nothing does.
    private func exchange(_ pipe: Ends) {
        for _ in 0..<20 {
            let there = pipe.near.outbox.drain()
            for datagram in there { far.deliver(datagram.bytes, to: pipe.far, from: Self.nearAddress) }
            let back = pipe.far.outbox.drain()
            for datagram in back { near.deliver(datagram.bytes, to: pipe.near, from: Self.farAddress) }
            if there.isEmpty, back.isEmpty { return }
        }
    }
}
