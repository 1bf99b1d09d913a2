import Appliance
import SFU
import Testing
import WebRTC
import Wire

/// Offers from outside: what is taken, and what the room answers.
@Suite struct OutsideOfferTests {
    @Test func whatOBSOffersIsAnsweredWithAllItsLayers() throws {
        let outside = try OutsideOffer(parsing: OutsideOffers.obs, by: .publisher)
        #expect(outside.ice.usernameFragment == "abcd")
        #expect(outside.isAnswerable && outside.view == nil)
        let offer = try PublishOffer(parsing: outside.sdp)
        let answer = try SessionDescription(
            parsing: offer.answer(transport: roomTransport(), accepting: ["0", "1"])
        )
        #expect(answer.attributes.first("group") == "BUNDLE 0 1")
        for section in answer.media {
            #expect(section.attributes.has("recvonly") && section.attributes.has("rtcp-mux"))
            #expect(section.attributes.first("setup") == "passive", "a role is chosen")
            #expect(!section.attributes.all("candidate").isEmpty, "nothing of the room's trickles")
        }
        let video = try #require(answer.media.last)
        #expect(video.attributes.first("simulcast") == "recv 0;1;2")
        #expect(video.attributes.all("rid") == ["0 recv", "1 recv", "2 recv"])
        #expect(video.attributes.all("extmap").sorted().map { $0.prefix(2) } == ["1 ", "2 "])
    }

    @Test(arguments: [("a=sendonly", "a=sendrecv"), ("a=setup:actpass", "a=setup:active")])
    func otherWaysToSayItAreTaken(_ line: String, _ other: String) throws {
        let sdp = OutsideOffers.obs.replacing(line, with: other)
        let outside = try OutsideOffer(parsing: sdp, by: .publisher)
        let answer = try SessionDescription(
            parsing: PublishOffer(parsing: outside.sdp)
                .answer(transport: roomTransport(), accepting: ["0", "1"])
        )
        #expect(answer.media.allSatisfy { $0.attributes.has("recvonly") })
        #expect(answer.media.allSatisfy { $0.attributes.first("setup") == "passive" })
    }

    @Test func aPassiveClientIsCalledActively() throws {
        let sdp = OutsideOffers.viewer.replacing("a=setup:actpass", with: "a=setup:passive")
        let view = try #require(OutsideOffer(parsing: sdp, by: .viewer).view)
        #expect(view.dtls.role == .server)
        var session = try SubscribeSession(transport: roomTransport(), style: .answer(view))
        _ = session.add(.video, streamID: "desk-picture", trackID: "desk-picture")
        let answer = try SessionDescription(parsing: session.offer().sdp)
        #expect(answer.media.first?.attributes.first("setup") == "active")
    }

