internal import Participant
internal import Wire

/// What both sides know without an offer and an answer.
enum Negotiated {
    static let transportWideCCID: UInt8 = 3
    static let audioLevelID: UInt8 = 5
    static let video: UInt8 = 96
    static let videoRTX: UInt8 = 97
    static let audio: UInt8 = 111
}

extension PublishedStream.Parameters {
    /// 2.5 Mbit/s at 30 frames a second, a key frame four times as large as another.
    static func deskVideo(_ ssrc: UInt32) -> Self {
        var parameters = Self(.vp8, ssrc: ssrc, payloadType: Negotiated.video)
        parameters.payloadLength = 1_188
        parameters.packetsPerFrame = 9
        parameters.packetsPerKeyFrame = 36
        return parameters
    }

    /// 50 packets a second.
    static func deskAudio(_ ssrc: UInt32) -> Self { Self(.opus, ssrc: ssrc, payloadType: Negotiated.audio) }

    /// 600 kbit/s at 25 frames a second.
    static func camera(_ ssrc: UInt32, rtx: UInt32) -> Self {
        var parameters = Self(.vp8, ssrc: ssrc, payloadType: Negotiated.video)
        parameters.rtxSSRC = rtx
        parameters.rtxPayloadType = Negotiated.videoRTX
        parameters.transportWideCCID = Negotiated.transportWideCCID
        parameters.frameInterval = .milliseconds(40)
        parameters.payloadLength = 980
        parameters.packetsPerFrame = 3
        parameters.packetsPerKeyFrame = 10
        return parameters
    }

    static func microphone(_ ssrc: UInt32) -> Self {
        var parameters = deskAudio(ssrc)
        parameters.transportWideCCID = Negotiated.transportWideCCID
        parameters.audioLevelID = Negotiated.audioLevelID
        return parameters
    }
}

extension ReceivedStream.Parameters {
    static func video(_ ssrc: UInt32, rtx: UInt32?) -> Self {
        Self(
            ssrc: ssrc,
            rtxSSRC: rtx,
            clockRate: 90_000,
            isVideo: true,
            asksAgain: true,
            transportWideCCID: Negotiated.transportWideCCID
        )
    }

    static func audio(_ ssrc: UInt32) -> Self {
        Self(
            ssrc: ssrc,
            clockRate: 48_000,
            isVideo: false,
            asksAgain: false,
            transportWideCCID: Negotiated.transportWideCCID
        )
    }
}
