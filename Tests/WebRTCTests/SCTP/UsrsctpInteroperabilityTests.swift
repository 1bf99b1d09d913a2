import Glibc
import Testing
import WebRTC
import Wire

/// The data channels against libusrsctp, as Firefox has it.
@Suite(.serialized) struct UsrsctpInteroperabilityTests {
    enum Opener: CaseIterable, Sendable { case both, ours, theirs }

    @Test(arguments: Opener.allCases) func connects(_ opener: Opener) {
        var pair = Pair(opener)
        defer { pair.theirs.close() }
        pair.run(milliseconds: 100)
        #expect(pair.ours.state == .connected)
        #expect(pair.theirs.isUp)
        #expect(pair.ours.statistics.rejected == 0)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func connectsOverABadPath(_ seed: UInt64) {
        var pair = Pair(Opener.allCases[Int(seed % 3)], seed: seed, loss: 0.3)
        defer { pair.theirs.close() }
        pair.run(milliseconds: 60_000)
        #expect(pair.ours.state == .connected)
        #expect(pair.theirs.isUp)
    }

    @Test func answersAChannelOpenedByThePeer() {
        var pair = Pair.connected()
        defer { pair.theirs.close() }
        let request = DCEPMessage.open(
            DCEPOpen(label: "control", subprotocol: "p", reliability: .lifetime(500))
        )
        #expect(pair.theirs.send(request.bytes, payloadProtocol: 50, on: 4))
        #expect(pair.theirs.send(Array("hé".utf8), payloadProtocol: 51, on: 4))
        #expect(pair.theirs.send([1, 2], payloadProtocol: 53, on: 4))
        #expect(pair.theirs.send([0], payloadProtocol: 56, on: 4))
        #expect(pair.theirs.send([0], payloadProtocol: 57, on: 4))
        pair.run(milliseconds: 50)
        let parameters = DataChannelParameters(label: "control", subprotocol: "p", maximumPacketLifeTime: 500)
        #expect(
            pair.takeEvents() == [
                .opened(stream: 4, parameters),
                .message(stream: 4, isBinary: false, bytes: Array("hé".utf8)),
                .message(stream: 4, isBinary: true, bytes: [1, 2]),
                .message(stream: 4, isBinary: false, bytes: []),
                .message(stream: 4, isBinary: true, bytes: []),
            ]
        )
        #expect(
            pair.theirs.messages == [.init(stream: 4, payloadProtocol: 50, isUnordered: false, bytes: [2])]
        )
    }

    @Test func opensAChannelThatThePeerAnswers() throws {
        var pair = Pair.connected()
        defer { pair.theirs.close() }
        let stream = try pair.ours.open(
            DataChannelParameters(label: "cursor", isOrdered: false, maximumRetransmits: 3),
            now: pair.now
        )
        #expect(stream == 1)
        try pair.send([1], on: stream)
        pair.run(milliseconds: 50)
        #expect(pair.theirs.send([2], payloadProtocol: 50, on: stream))
        pair.run(milliseconds: 50)
        #expect(pair.takeEvents() == [.acknowledged(stream: 1)])
        try pair.send([2], on: stream)
        pair.run(milliseconds: 50)
        let request = DCEPMessage.open(
            DCEPOpen(label: "cursor", isOrdered: false, reliability: .retransmissions(3))
        )
        #expect(
            pair.theirs.messages == [
                .init(stream: 1, payloadProtocol: 50, isUnordered: false, bytes: request.bytes),
                .init(stream: 1, payloadProtocol: 53, isUnordered: false, bytes: [1]),
                .init(stream: 1, payloadProtocol: 53, isUnordered: true, bytes: [2]),
            ]
        )
    }

    @Test(arguments: [0.0, 0.05], 1...3 as ClosedRange<UInt64>) func carriesMessagesOfAllSizesBothWays(
        _ loss: Double,
        _ seed: UInt64
    ) throws {
        var pair = Pair.connected(seed: seed)
        defer { pair.theirs.close() }
        pair.openByPeer(2, DCEPOpen(label: "a"))
        pair.loss = loss
        var random = SplitMix64(seed: seed)
        let sizes = [1, 3, 1_000, 1_119, 1_120, 1_121, 2_240, 5_000, 65_535, 200_000, 1]
        let down = sizes.map { random.bytes(count: $0) }
        let up = sizes.map { random.bytes(count: $0) }
        for (down, up) in zip(down, up) {
            try pair.send(down, on: 2)
            #expect(pair.theirs.send(up, payloadProtocol: 53, on: 2))
        }
        pair.run(milliseconds: 90_000)
        #expect(pair.theirs.messages.map(\.bytes) == down)
        #expect(pair.takeMessages() == up)
        #expect(pair.ours.statistics.rejected == 0)
    }

    @Test(arguments: [true, false], [true, false]) func skipsMessagesThatOursGivesUp(
        _ isOrdered: Bool,
        _ isTimed: Bool
    ) throws {
        var pair = Pair.connected(seed: 3)
        defer { pair.theirs.close() }
        let parameters =
            isTimed
            ? DataChannelParameters(label: "a", isOrdered: isOrdered, maximumPacketLifeTime: 50)
            : DataChannelParameters(label: "a", isOrdered: isOrdered, maximumRetransmits: 0)
        let stream = try pair.ours.open(parameters, now: pair.now)
        pair.run(milliseconds: 50)
        #expect(pair.theirs.send([2], payloadProtocol: 50, on: stream))
        pair.run(milliseconds: 50)
        pair.theirs.messages = []
        pair.loss = 0.2
        for number in UInt8(0)..<200 {
            try pair.send(
                [number] + [UInt8](repeating: 0, count: number.isMultiple(of: 8) ? 4_000 : 0),
                on: stream
            )
            pair.run(milliseconds: 10)
        }
        pair.loss = 0
        pair.run(milliseconds: 5_000)
        try pair.send([255], on: stream)
        pair.run(milliseconds: 1_000)
        let numbers = pair.theirs.messages.map(\.bytes[0])
        #expect(numbers.last == 255)
        #expect((100..<200).contains(numbers.count))
        #expect(Set(numbers).count == numbers.count)
        #expect(!isOrdered || numbers == numbers.sorted())
    }

    @Test(arguments: [true, false]) func skipsMessagesThatThePeerGivesUp(_ isOrdered: Bool) {
        var pair = Pair.connected(seed: 4)
        defer { pair.theirs.close() }
        pair.openByPeer(2, DCEPOpen(label: "a", isOrdered: isOrdered, reliability: .retransmissions(0)))
        // Its timer loses what it finds sent a moment ago by the machine's clock, which it looks at, too.
        pair.theirs.setRetransmissionTimeout(milliseconds: 20)
        pair.isInRealTime = true
        pair.loss = 0.2
        for number in UInt8(0)..<200 {
            let bytes = [number] + [UInt8](repeating: 0, count: number.isMultiple(of: 8) ? 4_000 : 0)
            #expect(
                pair.theirs.send(
                    bytes,
                    payloadProtocol: 53,
                    on: 2,
                    isUnordered: !isOrdered,
                    maximumRetransmits: 0
                )
            )
            pair.run(milliseconds: 1)
        }
        pair.loss = 0
        pair.run(milliseconds: 200)
        #expect(pair.theirs.send([255], payloadProtocol: 53, on: 2, isUnordered: !isOrdered))
        pair.run(milliseconds: 100)
        let numbers = pair.takeMessages().map(\.[0])
        #expect(numbers.last == 255)
        #expect((100..<200).contains(numbers.count))
        #expect(Set(numbers).count == numbers.count)
        #expect(!isOrdered || numbers == numbers.sorted())
    }

    @Test(arguments: [0.0, 0.2]) func closesAChannelForThePeer(_ loss: Double) throws {
        var pair = Pair.connected(seed: 5)
        defer { pair.theirs.close() }
        for round in UInt8(0)..<3 {
            pair.openByPeer(2, DCEPOpen(label: "a"))
            pair.loss = loss
            try pair.send([round], on: 2)
            #expect(pair.theirs.send([round], payloadProtocol: 53, on: 2))
            #expect(pair.theirs.reset(2))
            pair.run(milliseconds: 30_000)
            #expect(
                pair.takeEvents() == [
                    .message(stream: 2, isBinary: true, bytes: [round]), .closed(stream: 2),
                ]
            )
            #expect(pair.theirs.outgoingResets == [2])
            #expect(pair.theirs.incomingResets == [2])
            pair.loss = 0
            pair.theirs.outgoingResets = []
            pair.theirs.incomingResets = []
        }
    }

    @Test(arguments: [0.0, 0.2]) func closesAChannelOfItsOwn(_ loss: Double) throws {
        var pair = Pair.connected(seed: 6)
        defer { pair.theirs.close() }
        for round in UInt8(0)..<3 {
            let stream = try pair.ours.open(DataChannelParameters(label: "a"), now: pair.now)
            #expect(stream == 1)
            pair.loss = loss
            let message = [UInt8](repeating: round, count: 30_000)
            try pair.send(message, on: stream)
            pair.ours.close(stream: stream, now: pair.now)
            pair.run(milliseconds: 20_000)
            #expect(pair.theirs.messages.last?.bytes == message)
            // Asked again while data were missing, the peer reports once more.
            #expect(Set(pair.theirs.incomingResets) == [stream])
            #expect(pair.takeEvents() == [])
            #expect(pair.theirs.reset(stream))
            pair.run(milliseconds: 20_000)
            #expect(pair.takeEvents() == [.closed(stream: stream)])
            pair.loss = 0
            pair.theirs.incomingResets = []
        }
    }

    @Test func endsWhenThePeerShutsDown() {
        var pair = Pair.connected()
        defer { pair.theirs.close() }
        pair.openByPeer(2, DCEPOpen(label: "a"))
        pair.theirs.shutdown()
        pair.run(milliseconds: 2_000)
        #expect(pair.takeEvents() == [.closed(stream: 2), .stateChanged(.closed)])
        #expect(pair.theirs.isDown)
    }

    @Test func endsByShutdownAndByAbort() {
        for isAbort in [true, false] {
            var pair = Pair.connected()
            defer { pair.theirs.close() }
            if isAbort { pair.ours.abort(now: pair.now) } else { pair.ours.shutdown(now: pair.now) }
            pair.run(milliseconds: 2_000)
            #expect(pair.ours.state == .closed)
            #expect(pair.theirs.isDown)
        }
    }
}

