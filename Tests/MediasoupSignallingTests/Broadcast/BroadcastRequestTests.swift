import Access
import MediasoupSignalling
import SFU
import TestSupport
import Testing
import Wire

/// Requests to the broadcaster API as scripts of both generations write them, and what is wrong with others.
@Suite struct BroadcastRequestTests {
    static let video = #"""
        {"transportId":"7","kind":"video","rtpParameters":{"codecs":[{"mimeType":"video/vp8","payloadType":101,"clockRate":90000}],
        "encodings":[{"ssrc":2222}]},"appData":{"source":"video"}}
        """#

    @Test(
        arguments: [
            ("GET", "/rooms/a", nil, .look),
            ("POST", "/rooms/a/broadcasters", nil, .begin),
            ("DELETE", "/rooms/a/broadcasters/b", "b", .end),
            ("POST", "/rooms/a/broadcasters/b/transports", "b", .makeTransport),
            ("POST", "/rooms/a/broadcasters/b/transports/7/connect", "b", .connect(transport: "7")),
            ("POST", "/rooms/a/broadcasters/b/transports/7/producers", "b", .produce(transport: "7")),
            ("POST", "/rooms/a/broadcasters/b/transports/7/consume", "b", .consume(transport: "7")),
            ("POST", "/rooms/a/broadcasters/b/producers", "b", .produce(transport: nil)),
            ("POST", "/rooms/a/broadcasters/b/consumers", "b", .consume(transport: nil)),
            ("POST", "/rooms/a/broadcasters/b/consumers/9/resume", "b", .resume(consumer: "9")),
            ("POST", "/rooms/a/broadcasters/b/join", "b", .ready),
            ("GET", "/rooms/a/broadcasters/b/peerProducersInfos", "b", .list),
        ] as [(String, String, String?, BroadcastRoute.Action)]
    )
    func routesOfBothGenerationsAreKnown(
        method: String,
        path: String,
        peer: String?,
        action: BroadcastRoute.Action
    ) throws {
        let route = try #require(BroadcastRoute(method: method, path: path[...]))
        #expect(route.peer == peer && route.action == action)
    }

    @Test(arguments: [
        ("POST", "/rooms/a"), ("GET", "/rooms/"), ("GET", "/rooms/a/b"), ("PUT", "/rooms/a/broadcasters"),
        ("POST", "/rooms/a/broadcasters/b"), ("POST", "/rooms/a/broadcasters//transports"),
        ("POST", "/rooms/a/broadcasters/b/transports/7/producers/1"), ("GET", "/rooms/a%2f"),
        ("POST", "/rooms/a/broadcasters/b/transports/7"),
        ("GET", "/" + String(repeating: "rooms/", count: 99)),
    ])
    func otherPathsAndMethodsAreNone(method: String, path: String) {
        #expect(BroadcastRoute(method: method, path: path[...]) == nil)
    }

    @Test func bothGenerationsBeginWithTheirOwnName() throws {
        let old = try request(.begin, #"{"id":"b-1","displayName":"Film","device":{"name":"FFmpeg"}}"#)
        let new = try request(.begin, #"{"peerId":"b-1","displayName":"Film","device":{}}"#)
        guard case .begin(let classic) = old, case .begin(let typed) = new else { throw JSONError.malformed }
        #expect(classic.isClassic && !typed.isClassic)
        #expect([classic.peer, typed.peer] == ["b-1", "b-1"] && classic.name == "Film")
        #expect(classic.capabilities == nil)
        let viewer = try request(
            .begin,
            #"{"id":"b","displayName":"x","rtpCapabilities":\#(Samples.capabilities)}"#
        )
        guard case .begin(let begin) = viewer else { throw JSONError.malformed }
        #expect(begin.capabilities?.of(.video).codecs.first?.codec == .vp8)
    }

    @Test func whatIsMissingHasTheUsualMeaning() throws {
        guard case .makeTransport(let transport) = try request(.makeTransport, "{}") else {
            throw JSONError.malformed
        }
        #expect(
            transport.isConsuming == nil && transport.rtcpMux && !transport.comedia && transport.srtp == nil
        )
        guard
            case .makeTransport(let sealed) = try request(
                .makeTransport,
                #"{"type":"plain","direction":"consumer","comedia":true,"rtcpMux":false,"enableSrtp":true}"#
            )
        else { throw JSONError.malformed }
        #expect(sealed.isConsuming == true && sealed.comedia && !sealed.rtcpMux)
        #expect(sealed.srtp == .aesCM128HMACSHA1_80)
    }

    @Test func aStreamIsReadWithItsTransportInThePathOrTheBody() throws {
        for route in [BroadcastRoute.Action.produce(transport: "7"), .produce(transport: nil)] {
            guard case .produce(let stream) = try request(route, Self.video) else {
                throw JSONError.malformed
            }
            #expect(stream.transport == "7" && stream.kind == .video)
            #expect(stream.parameters.encodings.first?.ssrc == 2222)
        }
    }

    @Test(
        arguments: [
            (.begin, "{}", "body.peerId is missing"),
            (.begin, #"{"peerId":"a b","displayName":"x"}"#, "body.peerId is not 1 to 64 letters"),
            (.begin, #"{"id":"a"}"#, "body.displayName is missing"),
            (.makeTransport, #"{"type":"webrtc"}"#, "body.type is not plain"),
            (.makeTransport, #"{"direction":"both"}"#, "body.direction is not producer or consumer"),
            (.makeTransport, #"{"comedia":1}"#, "body.comedia is not true or false"),
            (
                .makeTransport, #"{"enableSrtp":true,"srtpCryptoSuite":"AEAD_AES_256_GCM"}"#,
                "body.srtpCryptoSuite is not"
            ),
            (.connect(transport: "7"), "{}", "body.ip is missing"),
            (.connect(transport: "7"), #"{"ip":"127.0.0.1"}"#, "body.port is missing"),
            (.connect(transport: "7"), #"{"ip":"127.0.0.1","port":65536}"#, "body.port is not between"),
            (.produce(transport: nil), "{}", "body.transportId is missing"),
            (.produce(transport: "7"), #"{"kind":"data"}"#, "body.kind is not audio or video"),
            (.produce(transport: "7"), #"{"kind":"audio"}"#, "body.rtpParameters is missing"),
            (.consume(transport: "7"), "{}", "body.producerId is missing"),
        ] as [(BroadcastRoute.Action, String, String)]
    )
    func whatIsWrongIsSaidWithItsPlace(action: BroadcastRoute.Action, body: String, words: String) {
        do throws(MediasoupError) {
            _ = try read(action, body)
            Issue.record("\(body) is taken")
        } catch {
            #expect(error.description.hasPrefix(words), "\(error)")
        }
    }

    @Test func aStreamThatOnlyItsRidNamesIsRefused() {
        let body = #"{"kind":"video","rtpParameters":\#(Samples.camera)}"#
        do throws(MediasoupError) {
            _ = try read(.produce(transport: "7"), body)
            Issue.record("it is taken")
        } catch {
            #expect(error.description == "rtpParameters.encodings has an encoding without ssrc")
        }
    }

    @Test func nothingThatIsSentTraps() {
        var random = SplitMix64(seed: 23)
        let samples = [
            Self.video, #"{"peerId":"b","displayName":"Film","rtpCapabilities":\#(Samples.capabilities)}"#,
            #"{"ip":"127.0.0.1","port":5000,"rtcpPort":5001,"srtpParameters":{"cryptoSuite":"AEAD_AES_128_GCM","keyBase64":"AAAA"}}"#,
        ]
        let actions: [BroadcastRoute.Action] = [
            .begin, .connect(transport: "1"), .consume(transport: nil), .makeTransport,
            .produce(transport: nil),
        ]
        var read = 0
        for _ in 0..<10_000 {
            guard var bytes = samples.randomElement(using: &random).map({ Array($0.utf8) }) else { return }
            bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                Array(#"0123456789-.eE"{}[]:,antu"#.utf8).randomElement(using: &random) ?? 0
            guard let object = try? JSONObject(parsing: bytes) else { continue }
            for action in actions where (try? self.read(action, object)) != nil { read += 1 }
        }
        #expect(read > 1_000)
    }

    private func request(_ action: BroadcastRoute.Action, _ body: String) throws -> BroadcastRequest {
        try read(action, try Samples.object(body))
    }

    private func read(
        _ action: BroadcastRoute.Action,
        _ body: String
    ) throws(MediasoupError) -> BroadcastRequest {
        guard let object = try? JSONObject(parsing: Array(body.utf8)) else {
            throw MediasoupError("the test", "is wrong")
        }
        return try read(action, object)
    }

    private func read(
        _ action: BroadcastRoute.Action,
        _ body: JSONObject
    ) throws(MediasoupError) -> BroadcastRequest {
        try BroadcastRequest(BroadcastRoute(peer: "b", action: action), body: body, producer: nil)
    }
}
