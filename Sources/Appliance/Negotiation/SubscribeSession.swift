package import SFU
package import WebRTC
internal import Wire

/// The room's side of a connection on which it sends: it offers, the browser answers (RFC 8829 §5.2, §5.3).
///
/// Change the slots, write an ``offer()``, and give its answer to ``handleAnswer(_:id:)``. Sections keep
/// their place and mid for ever; data channels come first, so that the section that speaks for the transport
/// never rests.
package struct SubscribeSession: Sendable {
    /// In the order of the sections.
    package private(set) var slots: [SubscribeSlot] = []
    private var transport: WebRTCTransportParameters
    private let codecs: RoomCodecs
    private var newestOffer = 0
    private var isAnswered = true
    private var usedSSRCs: Set<UInt32> = [0]
    /// The sections of the newest offer.
    private var offered: [String] = []

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
    package mutating func add(_ kind: MediaKind, streamID: String, trackID: String) -> SubscribeSlot {
        let rested = slots.firstIndex { !$0.isActive && $0.kind == kind }
        let slot = SubscribeSlot(
            mid: rested.map { slots[$0].mid } ?? String(slots.count + 1),
            kind: kind,
            streamID: streamID,
            trackID: trackID,
            ssrc: unusedSSRC(),
            rtxSSRC: kind == .video ? unusedSSRC() : nil
        )
        if let rested {
            slots[rested] = slot
        } else {
            slots.append(slot)
        }
        return slot
    }

    /// Lets a section rest.
    package mutating func remove(mid: String) {
        guard let index = slots.firstIndex(where: { $0.mid == mid }) else { return }
        slots[index].isActive = false
    }

    /// Puts the credentials of an ICE restart into the offers from now on (RFC 8839 §4.4.1.1.1).
    package mutating func restartICE(_ credentials: ICECredentials) {
        transport.iceCredentials = credentials
    }

    /// Writes an offer of the slots as they are, and outdates the one before.
    package mutating func offer() -> (sdp: String, id: Int) {
        newestOffer += 1
        isAnswered = false
        offered = [Self.dataMID] + slots.map(\.mid)
        var offer = transport.description(version: newestOffer, bundling: offered, allowsMixed: true)
        offer.media = [transport.dataSection(setup: .actpass, mid: Self.dataMID)] + slots.map(section)
        return (offer.text, newestOffer)
    }

    /// Reads the answer to the offer `id`.
    ///
    /// - Throws: `outdated` if there is a newer offer, or an answer already.
    package mutating func handleAnswer(_ sdp: String, id: Int) throws(NegotiationError) -> SubscribeAnswer {
        guard id == newestOffer, !isAnswered else { throw .outdated }
        let description: SessionDescription
        do {
            description = try SessionDescription(parsing: sdp)
        } catch {
            throw .invalid("\(error)")
        }
        guard description.media.map(\.mid) == offered else {
            throw .invalid("the answer's sections are not those of the offer")
        }
        let bundle = try description.bundle()
        guard let first = bundle.first else { throw .unsupported("the browser accepts no section") }
        guard description.media.allSatisfy({ $0.isRejected || bundle.contains($0) }) else {
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
            guard let slot = slots.first(where: { $0.mid == mid }) else {
                answer.sctp = SCTPParameters(reading: section)
                continue
            }
            guard slot.isActive, var accepted = try accepted(section, for: slot) else { continue }
            accepted.allowsMixedExtensions = [description.attributes, section.attributes].contains {
                $0.has(WebRTCTransportParameters.allowMixed)
            }
            answer.accepted[mid] = accepted
        }
        isAnswered = true
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
            codecs: codecs.codecs(of: slot.kind),
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
