package import Access
package import SFU

/// mediasoup's *RtpCapabilities* of a client: what it can receive, of both kinds, with the payload types and extension ids
/// that are to be used toward it.
package struct MediasoupCapabilities: Hashable, Sendable {
    private var codecs: [MediaKind: [RTPCodecParameters]] = [:]
    private var headerExtensions: [MediaKind: [RTPHeaderExtensionParameters]] = [:]

    /// Passes over what the Worker does not know, and what the client only sends.
    package init(mediasoup object: JSONObject) throws(MediasoupError) {
        let fields = JSONFields(object, at: "rtpCapabilities")
        var taken: Set<UInt8> = []
        for entry in try fields.list("codecs", limit: RTPParameters.maximumCodecs) {
            guard let kind = try Self.kind(entry) else { throw entry.wrong("kind", "is missing") }
            guard let codec = try RTPCodecParameters(entry, payloadTypeName: "preferredPayloadType"),
                codec.codec == .rtx || codec.codec.kind == kind
            else { continue }
            guard taken.insert(codec.payloadType).inserted else {
                throw entry.wrong("preferredPayloadType", "is there twice")
            }
            codecs[kind, default: []].append(codec)
        }
        for entry in try fields.list("headerExtensions", limit: RTPParameters.maximumExtensions) {
            let kind = try Self.kind(entry)
            let uri = try entry.text("uri")
            let id = UInt8(try entry.integer("preferredId", in: 1...255))
            let direction = try entry.optionalText("direction") ?? "sendrecv"
            guard let known = RTPHeaderExtensionURI(rawValue: uri),
                direction == "sendrecv" || direction == "recvonly",
                try entry.optionalBool("preferredEncrypt") != true
            else { continue }
            for kind in kind.map({ [$0] }) ?? [.audio, .video] {
                let others = headerExtensions[kind, default: []]
                guard !others.contains(where: { $0.id == id || $0.uri == known }) else {
                    throw entry.wrong("preferredId", "or its uri is there twice")
                }
                headerExtensions[kind] = others + [RTPHeaderExtensionParameters(known, id: id)]
            }
        }
    }

    /// What the client takes of streams of `kind`; without codecs if it takes none.
    package func of(_ kind: MediaKind) -> RTPCapabilities {
        RTPCapabilities(
            codecs: codecs[kind, default: []].paired(),
            headerExtensions: headerExtensions[kind, default: []]
        )
    }

    /// An empty text is as none: it stands for both kinds.
    private static func kind(_ fields: JSONFields) throws(MediasoupError) -> MediaKind? {
        guard let text = try fields.optionalText("kind"), !text.isEmpty else { return nil }
        guard let kind = MediaKind(rawValue: text) else {
            throw fields.wrong("kind", "is not audio or video")
        }
        return kind
    }
}
