import Access
import Appliance
import HTTPTypes
import IO
import MediasoupSignalling
import RemoteControl
import SFU
import Testing
import Wire

/// Broadcasters in a session with a Worker: what is seen of them, and that nothing is left of them.
@Suite(.timeLimit(.minutes(1))) struct BroadcastRoomTests {
    @Test func aBroadcasterIsSomebodyUntilItGoes() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada")
            let before = await room.transports()
            try await begin("film", in: room)
            #expect(await ada.people.count == 1, "it is nobody yet")
            let transport = try await transport(of: "film", in: room)
            #expect(await ada.wait { $0.people.map(\.name) == ["Ada", "film"] })
            _ = try await ask(.produce(transport: transport), Self.opus, of: "film", in: room)
            #expect(await ada.wait { $0.people.last?.audio == "on" })
            #expect(await room.transports() == before + 1)
            #expect(try await ask(.end, "{}", of: "film", in: room).status.code == 204)
            #expect(await ada.wait { $0.people.map(\.name) == ["Ada"] })
            #expect(await returns(to: before, room))
            #expect(await room.session.broadcasts?.count == 0)
        }
    }

    @Test func whoeverIsRemovedOrLosesTheRightIsGone() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada")
            let before = await room.transports()
            for end in ["remove", "setRights"] {
                try await begin("film", in: room)
                let transport = try await transport(of: "film", in: room)
                _ = try await ask(.produce(transport: transport), Self.opus, of: "film", in: room)
                #expect(await ada.wait { $0.people.count == 2 })
                let id = try #require(await ada.people.last?.id)
                ada.say(["type": end, "person": Int(id), "reason": "", "rights": ["publishOutside": false]])
                #expect(await ada.wait { $0.people.count == 1 }, "\(end)")
                #expect(await returns(to: before, room))
                await expect(404, .makeTransport, "{}", of: "film", in: room)
            }
        }
    }

    @Test func aRightThatIsLostEndsItsStreamAndNothingElse() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada")
            try await begin("film", in: room)
            let transport = try await transport(of: "film", in: room)
            _ = try await ask(.produce(transport: transport), Self.opus, of: "film", in: room)
            #expect(await ada.wait { $0.people.count == 2 })
            let producers = await room.worker.statistics().producers
            let id = try #require(await ada.people.last?.id)
            ada.say(["type": "setRights", "person": Int(id), "rights": ["speak": false]])
            for _ in 0..<2_000 where await room.worker.statistics().producers == producers {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(await room.worker.statistics().producers == producers - 1)
            #expect(await ada.people.count == 2)
            await expect(403, .produce(transport: transport), Self.opus, of: "film", in: room)
        }
    }

    @Test func theDeskIsSentToWhoeverMaySeeItInWhatTheyTake() async throws {
        try await inRoom { room in
            try await begin("screen", in: room)
            await expect(409, .makeTransport, #"{"direction":"consumer"}"#, of: "screen", in: room)
            _ = await room.desk.connect()
            let transport = try await transport(of: "screen", direction: "consumer", in: room)
            let consumer = try await ask(
                .consume(transport: transport),
                #"{"producerId":"desk-picture","rtpCapabilities":{"codecs":[\#(Self.codec("VP8", 101))]}}"#,
                of: "screen",
                in: room
            )
            let codecs = consumer.body?["rtpParameters"]?.object?["codecs"]?.array
            #expect(codecs?.first?.object?["payloadType"] == .integer(101))
            await expect(
                400,
                .consume(transport: transport),
                #"{"producerId":"desk-sound","rtpCapabilities":{"codecs":[\#(Self.codec("VP8", 101))]}}"#,
                of: "screen",
                in: room
            )
            // The other codec is made as soon as somebody takes it.
            #expect(await room.desk.nextCommand(but: .startStream(.h264)) == .startStream(.vp8))
            _ = try await ask(.end, "{}", of: "screen", in: room)
            #expect(await room.settle() == 0)
        }
    }

    @Test func whoeverMayNotIsRefusedAndLeavesNothing() async throws {
        let policy = AdmissionPolicy { _ in .admitted(.observer, [.see, .hear, .camera]) }
        try await inRoom(policy: policy) { room in
            _ = await room.desk.connect()
            try await begin("film", in: room)
            for direction in ["consumer", "producer"] {
                await expect(403, .makeTransport, #"{"direction":"\#(direction)"}"#, of: "film", in: room)
            }
            #expect(await room.settle() == 0)
            #expect(await room.session.health().people == 0)
        }
    }

    @Test func nobodyElsesTransportsAreItsOwn() async throws {
        try await inRoom { room in
            try await begin("one", in: room)
            try await begin("two", in: room)
            let first = try await transport(of: "one", in: room)
            _ = try await transport(of: "two", in: room)
            await expect(404, .produce(transport: first), Self.opus, of: "two", in: room)
            await expect(409, .begin, Self.begin("two"), of: nil, in: room)
        }
    }

    @Test func portsAreTakenFromTheRangeAndNotBeyond() async throws {
        var configuration = Configuration()
        configuration.broadcast.ports = 47_310...47_313
        try await inRoom(configuration) { room in
            try await begin("film", in: room)
            var ports: [Int64] = []
            for _ in 0..<2 {
                let made = try await ask(.makeTransport, #"{"rtcpMux":false}"#, of: "film", in: room).body
                for name in ["port", "rtcpPort"] {
                    if case .integer(let port)? = made?[name] { ports.append(port) }
                }
            }
            #expect(ports.sorted() == [47_310, 47_311, 47_312, 47_313])
            await expect(503, .makeTransport, "{}", of: "film", in: room)
        }
    }

    // MARK: The room

    static let opus = #"""
        {"kind":"audio","rtpParameters":{"codecs":[{"mimeType":"audio/opus","payloadType":100,"clockRate":48000,"channels":2}],
        "encodings":[{"ssrc":1111}]}}
        """#

    private static func codec(_ name: String, _ number: Int) -> String {
        #"{"kind":"video","mimeType":"video/\#(name)","preferredPayloadType":\#(number),"clockRate":90000}"#
    }

    private static func begin(_ name: String) -> String { #"{"peerId":"\#(name)","displayName":"\#(name)"}"# }

    private func begin(_ name: String, in room: SessionRoom) async throws {
        _ = try await ask(.begin, Self.begin(name), of: nil, in: room)
    }

    private func transport(
        of name: String,
        direction: String = "producer",
        in room: SessionRoom
    ) async throws -> String {
        let body = #"{"direction":"\#(direction)","comedia":true}"#
        let made = try await ask(.makeTransport, body, of: name, in: room)
        return try #require(made.body?["transportId"]?.text)
    }

    private func ask(
        _ action: BroadcastRoute.Action,
        _ body: String,
        of peer: String?,
        in room: SessionRoom
    ) async throws -> BroadcastReply {
        let request = try BroadcastRequest(
            BroadcastRoute(peer: peer, action: action),
            body: JSONObject(parsing: Array(body.utf8)),
            producer: nil
        )
        let broadcasts = await room.session.broadcasts
        let door = try #require(broadcasts)
        return try await door.answer(
            request,
            of: peer,
            showing: nil,
            from: NetworkShare(SocketAddress(ipv4: 0x0a00_0002, port: 0))
        )
    }

    private func expect(
        _ status: Int,
        _ action: BroadcastRoute.Action,
        _ body: String,
        of peer: String?,
        in room: SessionRoom
    ) async {
        do {
            _ = try await ask(action, body, of: peer, in: room)
            Issue.record("\(action) is done")
        } catch {
            #expect((error as? APIProblem)?.status.code == status, "\(error)")
        }
    }

    private func returns(to count: Int, _ room: SessionRoom) async -> Bool {
        for _ in 0..<2_000 where await room.transports() != count {
            try? await Task.sleep(for: .milliseconds(5))
        }
        return await room.transports() == count
    }

    private func inRoom(
        _ configuration: Configuration = Configuration(),
        policy: AdmissionPolicy = .everybody,
        _ body: (SessionRoom) async throws -> Void
    ) async throws {
        var configuration = configuration
        configuration.broadcast.isOn = true
        let room = try await SessionRoom(configuration, policy: policy)
        let result: Result<Void, any Error>
        do { result = .success(try await body(room)) } catch { result = .failure(error) }
        await room.end()
        try result.get()
    }
}
