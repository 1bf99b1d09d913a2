import Access
import MediasoupSignalling
import SFU
import Testing

@Suite struct MediasoupRTPParametersTests {
    @Test func aCameraIsReadWithWhateverNumbersItsClientChose() throws {
        let camera = try RTPParameters(mediasoup: Samples.object(Samples.camera), kind: .video)
        #expect(camera.mid == "0")
        #expect(camera.codecs.map(\.codec) == [.vp8, .rtx])
        #expect(camera.codecs.map(\.payloadType) == [96, 97])
        #expect(camera.codecs[1].associatedPayloadType == 96)
        #expect(camera.codecs[0].rtcpFeedback == [.remb, .transportCC, .ccmFIR, .nack, .nackPLI])
        #expect(
            camera.headerExtensions == [
                RTPHeaderExtensionParameters(.mid, id: 9), RTPHeaderExtensionParameters(.rid, id: 10),
            ]
        )
        #expect(camera.encodings.map(\.rid) == ["r0", "r1"])
        #expect(camera.encodings.map(\.maximumBitrate) == [500_000, 5_000_000])
        #expect(camera.rtcp.cname == "dZ0aQFG")
    }

    @Test func aMicrophoneIsRead() throws {
        let microphone = try RTPParameters(mediasoup: Samples.object(Samples.microphone), kind: .audio)
        #expect(microphone.mid == nil)
        #expect(microphone.codecs.first?.channels == 2)
        #expect(
            microphone.codecs.first?.parameters == ["minptime": "10", "useinbandfec": "1", "usedtx": "1"]
        )
        #expect(microphone.encodings == [RTPEncodingParameters(ssrc: .max)])
    }

    @Test(arguments: [(Samples.camera, MediaKind.video), (Samples.microphone, .audio)])
    func whatIsWrittenIsReadAsTheSame(_ sample: (text: String, kind: MediaKind)) throws {
        let parameters = try RTPParameters(mediasoup: Samples.object(sample.text), kind: sample.kind)
        let written = parameters.mediasoup(sample.kind, scalabilityMode: "L1T3")
        #expect(try RTPParameters(mediasoup: written, kind: sample.kind) == parameters)
        #expect(written["encodings"]?.array?.first?.object?["scalabilityMode"]?.text == "L1T3")
    }

    @Test func theRetransmissionCodecStandsBehindItsOwn() throws {
        let codecs = #"""
            {"codecs":[{"mimeType":"video/rtx","payloadType":5,"clockRate":90000,"parameters":{"apt":7}},
            {"mimeType":"video/VP8","payloadType":6,"clockRate":90000},
            {"mimeType":"video/h264","payloadType":7,"clockRate":90000,"parameters":{"profile-level-id":"42e01f"}}],
            "encodings":[{"ssrc":1}]}
            """#
        let parameters = try RTPParameters(mediasoup: Samples.object(codecs), kind: .video)
        #expect(parameters.codecs.map(\.payloadType) == [6, 7, 5])
    }

    /// What stands in the sample, what stands there instead, and what is said of it.
    static let refusals = [
        ("\"codecs\":[", "\"codecs\":4,\"x\":[", "rtpParameters.codecs is not an array"),
        ("\"codecs\":", "\"other\":", "rtpParameters.codecs has no codec"),
        ("video/VP8", "VP8", "rtpParameters.codecs[0].mimeType is not audio/… or video/…"),
        (
            "video/VP8", "video/H265",
            "rtpParameters.codecs[0].mimeType is not a codec of video that this room takes"
        ),
        (
            "video/VP8", "audio/opus",
            "rtpParameters.codecs[0].mimeType is not a codec of video that this room takes"
        ),
        (
            "\"payloadType\":96", "\"payloadType\":128",
            "rtpParameters.codecs[0].payloadType is not between 0 and 127"
        ),
        ("\"payloadType\":96,", "", "rtpParameters.codecs[0].payloadType is missing"),
        (
            "\"payloadType\":96", "\"payloadType\":\"96\"",
            "rtpParameters.codecs[0].payloadType is not a whole number"
        ),
        ("\"payloadType\":97", "\"payloadType\":96", "rtpParameters.codecs[1].payloadType is there twice"),
        ("{\"apt\":96}", "{}", "rtpParameters.codecs[1].parameters.apt is not the payload type of a codec"),
        (
            "{\"apt\":96}", "{\"apt\":98}",
            "rtpParameters.codecs has a retransmission codec that belongs to no other, or two of one"
        ),
        ("\"id\":10", "\"id\":9", "rtpParameters.headerExtensions[2].id or its uri is there twice"),
        ("\"id\":9", "\"id\":0", "rtpParameters.headerExtensions[1].id is not between 1 and 255"),
        (
            "\"id\":9,\"encrypt\":false", "\"id\":9,\"encrypt\":true",
            "rtpParameters.headerExtensions[1].encrypt is not done here"
        ),
        ("\"r1\"", "\"r0\"", "rtpParameters.encodings[1].rid is there twice"),
        ("\"rid\":\"r1\",", "", "rtpParameters.encodings[1].rid is missing, and so is ssrc"),
        (
            "\"rid\":\"r1\"", "\"ssrc\":5,\"rtx\":{\"ssrc\":5}",
            "rtpParameters.encodings[1].ssrc is there twice"
        ),
        ("\"mid\":\"0\"", "\"mid\":\"01234567890123456\"", "rtpParameters.mid is longer than 16 bytes"),
        ("\"encodings\":", "\"other\":", "rtpParameters.encodings has no encoding"),
        ("{\"cname\":", "4,\"x\":{\"cname\":", "rtpParameters.rtcp is not an object"),
    ]

    @Test(arguments: refusals)
    func whatCannotBeUsedIsRefusedInWords(_ old: String, _ new: String, _ words: String) throws {
        let object = try Samples.object(Samples.camera, old, new)
        let error = #expect(throws: MediasoupError.self) {
            try RTPParameters(mediasoup: object, kind: .video)
        }
        #expect(error?.description == words)
    }

    @Test func listsAreBounded() throws {
        for (name, entry, most) in [
            ("encodings", #"{"ssrc":"# + "1}", 4), ("headerExtensions", #"{"uri":"x","id":1}"#, 64),
        ] {
            let list = Array(repeating: entry, count: most + 1).joined(separator: ",")
            let codecs = #"{"mimeType":"video/VP8","payloadType":96,"clockRate":90000}"#
            let object = try Samples.object(#"{"codecs":[\#(codecs)],"\#(name)":[\#(list)]}"#)
            let error = #expect(throws: MediasoupError.self) {
                try RTPParameters(mediasoup: object, kind: .video)
            }
            #expect(error?.words == "has more than \(most) entries")
        }
    }
}
