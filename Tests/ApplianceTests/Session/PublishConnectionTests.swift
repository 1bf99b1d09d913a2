import Access
import Appliance
import RemoteControl
import SFU
import Testing
import WebRTC
import Wire

@Suite struct PublishConnectionTests {
    @Test func anOfferIsConnectedReceivedAndAnswered() throws {
        let page = try Page(offer(["a=ssrc:1 cname:x"]))
        page.run()
        #expect(page.log == ["make", "connect", "produce camera", "answer 1"])
        #expect(page.connection.tracks["1"]?.source == .camera(ParticipantID(1)))
        page.connection.end()
        page.run()
        #expect(page.log.last == "close")
        #expect(page.connection.isClosed)
    }

    @Test func theSameOfferAgainChangesNothing() throws {
        let page = try Page(offer(["a=ssrc:1 cname:x"]))
        page.run()
        page.connection.handle(offer: try offer(["a=ssrc:1 cname:x"]))
        page.run()
        #expect(page.log.suffix(2) == ["answer 1", "answer 1"])
    }

    /// A sender that stops and starts again may choose another SSRC, with or without a section of its own.
    @Test func anotherSSRCReplacesTheStream() throws {
        let page = try Page(offer(["a=ssrc:1 cname:x"]))
        page.run()
        page.connection.handle(offer: try offer(["a=ssrc:2 cname:x"]))
        page.run()
        #expect(page.log.suffix(3) == ["stop", "produce camera", "answer 1"])
        #expect(page.connection.tracks["1"]?.media.parameters.encodings.map(\.ssrc) == [2])
    }

    @Test func whatMayNotBeSentAnyMoreIsNotReceivedAndSaidOnce() throws {
        let page = try Page(offer(["a=ssrc:1 cname:x"]))
        page.run()
        page.connection.handle(rights: Rights.all.subtracting(.camera))
        page.run()
        #expect(page.log.last == "stop")
        #expect(page.connection.tracks.isEmpty)
        page.connection.handle(offer: try offer(["a=ssrc:1 cname:x"]))
        page.run()
        #expect(page.log.last == "answer ")
        #expect(page.words == ["You may not send your camera in this room."])
    }

    /// Whatever the connection by which it comes, and before anybody is offered it; a camera is not concerned.
    @Test func aMutedMicrophoneIsNotPassedOnUntilItIsSwitchedOnAgain() throws {
        let both = try PublishOffer(parsing: recording("chromium-media"))
        let page = try Page(both)
        page.connection.setMuted(true)
        page.run()
        let silence = try #require(page.log.firstIndex(of: "silence"))
        #expect(silence < page.log.count - 1 && page.log.last?.hasPrefix("answer") == true)
        #expect(page.log.count { $0 == "silence" } == 1)
        page.connection.setMuted(false)
        page.run()
        #expect(page.log.last == "pass on")
        page.connection.setMuted(true)
        page.run()
        #expect(page.log.last == "silence")
    }

    /// The right may go while the Worker makes the producer.
    @Test func whatWasAllowedWhenItWasAskedForIsStoppedAgain() throws {
        let page = try Page(offer(["a=ssrc:1 cname:x"]))
        page.whileProducing = { $0.handle(rights: []) }
        page.run()
        #expect(page.log.suffix(2) == ["stop", "answer "])
        #expect(page.connection.tracks.isEmpty)
    }

    @Test func aSecondSectionTakesOverFromOneThatRests() throws {
        let page = try Page(offer(["a=ssrc:1 cname:x"]))
        page.run()
        let text =
            try description(["a=ssrc:1 cname:x"], direction: "inactive")
            + section(mid: "2", ["a=ssrc:3 cname:x"])
        page.connection.handle(
            offer: try PublishOffer(parsing: text.replacing("BUNDLE 0 1", with: "BUNDLE 0 1 2"))
        )
        page.run()
        #expect(page.log.suffix(3) == ["stop", "produce camera", "answer 2"])
        #expect(page.words.isEmpty)
    }