/// Our channels and a peer, with a path of 1 ms that may lose packets.
private struct Pair {
    var ours: DataChannels
    let theirs = UsrsctpPeer()
    var now = Instant(nanoseconds: 1_000_000_000)
    var loss: Double
    /// Whether time passes no faster than that of the machine.
    var isInRealTime = false

    private var random: RandomSource
    private var events: [DataChannels.Event] = []

    init(_ opener: UsrsctpInteroperabilityTests.Opener, seed: UInt64 = 1, loss: Double = 0) {
        random = RandomSource(seed: seed)
        self.loss = loss
        ours = DataChannels(isDTLSClient: false, remoteMaximumMessageSize: 262_144, using: &random)
        if opener == .ours { theirs.listen() } else { theirs.connect() }
        if opener != .theirs { ours.connect(now: now) }
    }

    static func connected(seed: UInt64 = 1) -> Pair {
        var pair = Pair(.both, seed: seed)
        pair.run(milliseconds: 100)
        _ = pair.takeEvents()
        return pair
    }

    mutating func openByPeer(_ stream: UInt16, _ request: DCEPOpen) {
        #expect(theirs.send(DCEPMessage.open(request).bytes, payloadProtocol: 50, on: stream))
        run(milliseconds: 100)
        #expect(takeEvents().count == 1)
        #expect(theirs.messages.last?.bytes == [2])
        theirs.messages = []
    }

    mutating func send(_ bytes: [UInt8], on stream: UInt16) throws {
        try ours.send(bytes.span.bytes, isBinary: true, on: stream, now: now)
    }

    mutating func run(milliseconds: Int) {
        for _ in 0..<milliseconds {
            now += .milliseconds(1)
            if isInRealTime { usleep(1_000) }
            theirs.advance(milliseconds: 1)
            if let deadline = ours.pollTimeout(), deadline <= now { ours.handleTimeout(now: now) }
            let inbound = theirs.sent
            theirs.sent = []
            var outbound: [[UInt8]] = []
            while let packet = ours.nextPacket(now: now) { outbound.append(packet) }
            for packet in inbound where !isLost() { ours.handle(packet.span.bytes, now: now) }
            for packet in outbound where !isLost() { theirs.handle(packet) }
            while let event = ours.pollEvent() { events.append(event) }
        }
    }

    mutating func takeEvents() -> [DataChannels.Event] {
        defer { events = [] }
        return events
    }

    mutating func takeMessages() -> [[UInt8]] {
        takeEvents().compactMap { if case .message(_, _, let bytes) = $0 { bytes } else { nil } }
    }

    private mutating func isLost() -> Bool { Double.random(in: 0..<1, using: &random) < loss }
}
