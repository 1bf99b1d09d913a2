package import SFU

/// The formats that one room sends in its own offers, and takes in those of others.
package struct RoomCodecs: Hashable, Sendable {
    /// What cameras are sent in by browsers that can.
    package var cameras: RTPCodec
    /// Whether microphones are to send redundant audio (RFC 2198) where they can.
    package var repeatsMicrophones: Bool

    package init(cameras: RTPCodec = .vp8, repeatsMicrophones: Bool = false) {
        self.cameras = cameras
        self.repeatsMicrophones = repeatsMicrophones
    }

    package init(_ configuration: Configuration) {
        self.init(
            cameras: RTPCodec(configuration.cameraCodec),
            repeatsMicrophones: configuration.repeatsMicrophones
        )
    }

    // MARK: What the room sends

    /// What each section of an offer lists, best first.
    package func codecs(of kind: MediaKind) -> [RTPCodecParameters] {
        switch kind {
        case .audio: [Self.opus, .redundancy(of: Self.opus, payloadType: 63)]
        // H.264 looks better on a desk's text, and VP8 is there for browsers without H.264.
        case .video: Self.video(Self.h264, 103) + Self.video(Self.vp8, 97) + layered
        }
    }

    /// What a section lists whose stream is sent in `favourite`: that before all others, so that a browser that
    /// takes only the first takes what comes.
    func codecs(of kind: MediaKind, favourite: RTPCodec?) -> [RTPCodecParameters] {
        let codecs = codecs(of: kind)
        guard let favourite, let first = codecs.first(where: { $0.codec == favourite }) else { return codecs }
        let isFirst = { (codec: RTPCodecParameters) in
            codec == first || codec.associatedPayloadType == first.payloadType
        }
        return codecs.filter(isFirst) + codecs.filter { !isFirst($0) }
    }

    /// What the desk's picture or sound is sent in.
    func ofDesk(_ kind: MediaKind) -> [RTPCodecParameters] {
        switch kind {
        case .audio: [Self.opus]
        case .video: Self.video(Self.h264, 103) + Self.video(Self.vp8, 97)
        }
    }

    /// Only rooms whose cameras use it offer a codec that the desk is not sent in.
    private var layered: [RTPCodecParameters] {
        switch cameras {
        case .av1: Self.video(Self.av1, 46)
        case .vp9: Self.video(Self.vp9, 99)
        case .h264, .opus, .red, .rtx, .vp8: []
        }
    }

    /// One id stands for one extension in every section, as BUNDLE demands (RFC 8843 §9.2).
    package func headerExtensions(of kind: MediaKind) -> [RTPHeaderExtensionParameters] {
        let common = [
            RTPHeaderExtensionParameters(.mid, id: 1),
            RTPHeaderExtensionParameters(.absoluteSendTime, id: 2),
            RTPHeaderExtensionParameters(.transportWideCC, id: 3),
        ]
        switch kind {
        case .audio: return common + [RTPHeaderExtensionParameters(.audioLevel, id: 5)]
        case .video:
            let picture = common + [RTPHeaderExtensionParameters(.playoutDelay, id: 4)]
            return cameras == .av1
                ? picture + [RTPHeaderExtensionParameters(.dependencyDescriptor, id: 6)] : picture
        }
    }

    package static let h264 = RTPCodecParameters(
        .h264,
        payloadType: 102,
        parameters: [
            "level-asymmetry-allowed": "1", "packetization-mode": "1", "profile-level-id": "42e01f",
        ],
        rtcpFeedback: videoFeedback
    )
    package static let vp8 = RTPCodecParameters(.vp8, payloadType: 96, rtcpFeedback: videoFeedback)
    package static let vp9 = RTPCodecParameters(
        .vp9,
        payloadType: 98,
        parameters: ["profile-id": "0"],
        rtcpFeedback: videoFeedback
    )
    package static let av1 = RTPCodecParameters(
        .av1,
        payloadType: 45,
        parameters: ["level-idx": "5", "profile": "0", "tier": "0"],
        rtcpFeedback: videoFeedback
    )
    package static let opus = RTPCodecParameters(
        .opus,
        payloadType: 111,
        parameters: ["minptime": "10", "sprop-stereo": "1", "stereo": "1", "useinbandfec": "1"],
        rtcpFeedback: [.transportCC]
    )

    private static let videoFeedback: Set<RTCPFeedbackType> = [.ccmFIR, .nack, .nackPLI, .remb, .transportCC]

    /// A codec and its retransmission format.
    private static func video(_ media: RTPCodecParameters, _ rtx: UInt8) -> [RTPCodecParameters] {
        [media, .retransmission(of: media, payloadType: rtx)]
    }

    // MARK: What the room takes

    /// What a camera or a microphone may be sent in, best first: a browser sends in the first that an answer
    /// lists.
    ///
    /// VP8 before H.264: every browser decodes it, which H.264 is not true of.
    func published(_ kind: MediaKind) -> [RTPCodec] {
        switch kind {
        case .audio: repeatsMicrophones ? [.red, .opus] : [.opus, .red]
        case .video: [cameras] + [.vp8, .h264].filter { $0 != cameras }
        }
    }

    /// What is left of a codec in this variant, less is better; `nil` if it cannot be used.
    static func rank(_ codec: RTPCodecParameters) -> Int? {
        switch codec.codec {
        // AV1 RTP specification, "profile": Main if absent, which is all that browsers decode.
        case .av1: return codec.parameters["profile", default: "0"] == "0" ? 0 : nil
        case .h264:
            // RFC 6184 §8.1: mode 0 if absent, which has no fragmentation.
            guard codec.parameters["packetization-mode"] == "1" else { return nil }
            // profile_idc 66, with constraint_set1 (Constrained Baseline) or without it. Absent: Baseline.
            let profile = codec.parameters["profile-level-id", default: "42000a"].lowercased()
            guard profile.count == 6, profile.hasPrefix("42"), let bits = UInt32(profile, radix: 16) else {
                return nil
            }
            return bits & 0x4000 != 0 ? 0 : 1
        case .opus, .red: return codec.clockRate == 48_000 && codec.channels == 2 ? 0 : nil
        case .rtx: return nil
        case .vp8: return 0
        // RFC 9628, "profile-id": 0 if absent, 8 bits and 4:2:0.
        case .vp9: return codec.parameters["profile-id", default: "0"] == "0" ? 0 : nil
        }
    }
}

extension RTPCodec {
    package init(_ codec: Configuration.CameraCodec) {
        self =
            switch codec {
            case .av1: .av1
            case .h264: .h264
            case .vp8: .vp8
            case .vp9: .vp9
            }
    }
}
