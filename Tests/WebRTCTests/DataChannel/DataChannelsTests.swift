import Testing
import WebRTC
import Wire

@Suite struct DataChannelsTests {
    @Test func connectsWhenOneSideAsks() {
        var link = VirtualLink()
        link.client.connect(now: link.now)
        #expect(link.client.state == .connecting)
        link.run(for: .milliseconds(81))
        #expect(link.client.state == .connected)
        #expect(link.server.state == .connected)
        #expect(link.takeEvents(.client) == [.stateChanged(.connecting), .stateChanged(.connected)])
        #expect(link.takeEvents(.server) == [.stateChanged(.connected)])
    }

    @Test func connectsWhenBothSidesAskAtOnce() throws {
        var link = VirtualLink()
        link.client.connect(now: link.now)
        link.server.connect(now: link.now)
        link.run(for: .milliseconds(200))
        #expect(link.client.state == .connected)
        #expect(link.server.state == .connected)
        let stream = try link.open(DataChannelParameters(label: "a"))
        try link.send([1, 2, 3], on: stream, from: .client)
        link.run(for: .milliseconds(100))
        #expect(link.takeMessages(.server) == [[1, 2, 3]])
    }

    @Test func tellsThePeerHowAChannelCarriesMessages() throws {
        var link = VirtualLink.connected()
        let all = [
            DataChannelParameters(label: "control", subprotocol: "x"),
            DataChannelParameters(label: "pointer", isOrdered: false, maximumRetransmits: 0),
            DataChannelParameters(label: "Ünï", maximumPacketLifeTime: 150),
        ]
        var streams: [UInt16] = []
        for parameters in all { streams.append(try link.open(parameters)) }
        #expect(streams == [0, 2, 4])
        link.run(for: .milliseconds(100))
        #expect(link.takeEvents(.server) == zip(streams, all).map { .opened(stream: $0, $1) })
        #expect(link.takeEvents(.client) == streams.map { .acknowledged(stream: $0) })
        #expect(try link.open(all[0], from: .server) == 1)
    }

    @Test func carriesTextBytesAndNothing() throws {
        var link = VirtualLink.connected()
        // Before the peer has seen the request.
        let stream = try link.open(DataChannelParameters(label: "a"))
        try link.send(Array("hé".utf8), isBinary: false, on: stream, from: .client)
        try link.send([], isBinary: false, on: stream, from: .client)
        try link.send([], isBinary: true, on: stream, from: .client)
        try link.send([0], isBinary: true, on: stream, from: .client)
        link.run(for: .milliseconds(100))
        #expect(
            link.takeEvents(.server) == [
                .opened(stream: stream, DataChannelParameters(label: "a")),
                .message(stream: stream, isBinary: false, bytes: Array("hé".utf8)),
                .message(stream: stream, isBinary: false, bytes: []),
                .message(stream: stream, isBinary: true, bytes: []),
                .message(stream: stream, isBinary: true, bytes: [0]),
            ]
        )
    }

    @Test func sendsWhatWasQueuedBeforeTheHandshake() throws {
        var link = VirtualLink()
        let stream = try link.open(DataChannelParameters(label: "early"))
        try link.send([7], on: stream, from: .client)
        link.client.connect(now: link.now)
        link.run(for: .milliseconds(200))
        #expect(link.takeMessages(.server) == [[7]])
    }

    @Test(arguments: [VirtualLink.Side.client, .server]) func closesInBothDirectionsAndUsesTheStreamAgain(
        _ closer: VirtualLink.Side
    ) throws {
        var link = VirtualLink.connected()
        let stream = try link.open(DataChannelParameters(label: "a"))
        for round in UInt8(0)..<3 {
            try link.send([round], on: stream, from: .client)
            link.run(for: .milliseconds(100))
            try link.send([round], on: stream, from: .server)
            if closer == .client {
                link.client.close(stream: stream, now: link.now)
            } else {
                link.server.close(stream: stream, now: link.now)
            }
            #expect(throws: DataChannelError.notOpen) { try link.send([0], on: stream, from: closer) }
            link.run(for: .milliseconds(200))
            #expect(link.takeMessages(.server) == [[round]])
            // The closer no longer listens; otherwise what was queued before is delivered.
            #expect(link.takeMessages(.client) == (closer == .server ? [[round]] : []))
            #expect(link.takeEvents(.client).last == .closed(stream: stream))
            #expect(link.takeEvents(.server).last == .closed(stream: stream))
            #expect(try link.open(DataChannelParameters(label: "again")) == stream)
        }
    }
}
