internal import IO
internal import SFU
internal import WebRTC
internal import Wire

extension WebRTCTransportParameters {
    /// The session lines of a description, apart from the sections.
    ///
    /// - Parameter allowsMixed: Whether packets may have header extensions in either form (RFC 8285 §6).
    func description(version: Int, bundling mids: [String], allowsMixed: Bool) -> SessionDescription {
        var description = SessionDescription(
            origin: "- \(UInt64(id.rawValue) + 1) \(version) IN IP4 127.0.0.1",
            attributes: [SDPAttribute("ice-lite"), SDPAttribute("msid-semantic", "WMS *")]
        )
        if allowsMixed { description.attributes.append(SDPAttribute(Self.allowMixed)) }
        if !mids.isEmpty {
            description.attributes.append(SDPAttribute("group", "BUNDLE " + mids.joined(separator: " ")))
        }
        return description
    }

    static let allowMixed = "extmap-allow-mixed"

    /// Completes a section with its mid, how to reach the room, and who it is.
    func write(setup: RemoteTransport.Setup, mid: String, into section: inout MediaDescription) {
        if let address = candidates.first?.address {
            // RFC 8839 §5.4: port and address are those of a candidate.
            section.port = address.port
            section.connection = "IN \(address.ipv4 == nil ? "IP6" : "IP4") \(address.text)"
        }
        section.attributes.append(SDPAttribute("mid", mid))
        section.attributes.append(SDPAttribute("ice-ufrag", iceCredentials.usernameFragment))
        section.attributes.append(SDPAttribute("ice-pwd", iceCredentials.password))
        section.attributes.append(SDPAttribute("fingerprint", fingerprint.sdp))
        section.attributes.append(SDPAttribute("setup", setup.rawValue))
        for candidate in candidates {
            let address = "\(candidate.address.text) \(candidate.address.port)"
            let (transport, type) = candidate.transport == .udp ? ("udp", "") : ("tcp", " tcptype passive")
            section.attributes.append(
                SDPAttribute(
                    "candidate",
                    "\(candidate.foundation) 1 \(transport) \(candidate.priority) \(address) typ host\(type)"
                )
            )
        }
        section.attributes.append(SDPAttribute("end-of-candidates"))
    }

    /// The section of the data channels (RFC 8841).
    func dataSection(setup: RemoteTransport.Setup, mid: String) -> MediaDescription {
        var section = MediaDescription(
            kind: "application",
            transport: "UDP/DTLS/SCTP",
            formats: ["webrtc-datachannel"]
        )
        write(setup: setup, mid: mid, into: &section)
        section.attributes.append(SDPAttribute("sctp-port", String(sctp.port)))
        section.attributes.append(SDPAttribute("max-message-size", String(sctp.maximumMessageSize)))
        return section
    }
}

extension MediaDescription {
    /// What every section of RTP says, whatever it carries.
    mutating func writeRTP(direction: String) {
        attributes.append(SDPAttribute(direction))
        attributes.append(SDPAttribute("rtcp-mux"))
        attributes.append(SDPAttribute("rtcp-rsize"))
    }

    /// Which stream it is that the room sends here.
    mutating func write(_ slot: SubscribeSlot) {
        let name = "\(slot.streamID) \(slot.trackID)"
        attributes.append(SDPAttribute("msid", name))
        if let rtx = slot.rtxSSRC {
            attributes.append(SDPAttribute("ssrc-group", "FID \(slot.ssrc) \(rtx)"))
        }
        for ssrc in [slot.ssrc, slot.rtxSSRC].compactMap(\.self) {
            attributes.append(SDPAttribute("ssrc", "\(ssrc) cname:\(slot.streamID)"))
            attributes.append(SDPAttribute("ssrc", "\(ssrc) msid:\(name)"))
        }
    }
}
