internal import Participant
internal import WebRTC
internal import Wire

/// The room's offer of everything that there is to see and hear, and the answer that takes all of it.
struct SubscribeDescription {
    struct Stream {
        var mid: String
        var parameters: ReceivedStream.Parameters
    }

    let remote: Description.Remote
    /// Of the sections that do not rest.
    private(set) var streams: [Stream] = []
    private let offer: SessionDescription

    init?(_ sdp: String) {
        guard let offer = try? SessionDescription(parsing: sdp), let first = offer.media.first,
            let remote = Description.Remote(first)
        else { return nil }
        self.offer = offer
        self.remote = remote
        streams = offer.media.compactMap { Self.stream($0) }
    }

    func answer(_ local: ICECredentials, _ fingerprint: DTLSFingerprint) -> String {
        var answer = SessionDescription(
            origin: "- 2 1 IN IP4 127.0.0.1",
            attributes: [
                SDPAttribute("group", offer.attributes.first("group") ?? "")
            ]
        )
        answer.media = offer.media.map { offered in
            var section = MediaDescription(
                kind: offered.kind,
                transport: offered.transport,
                formats: offered.formats
            )
            for attribute in offered.attributes {
                switch attribute.name {
                case "mid", "rtpmap", "rtcp-fb", "fmtp", "extmap", "rtcp-mux", "sctp-port",
                    "max-message-size",
                    "inactive":
                    section.attributes.append(attribute)
                case "sendonly": section.attributes.append(SDPAttribute("recvonly"))
                default: break
                }
            }
            Description.identify(&section, local, fingerprint, setup: "active")
            return section
        }
        return answer.text
    }

    private static func stream(_ section: MediaDescription) -> Stream? {
        guard section.attributes.has("sendonly"), let mid = section.attributes.first("mid") else {
            return nil
        }
        var ssrcs: [UInt32] = []
        for line in section.attributes.all("ssrc") {
            guard let ssrc = UInt32(line.prefix { $0 != " " }), !ssrcs.contains(ssrc) else { continue }
            ssrcs.append(ssrc)
        }
        guard let ssrc = ssrcs.first else { return nil }
        let isVideo = section.kind == "video"
        var parameters = ReceivedStream.Parameters(
            ssrc: ssrc,
            rtxSSRC: ssrcs.count > 1 ? ssrcs[1] : nil,
            clockRate: isVideo ? 90_000 : 48_000,
            isVideo: isVideo,
            asksAgain: isVideo
        )
        for line in section.attributes.all("extmap") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, fields[1] == Description.transportWideCCURI else { continue }
            parameters.transportWideCCID = UInt8(fields[0])
        }
        parameters.codecs = codecs(section)
        return Stream(mid: mid, parameters: parameters)
    }

    private static func codecs(_ section: MediaDescription) -> [UInt8: SyntheticCodec] {
        var codecs: [UInt8: SyntheticCodec] = [:]
        for line in section.attributes.all("rtpmap") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, let type = UInt8(fields[0]) else { continue }
            let name = fields[1].prefix { $0 != "/" }.lowercased()
            codecs[type] = ["h264": .h264, "opus": .opus, "vp8": .vp8][name]
        }
        for line in section.attributes.all("fmtp") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, fields[1].hasPrefix("apt="), let type = UInt8(fields[0]),
                let media = UInt8(fields[1].dropFirst(4))
            else { continue }
            codecs[type] = codecs[media]
        }
        return codecs
    }
}