    @Test func aSecondCameraBesideTheFirstIsRefusedInWordsOnce() throws {
        let text = try description(["a=ssrc:1 cname:x"]) + section(mid: "2", ["a=ssrc:3 cname:x"])
        let offer = try PublishOffer(parsing: text.replacing("BUNDLE 0 1", with: "BUNDLE 0 1 2"))
        let page = try Page(offer)
        page.run()
        #expect(page.log.last == "answer 1")
        #expect(page.words == ["The room takes one camera a person."])
        page.connection.handle(offer: offer)
        page.run()
        #expect(page.words.count == 1)
    }

    @Test func aStreamWithoutAnnouncedSSRCIsReceivedByItsMid() throws {
        let page = try Page(offer([]))
        page.run()
        #expect(page.log == ["make", "connect", "produce camera", "answer 1"])
        let parameters = try #require(page.connection.tracks["1"]?.media.parameters)
        #expect(parameters.encodings == [RTPEncodingParameters()])
        #expect(parameters.headerExtensions.contains { $0.uri == .mid })
    }

    @Test func whatTheWorkerRefusesIsSaid() throws {
        let page = try Page(offer(["a=ssrc:1 cname:x"]))
        page.refusal = .invalidState("the SSRC is taken")
        page.run()
        #expect(page.log.last == "answer ")
        #expect(page.words.count == 1)
        #expect(page.words.first?.contains("camera") == true)
    }

    @Test func aCameraInNoCodecOfTheRoomIsSaid() throws {
        let text = try description(["a=ssrc:1 cname:x"]).replacing("VP8", with: "theora")
        let page = try Page(PublishOffer(parsing: text))
        page.run()
        #expect(page.log.last == "answer ")
        #expect(page.words.count == 1)
    }

    // MARK: Descriptions

    private func offer(_ lines: [String]) throws -> PublishOffer {
        try PublishOffer(parsing: description(lines))
    }

    private func description(_ lines: [String], direction: String = "sendonly") throws -> String {
        try recording("chromium-data").replacing("BUNDLE 0", with: "BUNDLE 0 1")
            + section(mid: "1", lines, direction: direction)
    }

    private func section(mid: String, _ lines: [String], direction: String = "sendonly") -> String {
        ([
            "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:\(mid)", "a=\(direction)",
            "a=rtcp-mux",
            "a=rtpmap:96 VP8/90000", "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
        ] + lines).joined(separator: "\r\n") + "\r\n"
    }
}

/// A connection, and a Worker that does at once what it is asked for.
private final class Page {
    let connection: PublishConnection
    var refusal: SFUError?
    var whileProducing: (PublishConnection) -> Void = { _ in }
    private(set) var log: [String] = []
    private(set) var words: [String] = []
    private let parameters: WebRTCTransportParameters
    private var ids: UInt32 = 0

    init(_ offer: PublishOffer) throws {
        connection = PublishConnection(owner: ParticipantID(1), for: offer, rights: .all)
        connection.handle(offer: offer)
        parameters = try roomTransport()
    }

    func run() {
        while let step = connection.poll() {
            var outcome = PublishConnection.Outcome.done
            switch step {
            case .answer(_, _, let accepted): log.append("answer \(accepted.sorted().joined(separator: ","))")
            case .close: log.append("close")
            case .connect:
                log.append("connect")
                outcome = .connected(true)
            case .make:
                log.append("make")
                outcome = .made(parameters)
            case .produce(let media, let source, _):
                ids += 1
                log.append("produce \(source.kind == .video ? "camera" : "microphone")")
                whileProducing(connection)
                outcome = .produced(
                    mid: media.mid,
                    refusal.map { .failure($0) } ?? .success(ProducerID(ids))
                )
            case .restartICE: outcome = .restarted(parameters.iceCredentials)
            case .say(_, let refusal): words.append(refusal.message)
            case .silence(_, let isSilent): log.append(isSilent ? "silence" : "pass on")
            case .stop: log.append("stop")
            }
            connection.handle(outcome)
        }
    }
}
