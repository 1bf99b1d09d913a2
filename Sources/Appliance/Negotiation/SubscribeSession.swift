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
    private var newestOffer = 0
    private var isAnswered = true
    private var usedSSRCs: Set<UInt32> = [0]
    /// The place of each section.
    private var places: [String: Int] = [:]
    /// How many sections the newest offer has beside that of the data channels.
    private var offeredCount = 0

    /// - Parameter codecs: What the room sends.
    package init(transport: WebRTCTransportParameters, codecs: RoomCodecs = RoomCodecs()) {
        self.transport = transport
        self.codecs = codecs
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
        let slot = SubscribeSlot(
            mid: rested.map { slots[$0].mid } ?? String(slots.count + 1),
            kind: kind,
            streamID: streamID,
            trackID: trackID,
            ssrc: unusedSSRC(),
            rtxSSRC: kind == .video ? unusedSSRC() : nil,
            favourite: favourite
        )
        if let rested {
            slots[rested] = slot
        } else {
            places[slot.mid] = slots.count
            slots.append(slot)
        }
        return slot
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
        let mids = offered
        var offer = transport.description(version: newestOffer, bundling: mids, allowsMixed: true)
        offer.media = [transport.dataSection(setup: .actpass, mid: Self.dataMID)] + slots.map(section)
        return offer.text
    }

    /// The sections of the newest offer.
    private var offered: [String] { [Self.dataMID] + slots.prefix(offeredCount).map(\.mid) }

    /// Whether this is the newest offer, and there was no answer yet.
    package func awaits(_ id: Int) -> Bool { id == newestOffer && !isAnswered }

    /// There was an answer to the newest offer, whatever it was.
    package mutating func endOffer() { isAnswered = true }

    /// Reads the answer to the offer `id`.
    ///
    /// - Throws: `outdated` if there is a newer offer, or an answer already.
    package func read(_ sdp: String, id: Int) throws(NegotiationError) -> SubscribeAnswer {
        guard awaits(id) else { throw .outdated }
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
            codecs: codecs.codecs(of: slot.kind, favourite: slot.favourite),
            headerExtensions: codecs.headerExtensions(of: slot.kind)
        ).write(into: &section)
        guard slot.isActive else { return section }

        let name = "\(slot.streamID) \(slot.trackID)"
        section.attributes.append(SDPAttribute("msid", name))
        if let rtx = slot.rtxSSRC {
            section.attributes.append(SDPAttribute("ssrc-group", "FID \(slot.ssrc) \(rtx)"))
        }
        for ssrc in [slot.ssrc, slot.rtxSSRC].compactMap(\.self) {
            section.attributes.append(SDPAttribute("ssrc", "\(ssrc) cname:\(slot.streamID)"))
            section.attributes.append(SDPAttribute("ssrc", "\(ssrc) msid:\(name)"))
        }
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
