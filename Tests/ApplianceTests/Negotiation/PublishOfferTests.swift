import Appliance
import SFU
import Testing
import WebRTC
import Wire

@Suite struct PublishOfferTests {
    @Test(arguments: [("chromium-data", 262_144), ("firefox-data", 1_073_741_823)])
    func dataChannelsAreReadAndAnswered(_ name: String, _ maximumMessageSize: Int) throws {
        let text = try recording(name)
        let offer = try PublishOffer(parsing: text)
        let sent = try #require(SessionDescription(parsing: text).media.first)
        #expect(offer.ice.usernameFragment == sent.attributes.first("ice-ufrag"))
        #expect(offer.ice.password == sent.attributes.first("ice-pwd"))
        #expect(offer.dtls.role == .client)
        #expect(offer.dtls.fingerprints.count == 1)
        #expect(offer.sctp == SCTPParameters(port: 5_000, maximumMessageSize: maximumMessageSize))
        #expect(offer.media.isEmpty)

        let answer = try SessionDescription(parsing: offer.answer(transport: roomTransport()))
        #expect(answer.attributes.has("ice-lite"))
        let allowMixed = "extmap-allow-mixed"
        let isMixed = try SessionDescription(parsing: text).attributes.has(allowMixed)
        #expect(answer.attributes.has(allowMixed) == isMixed)
        #expect(isMixed == (name == "chromium-data"))
        #expect(answer.attributes.first("group") == "BUNDLE 0")
        let section = try #require(answer.media.first)
        #expect(answer.media.count == 1)
        #expect(section.formats == ["webrtc-datachannel"])
        #expect(section.port == 40_000)
        #expect(section.connection == "IN IP4 192.0.2.1")
        #expect(section.attributes.first("mid") == "0")
        #expect(section.attributes.first("setup") == "passive")
        #expect(section.attributes.first("ice-ufrag") == "roomroom")
        #expect(section.attributes.first("sctp-port") == "5000")
        #expect(
            section.attributes.all("candidate") == [
                "1 1 udp 2130706431 192.0.2.1 40000 typ host",
                "2 1 udp 2130706175 2001:db8::1 40000 typ host",
            ]
        )
        #expect(section.attributes.has("end-of-candidates"))
    }

    @Test func aCameraOfChromiumIsReadWithTheCodecsThatTheRoomTakesBestFirst() throws {
        let offer = try PublishOffer(parsing: recording("chromium-media"))
        #expect(offer.media.map(\.mid) == ["0", "1"])
        #expect(offer.media.map(\.kind) == [.audio, .video])
        #expect(offer.sctp != nil)
        let microphone = offer.media[0].parameters
        #expect(microphone.codecs.map(\.codec) == [.opus, .red])
        #expect(microphone.codecs.last?.associatedPayloadType == 111)
        #expect(microphone.codecs.first?.channels == 2)
        #expect(microphone.encodings == [RTPEncodingParameters(ssrc: 1_816_457_143)])
        #expect(microphone.rtcp.cname == "8cOchhprh8XYvGvW")
        let camera = offer.media[1].parameters
        #expect(camera.mid == "1")
        #expect(camera.codecs.map(\.codec) == [.vp8, .rtx])
        #expect(camera.codecs.map(\.payloadType) == [96, 97])
        #expect(camera.codecs[1].associatedPayloadType == 96)
        #expect(camera.codecs[0].rtcpFeedback == Set(RTCPFeedbackType.allCases))
        #expect(camera.encodings == [RTPEncodingParameters(rid: "l"), RTPEncodingParameters(rid: "h")])
        #expect(camera.headerExtensions.contains(RTPHeaderExtensionParameters(.rid, id: 10)))
    }

    /// Of H.264 Constrained Baseline, though Baseline comes first; of VP9 and AV1 the first profile.
    @Test(arguments: [
        (RTPCodec.vp8, [96, 97] as [UInt8]), (.h264, [108, 109]), (.vp9, [98, 99]), (.av1, [45, 46]),
    ])
    func aCameraIsTakenInTheRoomsCodecAndInNoOther(_ codec: RTPCodec, _ payloadTypes: [UInt8]) throws {
        let text = try recording("chromium-media")
        let offer = try PublishOffer(parsing: text, for: RoomCodecs(cameras: codec))
        let camera = try #require(offer.media.last).parameters
        #expect(camera.codecs.map(\.codec) == [codec, .rtx])
        #expect(camera.codecs.map(\.payloadType) == payloadTypes)
        // Of the other codecs it would be sent for nothing.
        let descriptor = RTPHeaderExtensionParameters(.dependencyDescriptor, id: 12)
        #expect(camera.headerExtensions.contains(descriptor) == (codec == .av1))
        let answer = try SessionDescription(
            parsing: offer.answer(transport: roomTransport(), accepting: ["1"])
        )
        #expect(answer.media[1].formats == payloadTypes.map(String.init))
        #expect(answer.attributes.has("extmap-allow-mixed"))
    }

    @Test(arguments: [RTPCodec.vp9, .av1])
    func aBrowserWithoutTheRoomsCodecSendsVP8(_ codec: RTPCodec) throws {
        let text = try recording("chromium-media")
            .replacing("\(codec.rawValue)/90000", with: "unknown/90000")
        let offer = try PublishOffer(parsing: text, for: RoomCodecs(cameras: codec))
        #expect(offer.media.last?.parameters.codecs.map(\.codec) == [.vp8, .rtx])
    }

    @Test func aProfileThatIsNotTheFirstIsNotTaken() throws {
        let text = try recording("chromium-media")
            .replacing("profile-id=0", with: "profile-id=1")
            .replacing("level-idx=5;profile=0", with: "level-idx=5;profile=1")
        for codec in [RTPCodec.vp9, .av1] {
            let offer = try PublishOffer(parsing: text, for: RoomCodecs(cameras: codec))
            #expect(offer.media.last?.parameters.codecs.first?.codec == .vp8)
        }
    }

    @Test func aMicrophoneRepeatsItselfWhereTheRoomWantsIt() throws {
        let text = try recording("chromium-media")
        for (repeats, formats) in [(false, ["111", "63"]), (true, ["63", "111"])] {
            let offer = try PublishOffer(parsing: text, for: RoomCodecs(repeatsMicrophones: repeats))
            let answer = try SessionDescription(
                parsing: offer.answer(transport: roomTransport(), accepting: ["0"])
            )
            // A browser sends in the first.
            #expect(answer.media[0].formats == formats)
            #expect(answer.media[0].attributes.all("fmtp").contains("63 111/111"))
        }
        let without = try PublishOffer(
            parsing: text.replacing("red/48000/2", with: "unknown/48000/2"),
            for: RoomCodecs(repeatsMicrophones: true)
        )
        #expect(without.media.first?.parameters.codecs.map(\.codec) == [.opus])
    }

    @Test func aCameraOfFirefoxIsReadWithTheExtensionsThatItSends() throws {
        let offer = try PublishOffer(parsing: recording("firefox-media"))
        let camera = try #require(offer.media.last)
        #expect(camera.streamID == "{6262f1f6-9e69-4900-93bd-39b8a95380bc}")
        #expect(camera.parameters.codecs.map(\.payloadType) == [120, 124])
        #expect(camera.parameters.encodings.map(\.rid) == ["l", "h"])
        let extensions = camera.parameters.headerExtensions
        #expect(extensions.contains(RTPHeaderExtensionParameters(.rid, id: 9)))
        // `6/recvonly` is what Firefox takes, and not what it sends.
        #expect(!extensions.contains { $0.uri == .playoutDelay })
    }

    @Test(arguments: ["chromium-media", "firefox-media"])
    func whatIsNotAcceptedRestsAndWhatIsIsReceived(_ name: String) throws {
        let offer = try PublishOffer(parsing: recording(name))
        let resting = try SessionDescription(parsing: offer.answer(transport: roomTransport()))
        #expect(resting.media.map { $0.attributes.has("inactive") } == [true, true, false])
        #expect(resting.attributes.first("group") == "BUNDLE 0 1 2")

        let answer = try SessionDescription(
            parsing: offer.answer(transport: roomTransport(), accepting: ["1"])
        )
        #expect(answer.media[0].attributes.has("inactive"))
        #expect(answer.media[1].attributes.has("recvonly"))
        #expect(answer.media[1].attributes.has("rtcp-mux"))
        #expect(answer.media[1].formats == offer.media[1].parameters.codecs.map { String($0.payloadType) })
        #expect(answer.media[1].attributes.first("simulcast") == "recv l;h")
        #expect(answer.media[1].attributes.all("rid") == ["l recv", "h recv"])
    }

    @Test func aBrowserThatIsTheServerIsAnsweredByAClient() throws {
        let text = try recording("chromium-data").replacing("setup:actpass", with: "setup:passive")
        let offer = try PublishOffer(parsing: text)
        #expect(offer.dtls.role == .server)
        #expect(try offer.answer(transport: roomTransport()).contains("a=setup:active\r\n"))
    }

    @Test func whatTheRoomDoesNotUnderstandIsRejectedInItsPlace() throws {
        let text = try recording("chromium-data").replacing("BUNDLE 0", with: "BUNDLE 0 x")
        let offer = try PublishOffer(
            parsing: text + "m=text 9 UDP/TLS/RTP/SAVPF 98\r\na=mid:x\r\na=rtpmap:98 t140/1000\r\n"
        )
        let answer = try SessionDescription(parsing: offer.answer(transport: roomTransport()))
        #expect(answer.media.map(\.port) == [40_000, 0])
        #expect(answer.media[1].attributes.first("mid") == "x")
        #expect(answer.attributes.first("group") == "BUNDLE 0")
    }

    @Test(arguments: [
        ("a=ice-ufrag:Oowa\r\n", ""), ("a=ice-ufrag:Oowa", "a=ice-ufrag:O"),
        ("a=fingerprint:sha-256", "a=fingerprint:md5"),
        ("a=setup:actpass", "a=setup:holdconn"), ("a=mid:0\r\n", ""), ("UDP/DTLS/SCTP", "DTLS/SCTP"),
        ("v=0", "v=1"),
        ("BUNDLE 0", "BUNDLE 7"), ("m=application 9", "m=application 0"),
    ])
    func whatIsMissingOrStrangeIsRefusedInWords(_ part: String, _ replacement: String) throws {
        let text = try recording("chromium-data")
        #expect(text.contains(part))
        let error = #expect(throws: NegotiationError.self) {
            try PublishOffer(parsing: text.replacing(part, with: replacement))
        }
        #expect(error?.description.hasSuffix(".") == true)
    }

    /// Names are as long as a header extension can be, and its id as large.
    @Test func longNamesAndLargeIdsAreTaken() throws {
        let (mid, rid) = (String(repeating: "m", count: 255), String(repeating: "r", count: 255))
        let text = try recording("chromium-media")
            .replacing("a=mid:1\r\n", with: "a=mid:\(mid)\r\n")
            .replacing("BUNDLE 0 1 2", with: "BUNDLE 0 \(mid) 2")
            .replacing("simulcast:send l;h", with: "simulcast:send l;\(rid)")
            .replacing("extmap:10 ", with: "extmap:200 ")
        let offer = try PublishOffer(parsing: text)
        let camera = try #require(offer.media.last)
        #expect(camera.mid == mid)
        #expect(camera.parameters.encodings.map(\.rid) == ["l", rid])
        #expect(camera.parameters.headerExtensions.contains(RTPHeaderExtensionParameters(.rid, id: 200)))
        let answer = try offer.answer(transport: roomTransport(), accepting: [mid])
        #expect(answer.contains("a=simulcast:recv l;\(rid)\r\n"))
        #expect(answer.contains("a=extmap:200 "))
    }

    @Test func aSectionThatIsRejectedNeedsNoName() throws {
        let text = try recording("chromium-data") + "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"
        let answer = try SessionDescription(
            parsing: PublishOffer(parsing: text).answer(transport: roomTransport())
        )
        #expect(answer.media.map(\.port) == [40_000, 0])
    }

    /// What is sent and cannot be received is said, each in its own words.
    @Test func whatCannotBeReceivedIsSaidInWords() throws {
        let text = try recording("chromium-media")
        #expect(try PublishOffer(parsing: text).refused.isEmpty)
        let strange = try PublishOffer(
            parsing: text.replacing("VP8/90000", with: "x/90000").replacing("H264/90000", with: "x/90000")
        )
        #expect(strange.refused.map(\.mid) == ["1"])
        #expect(strange.refused.first?.refusal.message.contains("camera") == true)
        let apart = try PublishOffer(parsing: text.replacing("BUNDLE 0 1 2", with: "BUNDLE 1 2"))
        #expect(apart.refused.map(\.mid) == ["0"])
        let resting = try PublishOffer(
            parsing: text.replacing("BUNDLE 0 1 2", with: "BUNDLE 1 2")
                .replacing("a=sendonly", with: "a=inactive").replacing("a=sendrecv", with: "a=inactive")
        )
        #expect(resting.refused.isEmpty)
    }

    @Test func twoSectionsOfOneNameAreRefused() throws {
        let text = try recording("chromium-media").replacing("a=mid:1\r\n", with: "a=mid:0\r\n")
        #expect(throws: NegotiationError.invalid("two sections share a mid")) {
            try PublishOffer(parsing: text)
        }
    }

    @Test(arguments: ["chromium-media", "firefox-media"])
    func everyTruncationIsReadOrRefused(_ name: String) throws {
        let text = try recording(name)
        let transport = try roomTransport()
        for count in stride(from: 0, to: text.utf8.count, by: 3) {
            guard
                let offer = try? PublishOffer(
                    parsing: String(decoding: Array(text.utf8.prefix(count)), as: UTF8.self)
                )
            else { continue }
            // What is accepted is answered with one section each.
            let answer = try SessionDescription(parsing: offer.answer(transport: transport))
            #expect(answer.media.count == text.utf8.prefix(count).count(of: "\nm="))
        }
    }

    @Test func damagedOffersNeverTrap() throws {
        let text = Array(try recording("chromium-media").utf8)
        let transport = try roomTransport()
        var random = SplitMix64(seed: 11)
        for _ in 0..<400 {
            var damaged = text
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: damaged.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: damaged[place] = UInt8.random(in: 0...255, using: &random)
                case 1: damaged.removeSubrange(place..<min(place + 40, damaged.count))
                default:
                    damaged.insert(contentsOf: damaged[place..<min(place + 40, damaged.count)], at: place)
                }
            }
            guard let offer = try? PublishOffer(parsing: String(decoding: damaged, as: UTF8.self)) else {
                continue
            }
            _ = offer.answer(transport: transport, accepting: ["0", "1"])
        }
    }
}

extension Sequence<UInt8> {
    fileprivate func count(of text: String) -> Int {
        String(decoding: Array(self), as: UTF8.self).replacing("\r\n", with: "\n").split(
            separator: text,
            omittingEmptySubsequences: false
        ).count - 1
    }
}
