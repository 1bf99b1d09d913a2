import SFU
import Testing
import Wire

/// Two microphones on one transport, and a router that passes one on at a time.
@Suite struct RouterTableTests {
    private let room: WayRoom
    private let microphones: [ProducerID]

    private static let levelID: UInt8 = 1

    init() throws {
        room = try WayRoom()
        let room = room
        microphones = try [UInt32(31), 32].map { ssrc in
            try room.core.produce(
                on: room.source.id,
                kind: .audio,
                parameters: RTPParameters(
                    codecs: [RTPCodecParameters(.opus, payloadType: 111)],
                    headerExtensions: [RTPHeaderExtensionParameters(.audioLevel, id: Self.levelID)],
                    encodings: [RTPEncodingParameters(ssrc: ssrc)]
                ),
                streamID: nil
            )
        }
    }

    @Test func aRouterIsThereUntilItIsRemoved() {
        var table = RouterTable()
        #expect(!table.contains(RouterID(5)))
        table.add(Router(RouterID(5), microphones: 1))
        table.add(Router(RouterID(6), microphones: 1))
        #expect(table.contains(RouterID(5)))
        let removed = [table.remove(RouterID(5)), table.remove(RouterID(5))]
        #expect(removed == [true, false])
        #expect(!table.contains(RouterID(5)) && table.contains(RouterID(6)))
        table.removeAll()
        #expect(!table.contains(RouterID(6)))
        #expect(table.due == Instant(nanoseconds: .max))
    }

    @Test func ofManyMicrophonesSomeArePassedOn() throws {
        var table = RouterTable()
        table.add(Router(room.router, microphones: 1))
        #expect(try passedOn(by: table) == [true, false])
        #expect(try passedOn(by: table) == [true, false])
        table.forget(microphones[0])
        try room.core.close(microphones[0])
        #expect(try passedOn(by: table) == [true], "whose place is free is another's")
    }

    @Test func anotherRoutersAreNoneOfItsBusiness() throws {
        var table = RouterTable()
        table.add(Router(RouterID(77), microphones: 0))
        #expect(try passedOn(by: table) == [true, true])
    }

    @Test func whoSpeaksIsToldOfTheRouterTheySpeakIn() throws {
        var table = RouterTable()
        table.add(Router(RouterID(77), microphones: 2))
        table.add(Router(room.router, microphones: 2))
        var events: [WorkerEvent] = []
        var now = room.now
        for sequence in UInt16(0)..<100 {
            now += .milliseconds(20)
            // A voice, with pauses as it has, and a microphone that lies about.
            try send(sequence, of: 0, level: sequence / 5 % 2 == 0 ? 20 : 100, isVoice: true)
            try send(sequence, of: 1, level: 127, isVoice: false)
            table.observe([room.source], now: now)
            endWakeUp()
            if now >= table.due { table.handleTimeout(now: now, into: &events) }
        }
        let leading = events.compactMap { event -> ProducerID? in
            guard case .activeSpeakerChanged(room.router, let producer) = event else { return nil }
            return producer
        }
        #expect(leading == [microphones[0]])
        #expect(
            events.allSatisfy {
                switch $0 {
                case .activeSpeakerChanged(let router, _), .speakingChanged(let router, _):
                    router == room.router
                default: false
                }
            }
        )
    }

    // MARK: Private

    /// Of each microphone that there still is, whether a packet is left for consumers after the routers have seen it.
    private func passedOn(by table: RouterTable) throws -> [Bool] {
        var producers: [Producer] = []
        for (index, id) in microphones.enumerated() {
            guard let producer = try? room.core.producer(id) else { continue }
            producers.append(producer)
            try send(UInt16(producer.currentStatistics().packets), of: index, level: nil)
        }
        table.observe([room.source], now: room.now)
        defer { endWakeUp() }
        return producers.map { !$0.streams[0].received.isEmpty }
    }

    private func endWakeUp() { for id in microphones { try? room.core.producer(id).endWakeUp() } }

    private func send(_ sequence: UInt16, of index: Int, level: UInt8?, isVoice: Bool = false) throws {
        let payload: [UInt8] = [1, 2, 3]
        let packet = written { out in
            RTPHeader(
                payloadType: 111,
                sequenceNumber: sequence,
                timestamp: UInt32(sequence) &* 960,
                ssrc: 31 + UInt32(index),
                payloadLength: payload.count
            ).write(hasExtensions: level != nil, into: &out)
            if let level {
                let writer = RTPHeaderExtensionWriter(&out)
                writer.append(Self.levelID, uint8: (isVoice ? 0x80 : 0) | level, to: &out)
                writer.finish(&out)
            }
            out.append(copying: payload.span.bytes)
        }
        try room.core.sendRTP(packet.span.bytes, on: room.source.id, now: room.now)
    }
}
