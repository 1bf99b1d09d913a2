import Access
import MediasoupSignalling
import SFU
import Testing
import WebRTC

@Suite struct MediasoupCapabilitiesTests {
    @Test func whatAClientTakesIsReadByKind() throws {
        let capabilities = try MediasoupCapabilities(mediasoup: Samples.object(Samples.capabilities))
        #expect(capabilities.of(.audio).codecs.map(\.payloadType) == [100])
        #expect(capabilities.of(.video).codecs.map(\.codec) == [.vp8, .rtx])
        #expect(
            capabilities.of(.audio).headerExtensions == [
                RTPHeaderExtensionParameters(.mid, id: 1),
                RTPHeaderExtensionParameters(.absoluteSendTime, id: 4),
            ]
        )
        #expect(capabilities.of(.video).headerExtensions == capabilities.of(.audio).headerExtensions)
    }

    @Test(arguments: [
        ("\"kind\":\"audio\",", "", "rtpCapabilities.codecs[0].kind is missing"),
        ("\"kind\":\"audio\"", "\"kind\":\"text\"", "rtpCapabilities.codecs[0].kind is not audio or video"),
        (":102", ":100", "rtpCapabilities.codecs[2].preferredPayloadType is there twice"),
        (
            "\"preferredId\":4", "\"preferredId\":1",
            "rtpCapabilities.headerExtensions[3].preferredId or its uri is there twice"
        ),
    ])
    func whatCannotBeUsedIsRefusedInWords(_ old: String, _ new: String, _ words: String) throws {
        let object = try Samples.object(Samples.capabilities, old, new)
        let error = #expect(throws: MediasoupError.self) { try MediasoupCapabilities(mediasoup: object) }
        #expect(error?.description == words)
    }

    @Test func aRoutersAreWhatAClientLoadsItsDeviceWith() throws {
        let opus = RTPCodecParameters(.opus, payloadType: 100)
        let vp8 = RTPCodecParameters(.vp8, payloadType: 101, rtcpFeedback: [.nack, .nackPLI])
        let h264 = RTPCodecParameters(
            .h264,
            payloadType: 103,
            parameters: ["packetization-mode": "1", "profile-level-id": "42e01f"]
        )
        let video = [vp8, .retransmission(of: vp8, payloadType: 102), h264]
        let router = RouterCapabilities(audio: [opus], video: video).mediasoup
        let read = try MediasoupCapabilities(mediasoup: router)
        #expect(read.of(.audio).codecs == [opus])
        #expect(read.of(.video).codecs == video)

        let codecs = try #require(router["codecs"]?.array).compactMap(\.object)
        // A text stays one, a number is one, and `apt` is what the payload type is.
        #expect(codecs.last?["parameters"]?.object?["profile-level-id"] == .string("42e01f"))
        #expect(codecs.last?["parameters"]?.object?["packetization-mode"] == .integer(1))
        #expect(codecs[2]["parameters"]?.object?["apt"] == .integer(101))

        let extensions = try #require(router["headerExtensions"]?.array).compactMap(\.object)
        for known in RTPHeaderExtensionURI.allCases {
            #expect(extensions.contains { $0["uri"]?.text == known.rawValue })
        }
        for kind in ["audio", "video"] {
            let ids = extensions.filter { $0["kind"]?.text == kind }.compactMap { $0["preferredId"]?.integer }
            // 15 means something else in the one-byte form (RFC 8285 §4.2), and only what is never sent has it.
            #expect(Set(ids).count == ids.count && ids.allSatisfy { 1...15 ~= $0 })
        }
        // The receiver's own are never sent to clients.
        #expect(!read.of(.video).headerExtensions.isEmpty)
    }
}

@Suite struct MediasoupConnectionTests {
    @Test(arguments: [("client", DTLSRole.client), ("server", .server), ("auto", .server)])
    func bothRolesOfDTLSAreTaken(_ name: String, _ role: DTLSRole) throws {
        let object = try Samples.object(Samples.dtls, "client", name)
        let parameters = try DTLSParameters(mediasoup: object)
        #expect(parameters.role == role)
        // Hash functions that are not accepted are passed over.
        #expect(parameters.fingerprints == [try #require(DTLSFingerprint(sdp: "sha-256 \(Samples.digest)"))])
    }

    @Test(arguments: [
        ("client", "both", "dtlsParameters.role is not auto, client or server"),
        ("sha-256", "sha-1", "dtlsParameters.fingerprints has none by sha-256, sha-384 or sha-512"),
        ("aB:aB", "aB", "dtlsParameters.fingerprints[1].value is not a fingerprint of its algorithm"),
        ("\"value\":\"aB", "\"other\":\"aB", "dtlsParameters.fingerprints[1].value is missing"),
    ])
    func parametersOfDTLSThatCannotBeUsedAreRefused(_ old: String, _ new: String, _ words: String) throws {
        let object = try Samples.object(Samples.dtls, old, new)
        let error = #expect(throws: MediasoupError.self) { try DTLSParameters(mediasoup: object) }
        #expect(error?.description == words)
    }

    @Test func aDataChannelIsRead() throws {
        let (stream, parameters) = try DataChannelParameters.parse(mediasoup: Samples.object(Samples.data))
        #expect(stream == 3)
        #expect(
            parameters
                == DataChannelParameters(
                    label: "chat",
                    subprotocol: "x",
                    isOrdered: false,
                    maximumRetransmits: 1
                )
        )
        let written = String(decoding: parameters.mediasoup(stream: stream).bytes, as: UTF8.self)
        #expect(written == #"{"streamId":3,"ordered":false,"maxRetransmits":1}"#)
    }

    @Test(arguments: [
        (":3", ":65535", "data.sctpStreamParameters.streamId is not between 0 and 65534"),
        (
            "\"ordered\":false", "\"maxPacketLifeTime\":9",
            "data.sctpStreamParameters.maxRetransmits cannot be there beside maxPacketLifeTime"
        ),
        ("sctpStreamParameters", "other", "data.sctpStreamParameters is missing"),
    ])
    func aDataChannelThatCannotBeIsRefused(_ old: String, _ new: String, _ words: String) throws {
        let object = try Samples.object(Samples.data, old, new)
        let error = #expect(throws: MediasoupError.self) {
            _ = try DataChannelParameters.parse(mediasoup: object)
        }
        #expect(error?.description == words)
    }
}
