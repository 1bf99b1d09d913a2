package import Participant
package import SFU
internal import Wire

/// What the tests' browsers negotiate.
package enum ExtensionID {
    package static let mid: UInt8 = 1
    package static let absoluteSendTime: UInt8 = 2
    package static let transportWideCC: UInt8 = 3
    package static let playoutDelay: UInt8 = 4
    package static let audioLevel: UInt8 = 5
    package static let dependencyDescriptor: UInt8 = 6
}

extension RTPCapabilities {
    private static let feedback: Set<RTCPFeedbackType> = [.nack, .nackPLI, .ccmFIR, .transportCC]

    /// Codecs with other payload types than any producer's.
    package static let browser = Self.browser(retransmits: true)

    package static func browser(retransmits: Bool) -> Self {
        let h264 = RTPCodecParameters(.h264, payloadType: 102, rtcpFeedback: feedback)
        let vp8 = RTPCodecParameters(.vp8, payloadType: 96, rtcpFeedback: feedback)
        let av1 = RTPCodecParameters(.av1, payloadType: 45, rtcpFeedback: feedback)
        let vp9 = RTPCodecParameters(.vp9, payloadType: 98, rtcpFeedback: feedback)
        let media = [
            h264, vp8, vp9, av1, RTPCodecParameters(.opus, payloadType: 111, rtcpFeedback: [.transportCC]),
        ]
        let rtx = [(h264, UInt8(103)), (vp8, 97), (vp9, 99), (av1, 46)].map {
            RTPCodecParameters.retransmission(of: $0.0, payloadType: $0.1)
        }
        return Self(
            codecs: media + (retransmits ? rtx : []),
            headerExtensions: [
                RTPHeaderExtensionParameters(.mid, id: ExtensionID.mid),
                RTPHeaderExtensionParameters(.absoluteSendTime, id: ExtensionID.absoluteSendTime),
                RTPHeaderExtensionParameters(.transportWideCC, id: ExtensionID.transportWideCC),
                RTPHeaderExtensionParameters(.playoutDelay, id: ExtensionID.playoutDelay),
                RTPHeaderExtensionParameters(.audioLevel, id: ExtensionID.audioLevel),
                RTPHeaderExtensionParameters(.dependencyDescriptor, id: ExtensionID.dependencyDescriptor),
            ],
            allowsMixedExtensions: true
        )
    }
}

extension SyntheticCodec {
    package var codec: RTPCodec {
        switch self {
        case .av1: .av1
        case .h264: .h264
        case .opus: .opus
        case .vp8: .vp8
        case .vp9: .vp9
        }
    }
}

extension RTPParameters {
    /// As the desk sends: no header extensions, no retransmissions.
    package static func plain(_ stream: PublishedStream.Parameters) -> Self {
        Self(
            codecs: [RTPCodecParameters(stream.codec.codec, payloadType: stream.payloadType)],
            encodings: [RTPEncodingParameters(ssrc: stream.ssrc)]
        )
    }

    /// As a browser publishes `stream`.
    package static func published(_ stream: PublishedStream.Parameters, announcesSSRC: Bool = true) -> Self {
        let media = RTPCodecParameters(
            stream.codec.codec,
            payloadType: stream.payloadType,
            rtcpFeedback: stream.codec.isVideo ? [.nack, .nackPLI, .transportCC] : [.transportCC]
        )
        let rtx = stream.rtxPayloadType.map { RTPCodecParameters.retransmission(of: media, payloadType: $0) }
        let extensions: [(RTPHeaderExtensionURI, UInt8?)] = [
            (.mid, stream.midID), (.absoluteSendTime, stream.absoluteSendTimeID),
            (.transportWideCC, stream.transportWideCCID), (.audioLevel, stream.audioLevelID),
            (.dependencyDescriptor, stream.dependencyDescriptorID),
        ]
        return Self(
            mid: stream.mid,
            codecs: [media] + (rtx.map { [$0] } ?? []),
            headerExtensions: extensions.compactMap { uri, id in
                id.map { RTPHeaderExtensionParameters(uri, id: $0) }
            },
            encodings: [
                announcesSSRC
                    ? RTPEncodingParameters(ssrc: stream.ssrc, rtxSSRC: stream.rtxSSRC)
                    : RTPEncodingParameters()
            ]
        )
    }
}

