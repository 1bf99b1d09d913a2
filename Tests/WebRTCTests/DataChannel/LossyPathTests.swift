import Testing
import WebRTC
import Wire

/// What the channels promise over a path that loses, repeats and reorders.
@Suite struct LossyPathTests {
    static let bad = VirtualLink.Path(
        delay: .milliseconds(15),
        jitter: .milliseconds(20),
        loss: 0.1,
        duplication: 0.05
    )

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func connectsOverABadPath(_ seed: UInt64) {
        var path = Self.bad
        path.loss = 0.4
        var link = VirtualLink(seed: seed, path: path)
        link.client.connect(now: link.now)
        if seed.isMultiple(of: 2) { link.server.connect(now: link.now) }
        link.run(for: .seconds(30))
        #expect(link.client.state == .connected)
        #expect(link.server.state == .connected)
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func deliversEverythingInOrder(_ seed: UInt64) throws {
        var link = VirtualLink.connected(seed: seed, path: Self.bad)
        var random = SplitMix64(seed: seed)
        let streams = try [
            link.open(DataChannelParameters(label: "a")), link.open(DataChannelParameters(label: "b")),
        ]
        link.run(for: .seconds(5))
        var sent: [VirtualLink.Side: [UInt16: [[UInt8]]]] = [:]
        for _ in 0..<200 {
            let side = Bool.random(using: &random) ? VirtualLink.Side.client : .server
            let stream = streams[Int.random(in: 0...1, using: &random)]
            let count =
                Int.random(in: 0..<10, using: &random) == 0 ? 20_000 : Int.random(in: 0...60, using: &random)
            let message = random.bytes(count: count)
            sent[side, default: [:]][stream, default: []].append(message)
            try link.send(message, on: stream, from: side)
            link.run(for: .milliseconds(3))
        }
        link.run(for: .seconds(60))
        for side in [VirtualLink.Side.client, .server] {
            var got: [UInt16: [[UInt8]]] = [:]
            for case .message(let stream, _, let bytes) in link.takeEvents(side.other) {
                got[stream, default: []].append(bytes)
            }
            #expect(got == sent[side])
        }
        #expect(link.client.statistics.retransmissions > 0)
        #expect(link.client.statistics.rejected == 0)
        #expect(link.server.statistics.rejected == 0)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func deliversLargeMessages(_ seed: UInt64) throws {
        var link = VirtualLink.connected(seed: seed, path: Self.bad)
        var random = SplitMix64(seed: seed)
        let stream = try link.open(DataChannelParameters(label: "a", isOrdered: !seed.isMultiple(of: 2)))
        link.run(for: .seconds(2))
        let messages = [
            random.bytes(count: 262_144), random.bytes(count: 1_120), random.bytes(count: 262_143),
        ]
        for message in messages { try link.send(message, on: stream, from: .client) }
        link.run(for: .seconds(120))
        #expect(Set(link.takeMessages(.server)) == Set(messages))
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func deliversUnorderedMessagesOnceEach(
        _ seed: UInt64
    ) throws {
        var link = VirtualLink.connected(seed: seed, path: Self.bad)
        let stream = try link.open(DataChannelParameters(label: "a", isOrdered: false))
        link.run(for: .seconds(2))
        let messages = (0..<300).map { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        for message in messages {
            try link.send(message, on: stream, from: .client)
            link.run(for: .milliseconds(1))
        }
        link.run(for: .seconds(30))
        let got = link.takeMessages(.server)
        #expect(got != messages)
        #expect(
            got.sorted { $0.lexicographicallyPrecedes($1) }
                == messages.sorted { $0.lexicographicallyPrecedes($1) }
        )
    }

    @Test(arguments: [true, false], 1...4 as ClosedRange<UInt64>)
    func givesUpMessagesWithoutHoldingUpLaterOnes(
        _ isOrdered: Bool,
        _ seed: UInt64
    ) throws {
        var link = VirtualLink.connected(seed: seed)
        let stream = try link.open(
            DataChannelParameters(label: "pointer", isOrdered: isOrdered, maximumRetransmits: 0)
        )
        let reliable = try link.open(DataChannelParameters(label: "control"))
        link.run(for: .seconds(2))
        link.path.loss = 0.2
        _ = link.takeEvents(.server)
        for number in 0..<400 {
            // Every tenth is fragmented.
            let size = number.isMultiple(of: 10) ? 3_000 : 2
            try link.send(
                [UInt8(number & 0xff), UInt8(number >> 8)] + [UInt8](repeating: 0, count: size),
                on: stream,
                from: .client
            )
            if number.isMultiple(of: 20) { try link.send([UInt8(number / 20)], on: reliable, from: .client) }
            link.run(for: .milliseconds(8))
        }
        link.path.loss = 0
        link.run(for: .seconds(5))
        try link.send([0xff, 0xff], on: stream, from: .client)
        link.run(for: .seconds(1))
        var numbers: [Int] = []
        var kept: [UInt8] = []
        for case .message(let from, _, let bytes) in link.takeEvents(.server) {
            if from == stream {
                numbers.append(Int(bytes[0]) | Int(bytes[1]) << 8)
            } else {
                kept.append(bytes[0])
            }
        }
        #expect(kept == Array(0..<20))
        #expect(numbers.last == 0xffff)
        #expect((200..<400).contains(numbers.count))
        #expect(Set(numbers).count == numbers.count)
        #expect(!isOrdered || numbers == numbers.sorted())
    }

    @Test func givesUpMessagesThatAreTooOld() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a", maximumPacketLifeTime: 300))
        link.run(for: .seconds(1))
        link.path.loss = 1
        for number in UInt8(0)..<5 { try link.send([number], on: stream, from: .client) }
        link.run(for: .seconds(1))
        link.path.loss = 0
        try link.send([9], on: stream, from: .client)
        link.run(for: .seconds(5))
        #expect(link.takeMessages(.server) == [[9]])
        #expect(link.client.bufferedAmount(of: stream) == 0)
    }

    /// The rest of a fragmented message is never sent, and what the peer has of it is forgotten.
    @Test func givesUpAMessageWhoseRestIsNotSentYet() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a", maximumPacketLifeTime: 400))
        link.run(for: .seconds(1))
        try link.send([UInt8](repeating: 1, count: 200_000), on: stream, from: .client)
        link.run(for: .milliseconds(50))
        link.path.loss = 1
        link.run(for: .milliseconds(800))
        link.path.loss = 0
        try link.send([2], on: stream, from: .client)
        link.run(for: .seconds(5))
        #expect(link.takeMessages(.server) == [[2]])
    }

