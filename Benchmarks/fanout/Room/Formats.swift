internal import SFU

// What a browser and the room negotiate; the generator knows the same numbers (`Negotiated`).

extension RTPCapabilities {
    /// A browser as a receiver.
    static let browser = RTPCapabilities(
        codecs: [
            .video, .retransmission(of: .video, payloadType: 97),
            RTPCodecParameters(.opus, payloadType: 111, rtcpFeedback: [.transportCC]),
        ],
        headerExtensions: [
            RTPHeaderExtensionParameters(.mid, id: 1), RTPHeaderExtensionParameters(.absoluteSendTime, id: 2),
            RTPHeaderExtensionParameters(.transportWideCC, id: 3),
            RTPHeaderExtensionParameters(.playoutDelay, id: 4),
            RTPHeaderExtensionParameters(.audioLevel, id: 5),
        ]
    )
}

extension RTPCodecParameters {
    fileprivate static let video = RTPCodecParameters(
        .vp8,
        payloadType: 96,
        rtcpFeedback: [.nack, .nackPLI, .ccmFIR, .transportCC]
    )
}

extension RTPParameters {
    /// As the desk's process sends.
    static func desk(_ kind: MediaKind, _ ssrc: UInt32) -> Self {
        let codec =
            kind == .audio
            ? RTPCodecParameters(.opus, payloadType: 111) : RTPCodecParameters(.vp8, payloadType: 96)
        return Self(codecs: [codec], encodings: [RTPEncodingParameters(ssrc: ssrc)])
    }

    static func camera(_ ssrc: UInt32, rtx: UInt32) -> Self {
        Self(
            codecs: [.video, .retransmission(of: .video, payloadType: 97)],
            headerExtensions: [RTPHeaderExtensionParameters(.transportWideCC, id: 3)],
            encodings: [RTPEncodingParameters(ssrc: ssrc, rtxSSRC: rtx)]
        )
    }

    static func microphone(_ ssrc: UInt32) -> Self {
        Self(
            codecs: [RTPCodecParameters(.opus, payloadType: 111, rtcpFeedback: [.transportCC])],
            headerExtensions: [
                RTPHeaderExtensionParameters(.transportWideCC, id: 3),
                RTPHeaderExtensionParameters(.audioLevel, id: 5),
            ],
            encodings: [RTPEncodingParameters(ssrc: ssrc)]
        )
    }
}
