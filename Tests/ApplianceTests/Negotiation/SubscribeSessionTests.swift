import Appliance
import SFU
import Testing
import WebRTC
import Wire

@Suite struct SubscribeSessionTests {
    @Test func theOfferHasTheDataChannelsFirstAndASectionForEachSlot() throws {
        var session = try SubscribeSession(transport: roomTransport())
        let picture = session.add(.video, streamID: "desk", trackID: "picture")
        let sound = session.add(.audio, streamID: "desk-sound", trackID: "sound")
        let made = session.offer()
        #expect(made.id == 1)
        let offer = try SessionDescription(parsing: made.sdp)
        #expect(offer.attributes.has("ice-lite"))
        #expect(offer.attributes.has("extmap-allow-mixed"))
        #expect(offer.attributes.first("group") == "BUNDLE 0 1 2")
        #expect(offer.media.map(\.kind) == ["application", "video", "audio"])
        #expect(offer.media.compactMap { $0.attributes.first("mid") } == ["0", picture.mid, sound.mid])
        #expect(offer.media.allSatisfy { $0.attributes.first("setup") == "actpass" })
        let video = offer.media[1].attributes
        let rtx = try #require(picture.rtxSSRC)
        #expect(offer.media[1].formats == ["102", "103", "96", "97"])
        #expect(video.has("sendonly"))
        #expect(video.first("msid") == "desk picture")
        #expect(video.first("ssrc-group") == "FID \(picture.ssrc) \(rtx)")
        #expect(video.all("ssrc").contains("\(picture.ssrc) cname:desk"))
        #expect(video.all("ssrc").contains("\(rtx) cname:desk"))
        #expect(
            video.all("fmtp") == [
                "102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", "103 apt=102",
                "97 apt=96",
            ]
        )
        #expect(sound.rtxSSRC == nil)
        #expect(offer.media[2].attributes.first("rtpmap") == "111 opus/48000/2")
    }

    @Test(arguments: [(RTPCodec.vp9, ["98", "99"]), (.av1, ["45", "46"])])
    func aRoomOfOtherCamerasOffersTheirCodecBehindTheDesks(_ codec: RTPCodec, _ formats: [String]) throws {
        let codecs = RoomCodecs(cameras: codec)
        var session = try SubscribeSession(transport: roomTransport(), codecs: codecs)
        _ = session.add(.video, streamID: "desk", trackID: "picture")
        _ = session.add(.audio, streamID: "desk-sound", trackID: "sound")
        let offer = try SessionDescription(parsing: session.offer().sdp).media[1]
        #expect(offer.formats == ["102", "103", "96", "97"] + formats)
        #expect(offer.attributes.all("rtpmap").contains("\(formats[0]) \(codec.rawValue)/90000"))
        #expect(offer.attributes.all("fmtp").contains("\(formats[1]) apt=\(formats[0])"))
        let extensions = offer.attributes.all("extmap")
        let descriptor = "6 \(RTPHeaderExtensionURI.dependencyDescriptor.rawValue)"
        #expect(extensions.contains(descriptor) == (codec == .av1))

        // What the browser says to it: Chromium repeats format and extension.
        let text = try recording("chromium-answer")
            .replacing("SAVPF 102 103 96 97", with: "SAVPF 102 103 96 97 \(formats[0]) \(formats[1])")
            .replacing(
                "a=fmtp:97 apt=96\r\n",
                with: "a=fmtp:97 apt=96\r\na=rtpmap:\(formats[0]) \(codec.rawValue)/90000\r\n"
                    + "a=extmap:\(descriptor)\r\n"
                    + "a=rtpmap:\(formats[1]) rtx/90000\r\na=fmtp:\(formats[1]) apt=\(formats[0])\r\n"
            )
        let accepted = try #require(session.read(text, id: 1).accepted["1"])
        // The desk goes on in H.264.
        #expect(accepted.codecs.map(\.codec) == [.h264, .rtx, .vp8, .rtx, codec, .rtx])
        #expect(
            accepted.headerExtensions.contains { $0.uri == .dependencyDescriptor } == (codec == .av1)
        )
        // In a room without it the format is nobody's.
        let plain = try offeredSession()
        #expect(try plain.read(text, id: 1).accepted["1"]?.codecs.count == 4)
    }

    @Test func chromiumTakesH264AndEveryExtension() throws {
        let session = try offeredSession()
        let answer = try session.read(recording("chromium-answer"), id: 1)
        #expect(answer.dtls.role == .client)
        #expect(answer.ice.usernameFragment == "xcOo")
        #expect(answer.sctp?.maximumMessageSize == 262_144)
        #expect(answer.codec(of: "1") == .h264)
        let video = try #require(answer.accepted["1"])
        #expect(video.codecs.map(\.payloadType) == [102, 103, 96, 97])
        #expect(video.codecs[0].rtcpFeedback == Set(RTCPFeedbackType.allCases))
        #expect(Set(video.headerExtensions) == Set(RoomCodecs().headerExtensions(of: .video)))
        #expect(answer.codec(of: "2") == .opus)
    }

    @Test func firefoxWithoutItsPlugInTakesVP8() throws {
        let session = try offeredSession()
        let answer = try session.read(recording("firefox-answer"), id: 1)
        #expect(answer.codec(of: "1") == .vp8)
        #expect(answer.accepted["1"]?.codecs.map(\.payloadType) == [96, 97])
        // Firefox marks it `4/recvonly`: what the room sends.
        #expect(
            answer.accepted["1"]?.headerExtensions.contains(
                RTPHeaderExtensionParameters(.playoutDelay, id: 4)
            ) == true
        )
        // It does not take the sending time with sound.
        #expect(answer.accepted["2"]?.headerExtensions.map(\.uri) == [.mid, .transportWideCC, .audioLevel])
    }

    @Test func onlyTheNewestOfferIsAnsweredAndOnlyOnce() throws {
        var session = try offeredSession()
        let text = try recording("chromium-answer")
        #expect(throws: NegotiationError.outdated) { try session.read(text, id: 0) }
        let second = session.offer()
        #expect(second.id == 2)
        #expect(throws: NegotiationError.outdated) { try session.read(text, id: 1) }
        _ = try session.read(text, id: 2)
        session.endOffer()
        #expect(throws: NegotiationError.outdated) { try session.read(text, id: 2) }
    }

    @Test func aRefusedAnswerMayBeFollowedByAGoodOne() throws {
        let session = try offeredSession()
        #expect(throws: NegotiationError.self) { try session.read("v=0\r\n", id: 1) }
        _ = try session.read(recording("chromium-answer"), id: 1)
    }

    @Test func aSectionRestsAndIsUsedAgainInItsPlaceWithOtherSSRCs() throws {
        var session = try offeredSession()
        let before = session.slots[0]
        session.remove(mid: before.mid)
        let resting = try SessionDescription(parsing: session.offer().sdp)
        #expect(resting.media.count == 3)
        #expect(resting.media[1].attributes.has("inactive"))
        #expect(!resting.media[1].attributes.has("msid"))
        #expect(resting.media[1].port != 0)
        #expect(try session.read(recording("chromium-answer"), id: 2).accepted["1"] == nil)

        let after = session.add(.video, streamID: "guest", trackID: "camera")
        #expect(after.mid == before.mid)
        #expect(after.ssrc != before.ssrc)
        #expect(session.add(.video, streamID: "guest", trackID: "screen").mid == "3")
        let offer = try SessionDescription(parsing: session.offer().sdp)
        #expect(offer.media.map(\.kind) == ["application", "video", "audio", "video"])
        #expect(offer.media[1].attributes.first("msid") == "guest camera")
        #expect(offer.origin.split(separator: " ")[2] == "3")
    }

    @Test func aRestartOfICEIsOfferedWithTheNewCredentials() throws {
        var session = try offeredSession()
        session.restartICE(ICECredentials(usernameFragment: "newnew12", password: "zyxwvutsrqponmlkjihgfedc"))
        let offer = try SessionDescription(parsing: session.offer().sdp)
        #expect(offer.media.allSatisfy { $0.attributes.first("ice-ufrag") == "newnew12" })
        #expect(offer.media.allSatisfy { $0.attributes.first("ice-pwd") == "zyxwvutsrqponmlkjihgfedc" })
    }

    @Test(arguments: [
        ("a=mid:1\r\n", "a=mid:5\r\n"), ("a=setup:active", "a=setup:actpass"), ("BUNDLE 0 1 2", "BUNDLE 0 1"),
        ("m=video 9 UDP/TLS/RTP/SAVPF 102", "m=video 9 UDP/TLS/RTP/SAVPF 200"),
        ("a=group:BUNDLE 0 1 2\r\n", ""),
    ])
    func anAnswerThatDoesNotFitIsRefused(_ part: String, _ replacement: String) throws {
        let session = try offeredSession()
        let text = try recording("chromium-answer")
        #expect(text.contains(part))
        #expect(throws: NegotiationError.self) {
            try session.read(text.replacing(part, with: replacement), id: 1)
        }
    }

    @Test func whatTheAnswerRefusesOrInventsIsNotSent() throws {
        let text = try recording("chromium-answer")
        var session = try offeredSession()
        let refused = try session.read(text.replacing("m=video 9", with: "m=video 0"), id: 1)
        #expect(refused.accepted["1"] == nil)
        #expect(refused.accepted["2"] != nil)

        _ = session.offer()
        let swapped = text.replacing("rtpmap:102 H264", with: "rtpmap:102 VP8").replacing(
            "rtpmap:96 VP8",
            with: "rtpmap:96 VP9"
        )
        #expect(try session.read(swapped, id: 2).accepted["1"] == nil)

        _ = session.offer()
        let renumbered = text.replacing("extmap:4 http", with: "extmap:9 http")
        #expect(
            try session.read(renumbered, id: 3).accepted["1"]?.headerExtensions.map(\.uri).contains(
                .playoutDelay
            ) == false
        )
    }

    @Test func everyTruncationIsReadOrRefused() throws {
        let text = Array(try recording("firefox-answer").utf8)
        var read = 0
        for count in text.indices {
            let session = try offeredSession()
            if (try? session.read(String(decoding: text[..<count], as: UTF8.self), id: 1)) != nil {
                read += 1
            }
        }
        // Only where nothing but lines of the last section are missing.
        #expect((1..<700).contains(read))
    }

    private func offeredSession() throws -> SubscribeSession {
        var session = try SubscribeSession(transport: roomTransport())
        _ = session.add(.video, streamID: "desk", trackID: "picture")
        _ = session.add(.audio, streamID: "desk-sound", trackID: "sound")
        _ = session.offer()
        return session
    }
}
