package import SFU
internal import Wire

/// A camera, a microphone or a screen that a browser offers to send.
package struct PublishedMedia: Hashable, Sendable {
    package var mid: String
    package var kind: MediaKind
    /// The `MediaStream` and track it belongs to (RFC 8830), if the browser says.
    package var streamID: String?
    package var trackID: String?
    /// What ``Worker/produce(on:kind:parameters:streamID:)`` needs; encodings are by RID for simulcast, else
    /// by SSRC.
    package var parameters: RTPParameters
    /// Whether the browser means to send now.
    package var isActive: Bool

    /// What a program announces without an offer.
    init(mid: String, kind: MediaKind, parameters: RTPParameters) {
        self.mid = mid
        self.kind = kind
        self.parameters = parameters
        isActive = true
    }

    /// RTP over DTLS: RFC 8829 §5.1.2, and what older senders write.
    static let transports: Set = ["RTP/SAVPF", "TCP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVPF"]

    /// Reads a section; `nil` if it is not RTP over DTLS, or has no codec that the room takes.
    init?(
        reading section: MediaDescription,
        mid: String,
        for codecs: RoomCodecs
    ) throws(NegotiationError) {
        guard
            let kind = MediaKind(rawValue: section.kind),
            Self.transports.contains(section.transport)
        else { return nil }
        var capabilities = try RTPCapabilities(
            reading: section,
            codecs.published(kind),
            refusing: "recvonly"
        )
        if kind == .video { capabilities.settle() }
        guard !capabilities.codecs.isEmpty else { return nil }
        guard section.attributes.has("rtcp-mux") else { throw .unsupported("RTCP on a port of its own") }

        self.mid = mid
        self.kind = kind
        let name = section.attributes.first("msid")?.split(separator: " ") ?? []
        streamID = name.first.flatMap { $0 == "-" ? nil : String($0) }
        trackID = name.count > 1 ? String(name[1]) : nil
        isActive = !section.attributes.has("recvonly") && !section.attributes.has("inactive")
        let sources = SourceLines(section.attributes)
        parameters = RTPParameters(
            mid: mid,
            codecs: capabilities.codecs,
            headerExtensions: capabilities.headerExtensions,
            encodings: sources.encodings,
            rtcp: RTCPParameters(cname: sources.cname)
        )
    }
}

extension RTPCapabilities {
    /// Leaves the best codec alone, and what belongs to it: a picture comes in one codec, and whoever does
    /// not decode that one must be told.
    fileprivate mutating func settle() {
        guard let best = codecs.first else { return }
        codecs.removeAll { $0 != best && $0.associatedPayloadType != best.payloadType }
        // The others' descriptors are of no use to anybody.
        if best.codec != .av1 { headerExtensions.removeAll { $0.uri == .dependencyDescriptor } }
    }
}

/// The lines `ssrc` and `ssrc-group` (RFC 5576), `rid` (RFC 8851) and `simulcast` (RFC 8853).
private struct SourceLines {
    private(set) var encodings: [RTPEncodingParameters] = []
    private(set) var cname: String?

    init(_ attributes: [SDPAttribute]) {
        let names = attributes.all("ssrc").lazy.compactMap { line in
            line.split(separator: " ", maxSplits: 1).last.flatMap {
                $0.hasPrefix("cname:") ? $0.dropFirst(6) : nil
            }
        }
        cname = names.first { !$0.isEmpty }.map(String.init)
        encodings = Self.layers(attributes).map { RTPEncodingParameters(rid: $0) }
        guard encodings.isEmpty else { return }

        // Several streams without RIDs are nothing that browsers send; the first is the one.
        guard
            let line = attributes.first("ssrc"),
            let ssrc = UInt32(line.prefix { $0 != " " })
        else {
            // Its packets say whose they are (RFC 8843 §9.2).
            encodings = [RTPEncodingParameters()]
            return
        }
        var encoding = RTPEncodingParameters(ssrc: ssrc)
        for group in attributes.all("ssrc-group") {
            let fields = group.split(separator: " ")
            guard fields.count == 3, fields[0] == "FID", UInt32(fields[1]) == ssrc else { continue }
            encoding.rtxSSRC = UInt32(fields[2])
        }
        encodings = [encoding]
    }

    /// The first alternative of each layer in `a=simulcast:send`, in order; `~` marks one that is paused.
    private static func layers(_ attributes: [SDPAttribute]) -> [String] {
        let fields = attributes.first("simulcast")?.split(separator: " ") ?? []
        guard let send = fields.firstIndex(of: "send"), send + 1 < fields.count else { return [] }
        let layers = fields[send + 1].split(separator: ";").compactMap { layer in
            layer.split(separator: ",").first.map { String($0.drop { $0 == "~" }) }
        }
        return layers.prefix(maximumLayers).filter { (1...255).contains($0.utf8.count) }
    }

    private static let maximumLayers = 4
}
