package import SFU
package import WebRTC
internal import Wire

/// A browser's offer to send: its data channels, cameras and microphones (RFC 8829 §5.2).
package struct PublishOffer: Hashable, Sendable {
    package let ice: ICECredentials
    /// What ``Worker/connect(_:dtls:sctp:)`` needs; the role is the one that the answer leaves to the
    /// browser.
    package let dtls: DTLSParameters
    /// `nil` if the browser offers no data channels.
    package let sctp: SCTPParameters?
    /// What the room could receive, in the order of the offer.
    package let media: [PublishedMedia]
    /// What the browser means to send and the room cannot receive.
    package let refused: [Rejection]

    /// A section that is rejected, and what the person is told.
    package struct Rejection: Hashable, Sendable {
        package let mid: String
        package let refusal: Refusal
    }

    private let description: SessionDescription
    /// The sections that share the transport and that the room understands, in the order of the group.
    private let usableMIDs: [String]
    /// The places of ``media``, by mid.
    private let places: [String: Int]

    /// - Parameter codecs: What the room takes.
    package init(parsing sdp: String, for codecs: RoomCodecs = RoomCodecs()) throws(NegotiationError) {
        description = try SessionDescription(reading: sdp)
        var media: [PublishedMedia] = []
        var sctp: SCTPParameters?
        var usable: [MediaDescription] = []
        var refused: [Rejection] = []
        let bundle = try description.bundle()
        for section in bundle {
            guard let mid = section.mid else { continue }
            if let published = try PublishedMedia(reading: section, mid: mid, for: codecs) {
                media.append(published)
            } else if sctp == nil, let parameters = SCTPParameters(reading: section) {
                sctp = parameters
            } else {
                if let refusal = section.refusal(codecs) {
                    refused.append(Rejection(mid: mid, refusal: refusal))
                }
                continue
            }
            usable.append(section)
        }
        let bundled = Set(bundle.lazy.compactMap(\.mid))
        for section in description.media {
            guard let mid = section.mid, !bundled.contains(mid), !section.isRejected, section.isSending
            else { continue }
            let refusal = section.refusal("it has a transport of its own")
            refused.append(Rejection(mid: mid, refusal: refusal))
        }
        // RFC 8843 §7.2: the first section speaks for all.
        guard let first = usable.first else {
            throw .unsupported("there is no section that the room understands")
        }
        let transport = try RemoteTransport(of: first, in: description)
        ice = transport.ice
        dtls = DTLSParameters(
            role: transport.setup == .passive ? .server : .client,
            fingerprints: transport.fingerprints
        )
        self.media = media
        self.refused = refused
        self.sctp = sctp
        usableMIDs = usable.compactMap(\.mid)
        places = Dictionary(media.enumerated().map { ($1.mid, $0) }) { first, _ in first }
    }

    /// Writes the answer: the data channels and the media in `accepted` are received, other media rest, so
    /// that the browser may send them later, and what the room does not understand is rejected.
    ///
    /// - Parameter accepted: The mids of the media to receive.
    package func answer(transport: WebRTCTransportParameters, accepting accepted: Set<String> = []) -> String
    {
        var answer = transport.description(
            version: version,
            bundling: usableMIDs,
            allowsMixed: description.attributes.has(WebRTCTransportParameters.allowMixed)
        )
        let setup: RemoteTransport.Setup = dtls.role == .client ? .passive : .active
        let usable = Set(usableMIDs)
        for section in description.media {
            let mid = section.mid ?? ""
            if let place = places[mid] {
                answer.media.append(
                    media[place].answer(
                        to: section,
                        transport: transport,
                        setup: setup,
                        isAccepted: accepted.contains(mid)
                    )
                )
            } else if usable.contains(mid) {
                answer.media.append(transport.dataSection(setup: setup, mid: mid))
            } else {
                answer.media.append(section.rejection)
            }
        }
        return answer.text
    }

    /// The browser counts its offers (RFC 3264 §8), so the answers count with them.
    private var version: Int {
        let fields = description.origin.split(separator: " ")
        return fields.count > 2 ? Int(fields[2]) ?? 0 : 0
    }
}

extension PublishedMedia {
    fileprivate func answer(
        to section: MediaDescription,
        transport: WebRTCTransportParameters,
        setup: RemoteTransport.Setup,
        isAccepted: Bool
    ) -> MediaDescription {
        var answer = MediaDescription(kind: section.kind, transport: section.transport, formats: [])
        transport.write(setup: setup, mid: mid, into: &answer)
        answer.writeRTP(direction: isAccepted && isActive ? "recvonly" : "inactive")
        if section.attributes.has(WebRTCTransportParameters.allowMixed) {
            answer.attributes.append(SDPAttribute(WebRTCTransportParameters.allowMixed))
        }
        RTPCapabilities(codecs: parameters.codecs, headerExtensions: parameters.headerExtensions)
            .write(into: &answer)
        let layers = parameters.encodings.compactMap(\.rid)
        guard !layers.isEmpty else { return answer }
        for layer in layers { answer.attributes.append(SDPAttribute("rid", "\(layer) recv")) }
        answer.attributes.append(SDPAttribute("simulcast", "recv " + layers.joined(separator: ";")))
        return answer
    }
}

extension MediaDescription {
    /// Whether it is of media that the browser means to send.
    var isSending: Bool {
        MediaKind(rawValue: kind) != nil && !attributes.has("recvonly") && !attributes.has("inactive")
    }

    /// Why the room cannot receive what the section sends; `nil` if it sends nothing.
    fileprivate func refusal(_ codecs: RoomCodecs) -> Refusal? {
        guard isSending, let kind = MediaKind(rawValue: kind) else { return nil }
        guard PublishedMedia.transports.contains(transport) else {
            return refusal("it is not sent by RTP over DTLS")
        }
        let names = codecs.published(kind).map(\.rawValue).joined(separator: " nor ")
        return refusal("the browser offers neither \(names) in a form that the room takes")
    }

    fileprivate func refusal(_ reason: String) -> Refusal {
        Refusal(notTaken: kind == "video" ? .video : .audio, because: reason)
    }

    /// The answer that refuses a section (RFC 3264 §6).
    var rejection: MediaDescription {
        var answer = MediaDescription(kind: kind, port: 0, transport: transport, formats: formats)
        if let mid = attributes.first("mid") { answer.attributes.append(SDPAttribute("mid", mid)) }
        answer.attributes.append(SDPAttribute("inactive"))
        return answer
    }
}
