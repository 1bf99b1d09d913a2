package import SFU

/// The formats that the room sends in its own offers, and takes in those of others, best first.
package enum RoomCodecs {
    /// What a desk section offers: H.264 looks better on text, and VP8 is there for browsers without H.264.
    package static let video = [h264, rtx(h264, 103), vp8, rtx(vp8, 97)]
    package static let audio = [opus, RTPCodecParameters.redundancy(of: opus, payloadType: 63)]

    package static let h264 = RTPCodecParameters(
        .h264,
        payloadType: 102,
        parameters: [
            "level-asymmetry-allowed": "1", "packetization-mode": "1", "profile-level-id": "42e01f",
        ],
        rtcpFeedback: videoFeedback
    )
    package static let vp8 = RTPCodecParameters(.vp8, payloadType: 96, rtcpFeedback: videoFeedback)
    package static let opus = RTPCodecParameters(
        .opus,
        payloadType: 111,
        parameters: ["minptime": "10", "sprop-stereo": "1", "stereo": "1", "useinbandfec": "1"],
        rtcpFeedback: [.transportCC]
    )

    package static func codecs(of kind: MediaKind) -> [RTPCodecParameters] { kind == .audio ? audio : video }

    /// One id stands for one extension in every section, as BUNDLE demands (RFC 8843 §9.2).
    package static func headerExtensions(of kind: MediaKind) -> [RTPHeaderExtensionParameters] {
        let common = [
            RTPHeaderExtensionParameters(.mid, id: 1),
            RTPHeaderExtensionParameters(.absoluteSendTime, id: 2),
            RTPHeaderExtensionParameters(.transportWideCC, id: 3),
        ]
        return switch kind {
        case .audio: common + [RTPHeaderExtensionParameters(.audioLevel, id: 5)]
        case .video: common + [RTPHeaderExtensionParameters(.playoutDelay, id: 4)]
        }
    }

    /// How good a stream in this format is for the room, less is better; `nil` if it cannot be used.
    static func rank(_ codec: RTPCodecParameters) -> Int? {
        switch codec.codec {
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
        case .vp8: return 2
        case .av1, .rtx, .vp9: return nil
        }
    }

    private static let videoFeedback: Set<RTCPFeedbackType> = [.ccmFIR, .nack, .nackPLI, .remb, .transportCC]

    private static func rtx(_ media: RTPCodecParameters, _ payloadType: UInt8) -> RTPCodecParameters {
        .retransmission(of: media, payloadType: payloadType)
    }
}