extension ReceivedStream.Parameters {
    /// What a browser learns from the room's offer.
    package init(_ consumer: ConsumerParameters) {
        let media = consumer.rtp.codecs.first { $0.codec != .rtx }
        let encoding = consumer.rtp.encodings.first
        func id(_ uri: RTPHeaderExtensionURI) -> UInt8? {
            consumer.rtp.headerExtensions.first { $0.uri == uri }?.id
        }
        self.init(
            ssrc: encoding?.ssrc ?? 0,
            rtxSSRC: encoding?.rtxSSRC,
            clockRate: Int(media?.clockRate ?? 90_000),
            isVideo: consumer.kind == .video,
            asksAgain: consumer.kind == .video,
            transportWideCCID: id(.transportWideCC),
            midID: id(.mid),
            dependencyDescriptorID: id(.dependencyDescriptor),
            redundantPayloadType: consumer.rtp.codecs.first { $0.codec == .red }?.payloadType
        )
    }
}

extension ConsumerParameters {
    package var ssrc: UInt32 { rtp.encodings.first?.ssrc ?? 0 }
}

extension PublishedStream.Parameters {
    /// The desk's picture.
    package static func desk(_ codec: SyntheticCodec = .h264, ssrc: UInt32 = 0x1111) -> Self {
        var parameters = Self(codec, ssrc: ssrc, payloadType: codec == .opus ? 120 : 125)
        parameters.packetsPerFrame = codec.isVideo ? 4 : 1
        parameters.packetsPerKeyFrame = codec.isVideo ? 12 : 1
        return parameters
    }

    /// A person's camera, as a browser sends it.
    package static func camera(_ codec: SyntheticCodec = .vp8, ssrc: UInt32 = 0x2222) -> Self {
        var parameters = Self(codec, ssrc: ssrc, payloadType: 98)
        parameters.rtxSSRC = codec.isVideo ? ssrc + 1 : nil
        parameters.rtxPayloadType = codec.isVideo ? 99 : nil
        parameters.mid = "0"
        parameters.midID = 9
        parameters.absoluteSendTimeID = 10
        parameters.transportWideCCID = 11
        parameters.packetsPerFrame = codec.isVideo ? 3 : 1
        parameters.packetsPerKeyFrame = codec.isVideo ? 8 : 1
        return parameters
    }
}

// MARK: Simulcast

extension PublishedStream.Parameters {
    /// The encodings of a person's camera with simulcast, lowest first, as a browser sends them.
    package static func simulcast(_ codec: SyntheticCodec = .vp8, ssrc: UInt32 = 0x4000) -> [Self] {
        ["q", "h", "f"].enumerated().map { index, rid in
            var parameters = camera(codec, ssrc: ssrc + 16 * UInt32(index))
            parameters.rid = rid
            parameters.encoding = UInt8(index)
            parameters.ridID = 12
            parameters.repairedRIDID = 13
            parameters.temporalLayers = codec == .vp8 ? 3 : nil
            parameters.packetsPerFrame = 1 + index
            parameters.packetsPerKeyFrame = 2 + 3 * index
            return parameters
        }
    }
}

extension RTPParameters {
    /// As a browser publishes the encodings of one camera: by their RIDs.
    package static func simulcast(_ streams: [PublishedStream.Parameters]) -> Self {
        var parameters = published(streams[0])
        parameters.headerExtensions += [
            RTPHeaderExtensionParameters(.rid, id: 12), RTPHeaderExtensionParameters(.repairedRID, id: 13),
        ]
        parameters.encodings = streams.map { RTPEncodingParameters(rid: $0.rid) }
        return parameters
    }
}
