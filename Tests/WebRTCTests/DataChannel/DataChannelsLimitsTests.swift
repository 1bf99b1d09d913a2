import Testing
import WebRTC
import Wire

/// Bounds, restarts and ends.
@Suite struct DataChannelsLimitsTests {
    @Test func refusesMoreThanTheBuffersHold() throws {
        var link = VirtualLink()
        let stream = try link.open(DataChannelParameters(label: "a"))
        let message = [UInt8](repeating: 0, count: 262_144)
        var accepted = 0
        #expect(throws: DataChannelError.bufferFull) {
            while true {
                try link.client.send(message.span.bytes, isBinary: true, on: stream, now: link.now)
                accepted += message.count
            }
        }
        #expect(accepted == 3 * 262_144)
        #expect((accepted..<accepted + 100).contains(link.client.bufferedAmount(of: stream)))
        let small = try link.open(DataChannelParameters(label: "b"))
        var count = 0
        #expect(throws: DataChannelError.bufferFull) {
            while true {
                try link.client.send(([1] as [UInt8]).span.bytes, isBinary: true, on: small, now: link.now)
                count += 1
            }
        }
        #expect(count == 4_095)
        #expect(throws: DataChannelError.tooLong) {
            try link.client.send(
                [UInt8](repeating: 0, count: 262_145).span.bytes,
                isBinary: true,
                on: small,
                now: link.now
            )
        }
        #expect(throws: DataChannelError.notOpen) {
            try link.client.send(([1] as [UInt8]).span.bytes, isBinary: true, on: 99, now: link.now)
        }
    }

    @Test func refusesImpossibleParameters() {
        var link = VirtualLink()
        #expect(throws: DataChannelError.invalidParameters) {
            _ = try link.open(
                DataChannelParameters(label: "a", maximumRetransmits: 1, maximumPacketLifeTime: 1)
            )
        }
        #expect(throws: DataChannelError.invalidParameters) {
            _ = try link.open(DataChannelParameters(label: String(repeating: "a", count: 65_536)))
        }
    }

    @Test func opensNoMoreChannelsThanAllowed() throws {
        var link = VirtualLink.connected()
        for _ in 0..<16 { _ = try link.open(DataChannelParameters(label: "a"), from: .client) }
        for _ in 0..<16 { _ = try link.open(DataChannelParameters(label: "b"), from: .server) }
        link.run(for: .seconds(1))
        #expect(throws: DataChannelError.tooManyChannels) {
            _ = try link.open(DataChannelParameters(label: "c"), from: .client)
        }
        _ = link.takeEvents(.client)
        // Both ask for the last place at once: both are refused by the other.
        link.client.close(stream: 0, now: link.now)
        link.run(for: .seconds(1))
        _ = link.takeEvents(.client)
        _ = link.takeEvents(.server)
        #expect(try link.open(DataChannelParameters(label: "x"), from: .client) == 0)
        #expect(try link.open(DataChannelParameters(label: "y"), from: .server) == 33)
        link.run(for: .seconds(1))
        #expect(link.takeEvents(.client) == [.closed(stream: 0)])
        #expect(link.takeEvents(.server) == [.closed(stream: 33)])
    }

    @Test func stopsASenderWhoseMessagesNobodyTakes() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a"))
        link.run(for: .seconds(1))
        link.sleeper = .server
        let messages = (0..<60).map { [UInt8](repeating: $0, count: 30_000) }
        for message in messages.prefix(30) { try link.send(message, on: stream, from: .client) }
        link.run(for: .seconds(30))
        let stuck = link.client.bufferedAmount(of: stream)
        #expect(stuck > 200_000)
        let sent = link.sent[.client, default: 0]
        link.run(for: .seconds(30))
        // Only probes.
        #expect(link.client.bufferedAmount(of: stream) == stuck)
        #expect(link.sent[.client, default: 0] - sent < 20)
        link.sleeper = nil
        link.drain(.server)
        // The receiver tells at once that there is room again.
        link.run(for: .milliseconds(60))
        #expect(link.client.bufferedAmount(of: stream) < stuck)
        for message in messages.dropFirst(30) { try link.send(message, on: stream, from: .client) }
        link.run(for: .seconds(10))
        #expect(link.takeMessages(.server) == messages)
    }

    @Test func asksByItselfWhenTheNewsOfRoomIsLost() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a"))
        link.run(for: .seconds(1))
        link.sleeper = .server
        let messages = (0..<3).map { [UInt8](repeating: $0, count: 262_144) }
        for message in messages { try link.send(message, on: stream, from: .client) }
        link.run(for: .seconds(30))
        #expect(link.client.bufferedAmount(of: stream) > 0)
        link.sleeper = nil
        link.drain(.server)
        link.path.loss = 1
        link.run(for: .milliseconds(50))
        link.path.loss = 0
        link.run(for: .seconds(10))
        #expect(link.takeMessages(.server) == messages)
    }

    @Test func endsTheAssociationOfASenderOfOverlongMessages() throws {
        var link = VirtualLink(maximumMessageSize: 10_000)
        link.client.connect(now: link.now)
        let stream = try link.open(DataChannelParameters(label: "a"))
        try link.send([UInt8](repeating: 0, count: 10_000), on: stream, from: .client)
        link.run(for: .seconds(1))
        #expect(link.takeMessages(.server).count == 1)
        try link.send([UInt8](repeating: 0, count: 10_001), on: stream, from: .client)
        link.run(for: .seconds(1))
        #expect(link.takeEvents(.server).suffix(2) == [.closed(stream: stream), .stateChanged(.closed)])
        #expect(link.takeEvents(.client).suffix(2) == [.closed(stream: stream), .stateChanged(.closed)])
    }

    @Test func abortsAtOnce() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a"))
        link.run(for: .seconds(1))
        link.server.abort(now: link.now)
        link.run(for: .milliseconds(21))
        #expect(link.client.state == .closed)
        #expect(link.takeEvents(.client).suffix(2) == [.closed(stream: stream), .stateChanged(.closed)])
        #expect(link.client.pollTimeout() == nil)
        #expect(link.server.pollTimeout() == nil)
        #expect(throws: DataChannelError.notOpen) { _ = try link.open(DataChannelParameters(label: "b")) }
    }

    @Test func beginsAgainWithAPeerThatHasLostItsState() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a"))
        try link.send([1], on: stream, from: .client)
        link.run(for: .seconds(1))
        _ = link.takeEvents(.client)
        _ = link.takeEvents(.server)
        var random = RandomSource(seed: 99)
        link.server = DataChannels(isDTLSClient: false, using: &random)
        link.server.connect(now: link.now)
        link.run(for: .seconds(1))
        #expect(link.takeEvents(.client) == [.closed(stream: stream)])
        #expect(link.client.state == .connected)
        #expect(link.server.state == .connected)
        let again = try link.open(DataChannelParameters(label: "b"))
        let back = try link.open(DataChannelParameters(label: "c"), from: .server)
        try link.send([2], on: again, from: .client)
        try link.send([3], on: back, from: .server)
        link.run(for: .seconds(1))
        #expect(link.takeMessages(.server) == [[2]])
        #expect(link.takeMessages(.client) == [[3]])
    }

    @Test func reportsWhenLittleIsLeftToSend() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a"))
        link.run(for: .seconds(1))
        link.client.setBufferedAmountLowThreshold(20_000, of: stream)
        try link.send([UInt8](repeating: 0, count: 100_000), on: stream, from: .client)
        #expect(link.client.bufferedAmount(of: stream) == 100_000)
        _ = link.takeEvents(.client)
        var low: Int?
        for _ in 0..<1_000 where low == nil {
            link.run(for: .milliseconds(1))
            if link.takeEvents(.client).contains(.bufferedAmountLow(stream: stream)) {
                low = link.client.bufferedAmount(of: stream)
            }
        }
        #expect((0...20_000).contains(try #require(low)))
        link.run(for: .seconds(2))
        #expect(!link.takeEvents(.client).contains(.bufferedAmountLow(stream: stream)))
    }

    @Test func measuresTheRoundTrip() throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a"))
        for _ in 0..<10 {
            try link.send([1], on: stream, from: .client)
            link.run(for: .milliseconds(200))
        }
        #expect(link.client.statistics.roundTripTime == .milliseconds(40))
        #expect(link.client.statistics.retransmissions == 0)
    }

    @Test func keepsQuietOnAnIdleConnection() {
        var link = VirtualLink.connected()
        let before = link.sent
        link.run(for: .seconds(300))
        // A heartbeat each, and its answer, every 30 seconds.
        for side in [VirtualLink.Side.client, .server] {
            #expect((10...24).contains((link.sent[side] ?? 0) - (before[side] ?? 0)))
        }
        #expect(link.server.statistics.roundTripTime == .milliseconds(40))
    }
}
