internal import SFU
package import WebRTC
package import Wire

/// The offer of somebody outside, as far as it is looked at before they are let in (RFC 9725 §4.4, WHEP §4.4).
package struct OutsideOffer: Hashable, Sendable {
    /// As it came; after an ICE restart with the newest credentials.
    package private(set) var sdp: String
    package private(set) var ice: ICECredentials
    /// Of a viewer: what they take.
    package let view: ViewOffer?

    /// - Throws: If it is no offer of one picture, one sound or both, on one transport.
    package init(
        parsing sdp: String,
        by client: OutsideClient,
        for codecs: RoomCodecs = RoomCodecs()
    ) throws(NegotiationError) {
        let description = try SessionDescription(reading: sdp)
        for (kind, name) in [("audio", "sound"), ("video", "picture")] {
            guard description.media.count(where: { $0.kind == kind }) <= 1 else {
                throw .unsupported("there is more than one section of \(name), and one is what is taken")
            }
        }
        guard description.media.allSatisfy({ ["audio", "video"].contains($0.kind) }) else {
            throw .unsupported("there is a section of something else than sound and picture")
        }
        guard description.media.count < 2 || description.attributes.all("group").contains(where: \.isBundle)
        else {
            throw .unsupported("sound and picture have a transport each, and have to share one (BUNDLE)")
        }
        let bundle = try description.bundle()
        let fits: (MediaDescription) -> Bool = { client == .viewer ? $0.isReceiving : $0.isSending }
        guard let first = bundle.first(where: fits) else {
            throw .unsupported(
                client == .viewer
                    ? "there is no section to receive anything with" : "no section sends anything"
            )
        }
        if client == .publisher { try Self.check(bundle.filter(\.isSending), codecs) }
        ice = try RemoteTransport(of: first, in: description).ice
        view = client == .viewer ? try ViewOffer(description, for: codecs) : nil
        self.sdp = sdp
    }

    /// - Throws: If there is none of these sections in a form that the room takes.
    private static func check(
        _ sections: [MediaDescription],
        _ codecs: RoomCodecs
    ) throws(NegotiationError) {
        var names: [String] = []
        for section in sections {
            guard let mid = section.mid, let kind = MediaKind(rawValue: section.kind) else { continue }
            if try PublishedMedia(reading: section, mid: mid, for: codecs) != nil { return }
            names.append(codecs.published(kind).map(\.rawValue).joined(separator: " nor "))
        }
        let all = names.joined(separator: " nor ")
        throw .unsupported("it is offered neither \(all) in a form that it takes")
    }

    /// Whether the room can send what is asked for; otherwise it offers what it has.
    package var isAnswerable: Bool {
        guard let view else { return true }
        return view.unanswerable.isEmpty && !view.accepted.isEmpty
    }

    /// The sender's ICE begins anew, with these credentials, and nothing else of the offer changes.
    package mutating func restart(_ ice: ICECredentials) {
        self.ice = ice
        sdp = Self.replacing(ice, in: sdp)
    }

    /// What the peer says of itself from now on, by an answer to the room's own offer.
    package mutating func replace(by answer: String) {
        sdp = answer
        let fragment = TrickleFragment(of: answer)
        guard let name = fragment.usernameFragment, let password = fragment.password else { return }
        ice = ICECredentials(usernameFragment: name, password: password)
    }

    /// A description with other ICE credentials, and without the candidates that belonged to the former ones.
    package static func replacing(_ ice: ICECredentials, in sdp: String) -> String {
        sdp.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.compactMap { scalars -> String? in
            let line = String(scalars)
            if line.hasPrefix("a=ice-ufrag:") { return "a=ice-ufrag:\(ice.usernameFragment)" }
            if line.hasPrefix("a=ice-pwd:") { return "a=ice-pwd:\(ice.password)" }
            return line.hasPrefix("a=candidate:") ? nil : line
        }
        .map { $0 + "\r\n" }.joined()
    }
}

extension TrickleFragment {
    /// What a description of the room's says of its ICE.
    package init(of sdp: String) {
        let description = try? SessionDescription(reading: sdp)
        let bundle = (try? description?.bundle()) ?? []
        let first = bundle.first
        let common = description?.attributes ?? []
        self.init(
            usernameFragment: first?.attributes.first("ice-ufrag") ?? common.first("ice-ufrag"),
            password: first?.attributes.first("ice-pwd") ?? common.first("ice-pwd"),
            mids: bundle.compactMap(\.mid),
            candidates: first?.attributes.all("candidate") ?? [],
            isICELite: true,
            isComplete: true
        )
    }
}

extension String {
    fileprivate var isBundle: Bool { self == "BUNDLE" || hasPrefix("BUNDLE ") }
}
