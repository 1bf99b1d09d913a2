package import SFU
package import WebRTC
internal import Wire

/// An offer to receive the desk, which comes from outside (WHEP): what its sender takes, and the room's answer to it.
package struct ViewOffer: Hashable, Sendable {
    package let ice: ICECredentials
    /// What ``Worker/connect(_:dtls:sctp:)`` needs.
    package let dtls: DTLSParameters
    /// Of each section that the room can fill what its receiver takes, by mid.
    package let accepted: [String: RTPCapabilities]
    /// Whether there is a section for each of these kinds, and none of them could be filled.
    package let unanswerable: Set<MediaKind>
    private let description: SessionDescription

    /// - Parameter codecs: What the room sends.
    package init(parsing sdp: String, for codecs: RoomCodecs = RoomCodecs()) throws(NegotiationError) {
        try self.init(SessionDescription(reading: sdp), for: codecs)
    }

    init(_ description: SessionDescription, for codecs: RoomCodecs) throws(NegotiationError) {
        self.description = description
        let bundle = try description.bundle().filter(\.isReceiving)
        guard let first = bundle.first else {
            throw .unsupported("there is no section to receive anything with")
        }
        let remote = try RemoteTransport(of: first, in: description)
        ice = remote.ice
        dtls = DTLSParameters(
            role: remote.setup == .passive ? .server : .client,
            fingerprints: remote.fingerprints
        )
        var accepted: [String: RTPCapabilities] = [:]
        var unanswerable: Set<MediaKind> = []
        for section in bundle {
            guard let mid = section.mid, let kind = MediaKind(rawValue: section.kind) else { continue }
            guard section.attributes.has("rtcp-mux") else { throw .unsupported("RTCP on a port of its own") }
            if let capabilities = try RTPCapabilities(desk: kind, for: section, codecs) {
                accepted[mid] = capabilities
            } else {
                unanswerable.insert(kind)
            }
        }
        self.accepted = accepted
        self.unanswerable = unanswerable
    }

    /// The first section of a kind that can be filled, and that is not one of `taken`.
    func mid(of kind: MediaKind, besides taken: Set<String>) -> String? {
        description.media.first { section in
            section.kind == kind.rawValue
                && section.mid.map { accepted[$0] != nil && !taken.contains($0) } ?? false
        }?.mid
    }

    /// Writes the answer: what is in `slots` is sent, and other sections are rejected.
    func answer(transport: WebRTCTransportParameters, slots: [SubscribeSlot]) -> String {
        let active = Dictionary(slots.filter(\.isActive).map { ($0.mid, $0) }) { first, _ in first }
        let mids = description.media.compactMap(\.mid).filter { active[$0] != nil && accepted[$0] != nil }
        var answer = transport.description(version: 0, bundling: mids, allowsMixed: false)
        for section in description.media {
            guard let mid = section.mid, let slot = active[mid], let capabilities = accepted[mid] else {
                answer.media.append(section.rejection)
                continue
            }
            var media = MediaDescription(kind: section.kind, transport: section.transport, formats: [])
            // It is never left to the other side (RFC 8842 §5.3).
            transport.write(setup: dtls.role == .client ? .passive : .active, mid: mid, into: &media)
            media.writeRTP(direction: "sendonly")
            capabilities.write(into: &media)
            media.write(slot)
            answer.media.append(media)
        }
        return answer.text
    }
}

extension RTPCapabilities {
    /// What a section takes of the desk, best first; `nil`: nothing.
    fileprivate init?(
        desk kind: MediaKind,
        for section: MediaDescription,
        _ codecs: RoomCodecs
    ) throws(NegotiationError) {
        guard PublishedMedia.transports.contains(section.transport) else { return nil }
        let own = codecs.ofDesk(kind)
        var found = try RTPCapabilities(reading: section, own.map(\.codec), refusing: "sendonly")
        // One is sent, and an answer says which.
        guard let best = found.codecs.first else { return nil }
        found.codecs = found.codecs.filter { $0 == best || $0.associatedPayloadType == best.payloadType }.map
        {
            var codec = $0
            codec.rtcpFeedback.formIntersection(own.first { $0.codec == codec.codec }?.rtcpFeedback ?? [])
            return codec
        }
        let known = Set(codecs.headerExtensions(of: kind).map(\.uri))
        // Whoever does not drive need not have each picture at once, at the price of a smooth one.
        found.headerExtensions.removeAll { !known.contains($0.uri) || $0.uri == .playoutDelay }
        self = found
    }
}

extension MediaDescription {
    /// Whether it is of media that its sender means to receive.
    var isReceiving: Bool {
        MediaKind(rawValue: kind) != nil && !attributes.has("sendonly") && !attributes.has("inactive")
    }
}
