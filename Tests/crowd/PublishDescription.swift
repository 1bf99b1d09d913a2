internal import Participant
internal import WebRTC
internal import Wire

/// The offer of a participant's camera in three sizes, microphone and data channels, and its answer.
struct PublishDescription {
    let local = ICECredentials.random()
    let hasVideo: Bool
    let hasAudio: Bool
    let audioSSRC = UInt32.random(in: 1 ... .max)

    static let audioMID = "1"
    static let videoMID = "2"
    /// Smallest first, as the page names them.
    static let rids = ["q", "h", "f"]

    func offer(_ fingerprint: DTLSFingerprint) -> String {
        var offer = SessionDescription(
            origin: "- 1 1 IN IP4 127.0.0.1",
            attributes: [SDPAttribute("group", "BUNDLE " + mids.joined(separator: " "))]
        )
        var data = Description.section("application", "UDP/DTLS/SCTP", ["webrtc-datachannel"], mid: "0")
        data.attributes.append(SDPAttribute("sctp-port", "5000"))
        data.attributes.append(SDPAttribute("max-message-size", "262144"))
        offer.media = [data]
        if hasAudio {
            var section = Description.section("audio", Description.rtp, ["111"], mid: Self.audioMID)
            section.add(["rtpmap:111 opus/48000/2", "rtcp-fb:111 transport-cc", "fmtp:111 useinbandfec=1"])
            section.add(Self.extensions(.audio) + ["sendonly", "rtcp-mux"])
            section.add(["ssrc:\(audioSSRC) cname:crowd"])
            offer.media.append(section)
        }
        if hasVideo {
            var section = Description.section("video", Description.rtp, ["96", "97"], mid: Self.videoMID)
            section.add(["rtpmap:96 VP8/90000", "rtpmap:97 rtx/90000", "fmtp:97 apt=96"])
            section.add(["nack", "nack pli", "transport-cc", "goog-remb"].map { "rtcp-fb:96 \($0)" })
            section.add(Self.extensions(.video) + ["sendonly", "rtcp-mux"])
            section.add(Self.rids.map { "rid:\($0) send" })
            section.add(["simulcast:send " + Self.rids.joined(separator: ";")])
            offer.media.append(section)
        }
        for index in offer.media.indices {
            Description.identify(&offer.media[index], local, fingerprint, setup: "actpass")
        }
        return offer.text
    }

    private var mids: [String] {
        ["0"] + (hasAudio ? [Self.audioMID] : []) + (hasVideo ? [Self.videoMID] : [])
    }

    private enum Kind { case audio, video }

    private static func extensions(_ kind: Kind) -> [String] {
        let common = [
            "extmap:\(Description.mid) urn:ietf:params:rtp-hdrext:sdes:mid",
            "extmap:\(Description.transportWideCC) \(Description.transportWideCCURI)",
        ]
        switch kind {
        case .audio:
            return common + ["extmap:\(Description.audioLevel) urn:ietf:params:rtp-hdrext:ssrc-audio-level"]
        case .video:
            return common + [
                "extmap:\(Description.rid) urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
                "extmap:\(Description.repairedRID) urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
            ]
        }
    }
}

// MARK: What is sent

extension PublishDescription {
    /// Of synthetic pictures, bit/s.
    static let bitrates = [150_000, 500_000, 1_500_000]

    /// The streams, as the offer tells of them.
    func streams(_ random: inout SplitMix64) -> [PublishedStream.Parameters] {
        var streams: [PublishedStream.Parameters] = []
        if hasAudio {
            var parameters = PublishedStream.Parameters(.opus, ssrc: audioSSRC, payloadType: 111)
            parameters.mid = Self.audioMID
            parameters.audioLevelID = Description.audioLevel
            streams.append(parameters)
        }
        for (index, rid) in Self.rids.enumerated() where hasVideo {
            var parameters = PublishedStream.Parameters(.vp8, ssrc: random.ssrc(), payloadType: 96)
            parameters.rtxSSRC = random.ssrc()
            parameters.rtxPayloadType = 97
            parameters.mid = Self.videoMID
            parameters.rid = rid
            parameters.encoding = UInt8(index)
            parameters.ridID = Description.rid
            parameters.repairedRIDID = Description.repairedRID
            streams.append(parameters)
        }
        for index in streams.indices {
            streams[index].midID = Description.mid
            streams[index].transportWideCCID = Description.transportWideCC
        }
        return streams
    }
}

extension SplitMix64 {
    fileprivate mutating func ssrc() -> UInt32 { .random(in: 1 ... .max, using: &self) }
}