    @Test func repairsALostKeyPressWithinTwoHundredMilliseconds() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "control"))
        for number in UInt8(0)..<10 {
            try link.send([number], on: stream, from: .client)
            link.run(for: .milliseconds(100))
        }
        _ = link.takeEvents(.server)
        link.path.loss = 1
        try link.send([42], on: stream, from: .client)
        link.run(for: .milliseconds(1))
        link.path.loss = 0
        link.run(for: .milliseconds(199))
        #expect(link.takeMessages(.server) == [[42]])
    }

    @Test func survivesAMinuteWithoutAPath() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "control"))
        link.run(for: .seconds(1))
        link.path.loss = 1
        try link.send([1], on: stream, from: .client)
        try link.send([2], on: stream, from: .server)
        link.run(for: .seconds(60))
        link.path.loss = 0
        link.run(for: .milliseconds(3_100))
        #expect(link.takeMessages(.server) == [[1]])
        #expect(link.takeMessages(.client) == [[2]])
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func closesChannelsOverABadPath(_ seed: UInt64) throws {
        var link = VirtualLink.connected(seed: seed, path: Self.bad)
        for round in UInt8(0)..<5 {
            let stream = try link.open(DataChannelParameters(label: "a"))
            #expect(stream == 0)
            let messages = (0..<20).map { [round, $0] }
            for message in messages { try link.send(message, on: stream, from: .client) }
            link.client.close(stream: stream, now: link.now)
            link.run(for: .seconds(20))
            #expect(link.takeMessages(.server) == messages)
            #expect(link.takeEvents(.server).last == .closed(stream: stream))
            #expect(link.takeEvents(.client).last == .closed(stream: stream))
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>) func shutsDownAfterEverythingHasArrived(
        _ seed: UInt64
    ) throws {
        var link = VirtualLink.connected(seed: seed, path: Self.bad)
        let stream = try link.open(DataChannelParameters(label: "a"))
        let message = [UInt8](repeating: 7, count: 50_000)
        try link.send(message, on: stream, from: .client)
        link.client.shutdown(now: link.now)
        if seed.isMultiple(of: 2) {
            link.run(for: .milliseconds(20))
            link.server.shutdown(now: link.now)
        }
        link.run(for: .seconds(14))
        #expect(link.takeMessages(.server) == [message])
        for side in [VirtualLink.Side.client, .server] {
            #expect(link.takeEvents(side).suffix(2) == [.closed(stream: stream), .stateChanged(.closed)])
            #expect(link[side].pollTimeout() == nil)
        }
    }
}
