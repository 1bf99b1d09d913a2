package import SFU
package import WebRTC
internal import Wire

/// The room's side of a connection on which it sends: it offers, the browser answers (RFC 8829 §5.2, §5.3).
///
/// Change the slots, make an ``offer()``, ``read(_:id:)`` its answer, and ``endOffer()``. Sections keep their place
/// and mid for ever; data channels come first, so that the section that speaks for the transport never rests.
package struct SubscribeSession: Sendable {
    /// In the order of the sections.
    package private(set) var slots: [SubscribeSlot] = []
    private var transport: WebRTCTransportParameters
    private let codecs: RoomCodecs
    private let style: SubscribeStyle
    private var newestOffer = 0
    private var isAnswered = true
    private var usedSSRCs: Set<UInt32> = [0]
    /// The place of each section.
    private var places: [String: Int] = [:]
    /// How many sections the newest offer has beside that of the data channels.
    private var offeredCount = 0

    /// - Parameter codecs: What the room sends.
    package init(
        transport: WebRTCTransportParameters,
        codecs: RoomCodecs = RoomCodecs(),
        style: SubscribeStyle = .page
    ) {
        self.transport = transport
        self.codecs = codecs
        self.style = style
    }

    /// Finds a section for a stream: one that rests, or a new one.
    ///
    /// - Parameters:
    ///   - streamID: Without spaces. Streams that must not wait for one another, such as the desk's picture
    ///     and its sound, have different ones.
    ///   - trackID: Without spaces.
    ///   - favourite: The codec to list first: what the stream is sent in.
    package mutating func add(
        _ kind: MediaKind,
        streamID: String,
        trackID: String,
        favourite: RTPCodec? = nil
    ) -> SubscribeSlot {
        let rested = slots.firstIndex { !$0.isActive && $0.kind == kind }
        var mid = String(slots.count + 1)
        if case .answer(let offer) = style {
            // What its sender knows of a section holds for good.
            mid = offer.mid(of: kind, besides: Set(slots.map(\.mid))) ?? mid
        } else if let rested {
            mid = slots[rested].mid
        }
        let slot = SubscribeSlot(
            mid: mid,
            kind: kind,
            // RFC 9725 §4.4.2, and the same for WHEP: one stream.
            streamID: style.isOutside ? "desk" : streamID,
            trackID: trackID,
            ssrc: unusedSSRC(),
            rtxSSRC: kind == .video ? unusedSSRC() : nil,
            favourite: favourite
        )
        if let rested, slots[rested].mid == mid {
            slots[rested] = slot
        } else {
            places[slot.mid] = slots.count
            slots.append(slot)
        }
        return slot
    }

    /// Whether there is a section for a stream, or can be: an offer that is answered has what it has.
    package func hasPlace(for kind: MediaKind) -> Bool {
        guard case .answer(let offer) = style else { return true }
        return offer.mid(of: kind, besides: Set(slots.map(\.mid))) != nil
    }

    /// Lets a section rest.
    package mutating func remove(mid: String) {
        if let place = places[mid] { slots[place].isActive = false }
    }

    /// Puts the credentials of an ICE restart into the offers from now on (RFC 8839 §4.4.1.1.1).
    package mutating func restartICE(_ credentials: ICECredentials) {
        transport.iceCredentials = credentials
    }

    package mutating func setCandidates(_ candidates: [ICECandidate]) {
        transport.candidates = candidates
    }

    /// Makes an offer of the slots as they are, and outdates the one before.
    package mutating func offer() -> SubscribeOffer {
        newestOffer += 1
        isAnswered = false
        offeredCount = slots.count
        return SubscribeOffer(id: newestOffer, session: self)
    }

    /// The newest offer as text.
    var offerText: String {
        if case .answer(let offer) = style { return offer.answer(transport: transport, slots: slots) }
        let mids = offered
        var offer = transport.description(version: newestOffer, bundling: mids, allowsMixed: true)
        if !style.isOutside {
            offer.media.append(transport.dataSection(setup: .actpass, mid: Self.dataMID))
        }
        offer.media += slots.map(section)
        return offer.text
    }

    /// The sections of the newest offer.
    private var offered: [String] {
        (style.isOutside ? [] : [Self.dataMID]) + slots.prefix(offeredCount).map(\.mid)
    }

    /// Whether this is the newest offer, and there was no answer yet.
    package func awaits(_ id: Int) -> Bool { id == newestOffer && !isAnswered }

    /// There was an answer to the newest offer, whatever it was.
    package mutating func endOffer() { isAnswered = true }

    /// Reads the answer to the offer `id`.
    ///
    /// - Throws: `outdated` if there is a newer offer, or an answer already.
    package func read(_ sdp: String, id: Int) throws(NegotiationError) -> SubscribeAnswer {
        guard awaits(id) else { throw .outdated }
        if case .answer = style {
            // The offer is what says what its sender takes, and after an ICE restart by which credentials.
            let offer = try ViewOffer(parsing: sdp, for: codecs)
            let active = Set(slots.filter(\.isActive).map(\.mid))
            return SubscribeAnswer(
                ice: offer.ice,
                dtls: offer.dtls,
                accepted: offer.accepted.filter { active.contains($0.key) }
            )
        }
        let description = try SessionDescription(reading: sdp)
        let offered = offered
        guard description.media.count == offered.count,
            zip(description.media, offered).allSatisfy({ $0.mid == $1 || $0.mid == nil && $0.isRejected })
        else {
            throw .invalid("the answer's sections are not those of the offer")
        }
        let bundle = try description.bundle()
        guard let first = bundle.first else { throw .unsupported("the browser accepts no section") }
        guard bundle.count == description.media.count(where: { !$0.isRejected }) else {
            throw .unsupported("more than one transport")
        }
        let remote = try RemoteTransport(of: first, in: description)
        guard remote.setup != .actpass else { throw .invalid("an answer has to choose its DTLS role") }

        var answer = SubscribeAnswer(
            ice: remote.ice,
            dtls: DTLSParameters(
                role: remote.setup == .active ? .client : .server,
                fingerprints: remote.fingerprints
            ),
            accepted: [:]
        )
        for section in bundle {
            guard let mid = section.mid else { continue }
            guard let place = places[mid] else {
                answer.sctp = SCTPParameters(reading: section)
                continue
            }
            let slot = slots[place]
            guard slot.isActive, var accepted = try accepted(section, for: slot) else { continue }
            accepted.allowsMixedExtensions = [description.attributes, section.attributes].contains {
                $0.has(WebRTCTransportParameters.allowMixed)
            }
            answer.accepted[mid] = accepted
        }
        return answer
    }

    /// What a section's answer leaves of what was offered; `nil` for nothing.
    private func accepted(
        _ section: MediaDescription,
        for slot: SubscribeSlot
    ) throws(NegotiationError) -> RTPCapabilities? {
        guard !section.attributes.has("inactive"), !section.attributes.has("sendonly") else { return nil }
        let offered = codecs.codecs(of: slot.kind)
        var accepted = try RTPCapabilities(reading: section, offered.map(\.codec), refusing: "sendonly")
        accepted.codecs = accepted.codecs.compactMap { codec in
            guard
                let own = offered.first(where: { $0.payloadType == codec.payloadType }),
                own.codec == codec.codec,
                own.associatedPayloadType == codec.associatedPayloadType
            else { return nil }
            var codec = codec
            codec.rtcpFeedback.formIntersection(own.rtcpFeedback)
            return codec
        }
        // A retransmission format is worth nothing without what it retransmits.
        let payloadTypes = Set(accepted.codecs.map(\.payloadType))
        accepted.codecs.removeAll { $0.associatedPayloadType.map { !payloadTypes.contains($0) } ?? false }
        let extensions = codecs.headerExtensions(of: slot.kind)
        accepted.headerExtensions.removeAll { !extensions.contains($0) }
        return accepted.codecs.isEmpty ? nil : accepted
    }

    private func section(_ slot: SubscribeSlot) -> MediaDescription {
        var section = MediaDescription(kind: slot.kind.rawValue, transport: "UDP/TLS/RTP/SAVPF", formats: [])
        transport.write(setup: .actpass, mid: slot.mid, into: &section)
        section.writeRTP(direction: slot.isActive ? "sendonly" : "inactive")
        RTPCapabilities(
            codecs: style.isOutside
                ? codecs.ofDesk(slot.kind) : codecs.codecs(of: slot.kind, favourite: slot.favourite),
            headerExtensions: codecs.headerExtensions(of: slot.kind)
        ).write(into: &section)
        if style.isOutside { section.attributes.append(SDPAttribute("rtcp-mux-only")) }
        if slot.isActive { section.write(slot) }
        return section
    }

    /// SSRCs are never used twice on a connection: a receiver would take the new stream for the old (RFC 3550
    /// §8).
    private mutating func unusedSSRC() -> UInt32 {
        while true {
            let ssrc = UInt32.random(in: 1 ... .max)
            if usedSSRCs.insert(ssrc).inserted { return ssrc }
        }
    }

    private static let dataMID = "0"
}
