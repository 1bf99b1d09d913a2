package import Access
package import SFU

/// What a client loads its device with: mediasoup's *RtpCapabilities* of a router.
package struct RouterCapabilities: Hashable, Sendable {
    private let audio: [RTPCodecParameters]
    private let video: [RTPCodecParameters]

    /// - Parameters: The codecs of both kinds, each followed by its retransmission codec; payload types are unique over both.
    package init(audio: [RTPCodecParameters], video: [RTPCodecParameters]) {
        // Redundant audio is negotiated otherwise by these clients.
        self.audio = audio.filter { $0.codec != .red }
        self.video = video
        let types = (self.audio + video).map(\.payloadType)
        precondition(Set(types).count == types.count, "each payload type means one codec")
    }

    package var mediasoup: JSONObject {
        func codecs(_ kind: MediaKind, _ codecs: [RTPCodecParameters]) -> [JSONValue] {
            codecs.map { $0.json(of: kind, payloadTypeName: "preferredPayloadType", withKind: true) }
        }
        return JSONObject([
            "codecs": .array(codecs(.audio, audio) + codecs(.video, video)),
            "headerExtensions": .array(
                Self.extensions.flatMap { offered in
                    offered.kinds.map { kind in
                        .object(
                            JSONObject([
                                "kind": .string(kind.rawValue), "uri": .string(offered.uri),
                                "preferredId": .integer(offered.id), "preferredEncrypt": .bool(false),
                                "direction": .string(offered.direction),
                            ])
                        )
                    }
                }
            ),
        ])
    }

    private struct Extension {
        let id: Int64
        let uri: String
        let kinds: [MediaKind]
        /// The router's: `recvonly` is only taken from clients, and never sent to them.
        let direction: String

        init(_ id: Int64, _ uri: String, _ kinds: [MediaKind], _ direction: String = "recvonly") {
            (self.id, self.uri, self.kinds, self.direction) = (id, uri, kinds, direction)
        }

        init(
            _ id: Int64,
            _ known: RTPHeaderExtensionURI,
            _ kinds: [MediaKind],
            _ direction: String = "recvonly"
        ) {
            self.init(id, known.rawValue, kinds, direction)
        }
    }

    /// Every extension that Chromium offers, also those of which the Worker knows nothing: of a router that leaves some out
    /// Chromium 148 says "RTP extension ID reassignment not supported" (mediasoup-client, issue 368).
    private static let extensions = [
        Extension(1, .mid, [.audio, .video], "sendrecv"),
        Extension(2, .rid, [.video]),
        Extension(3, .repairedRID, [.video]),
        Extension(4, .absoluteSendTime, [.audio, .video], "sendrecv"),
        Extension(5, .transportWideCC, [.audio, .video], "sendrecv"),
        Extension(6, .audioLevel, [.audio], "sendrecv"),
        Extension(7, .playoutDelay, [.video], "sendrecv"),
        Extension(8, .dependencyDescriptor, [.video], "sendrecv"),
        Extension(9, "urn:3gpp:video-orientation", [.video]),
        Extension(10, "urn:ietf:params:rtp-hdrext:toffset", [.video]),
        Extension(11, "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time", [.audio, .video]),
        Extension(12, "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00", [.video]),
        Extension(13, "http://www.webrtc.org/experiments/rtp-hdrext/video-content-type", [.video]),
        Extension(14, "http://www.webrtc.org/experiments/rtp-hdrext/video-timing", [.video]),
        Extension(15, "http://www.webrtc.org/experiments/rtp-hdrext/color-space", [.video]),
    ]
}