    @Test(arguments: [
        ("m=audio 9", "m=video 9", "more than one section of picture"),
        ("a=group:BUNDLE 0 1\n", "", "BUNDLE"),
        ("a=sendonly", "a=recvonly", "no section sends"),
        (
            "m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            "something else"
        ),
        ("a=ice-ufrag:abcd\n", "", "ICE credentials"),
        ("v=0", "v=1", "line 1"),
    ])
    func whatIsNotTakenIsRefusedInWords(_ text: String, _ other: String, _ words: String) {
        do {
            _ = try OutsideOffer(parsing: OutsideOffers.obs.replacing(text, with: other), by: .publisher)
            Issue.record("it was taken")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test func aViewerIsAnsweredInTheDesksCodecByItsOwnNumbers() throws {
        let offer = try OutsideOffer(parsing: OutsideOffers.viewer, by: .viewer)
        let view = try #require(offer.view)
        #expect(offer.isAnswerable)
        var session = try SubscribeSession(transport: roomTransport(), style: .answer(view))
        #expect(session.hasPlace(for: .video) && session.hasPlace(for: .audio))
        let picture = session.add(.video, streamID: "desk-picture", trackID: "desk-picture")
        let sound = session.add(.audio, streamID: "desk-sound", trackID: "desk-sound")
        #expect(!session.hasPlace(for: .video) && !session.hasPlace(for: .audio))
        #expect(picture.mid == "video0" && sound.mid == "audio1")
        let made = session.offer()
        let answer = try SessionDescription(parsing: made.sdp)
        #expect(answer.attributes.first("group") == "BUNDLE video0 audio1")
        #expect(answer.attributes.has("ice-lite"))
        #expect(answer.media.map(\.formats) == [["121"], ["101"]], "H.264, which the desk is sent in first")
        for section in answer.media {
            #expect(section.attributes.has("sendonly") && section.attributes.first("setup") == "passive")
            #expect(section.attributes.first("msid")?.hasPrefix("desk ") == true, "one stream of both")
        }
        let extensions = answer.media[0].attributes.all("extmap")
        #expect(
            extensions.count == 1 && extensions[0].hasPrefix("7 "),
            "by its own ids, and no playout delay"
        )
        // The offer itself is what says what is taken.
        let read = try session.read(offer.sdp, id: made.id)
        #expect(read.accepted["video0"]?.codecs.map(\.payloadType) == [121])
        #expect(read.ice.usernameFragment == "abcd" && read.dtls.role == .client && read.sctp == nil)
    }

    @Test func whatTheDeskIsNotSentInIsAnsweredByAnOfferOfTheRooms() throws {
        let sdp = OutsideOffers.viewer.replacing("VP8/90000", with: "VP9/90000")
            .replacing("packetization-mode=1", with: "packetization-mode=0")
        let offer = try OutsideOffer(parsing: sdp, by: .viewer)
        #expect(!offer.isAnswerable && offer.view?.unanswerable == [.video])
        var session = try SubscribeSession(
            transport: roomTransport(),
            codecs: RoomCodecs(cameras: .av1),
            style: .outside
        )
        _ = session.add(.video, streamID: "desk-picture", trackID: "desk-picture")
        _ = session.add(.audio, streamID: "desk-sound", trackID: "desk-sound")
        let made = session.offer()
        let counter = try SessionDescription(parsing: made.sdp)
        #expect(counter.media.map(\.kind) == ["video", "audio"], "and no data channels")
        #expect(counter.media.allSatisfy { $0.attributes.has("rtcp-mux-only") })
        #expect(counter.media.allSatisfy { $0.attributes.first("setup") == "actpass" })
        #expect(
            counter.media[0].formats == ["102", "103", "96", "97"],
            "what the desk is sent in, and nothing else"
        )
        let answer = try session.read(answerToOffer(made.sdp), id: made.id)
        #expect(answer.codec(of: "1") == .h264 && answer.codec(of: "2") == .opus)
    }

    @Test func aSectionThatIsNotAskedForIsRejected() throws {
        let sdp = OutsideOffers.viewer.replacing("a=recvonly\na=rtpmap:101", with: "a=inactive\na=rtpmap:101")
        let view = try #require(OutsideOffer(parsing: sdp, by: .viewer).view)
        var session = try SubscribeSession(transport: roomTransport(), style: .answer(view))
        _ = session.add(.video, streamID: "desk-picture", trackID: "desk-picture")
        #expect(!session.hasPlace(for: .audio))
        let answer = try SessionDescription(parsing: session.offer().sdp)
        #expect(answer.media.map(\.port) == [40_000, 0])
        #expect(answer.attributes.first("group") == "BUNDLE video0")
    }

    @Test func aRestartChangesTheCredentialsAndNothingElse() throws {
        var offer = try OutsideOffer(parsing: OutsideOffers.viewer, by: .viewer)
        let ice = ICECredentials(usernameFragment: "wxyz", password: "0123456789abcdefghijkl")
        offer.restart(ice)
        #expect(offer.ice == ice && !offer.sdp.contains("abcd\r"))
        let before = try SessionDescription(parsing: OutsideOffers.viewer)
        let after = try SessionDescription(parsing: offer.sdp)
        #expect(after.media.map(\.formats) == before.media.map(\.formats))
        #expect(after.media.allSatisfy { $0.attributes.first("ice-pwd") == ice.password })
    }

    @Test func everyTruncationOfAnOfferIsReadOrRefused() {
        for (sdp, client) in [(OutsideOffers.obs, OutsideClient.publisher), (OutsideOffers.viewer, .viewer)] {
            for length in stride(from: 0, to: sdp.utf8.count, by: 3) {
                let offer = try? OutsideOffer(parsing: String(sdp.prefix(length)), by: client)
                #expect(offer.map { $0.view?.accepted.count ?? 0 <= 2 } ?? true)
            }
        }
    }
}
