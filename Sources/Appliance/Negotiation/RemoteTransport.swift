internal import SFU
package import WebRTC
internal import Wire

/// What a browser says of its end of the path: ICE (RFC 8839), DTLS (RFC 8122, RFC 8842).
package struct RemoteTransport: Hashable, Sendable {
    package var ice: ICECredentials
    package var fingerprints: [DTLSFingerprint]
    package var setup: Setup

    /// `a=setup` (RFC 4145 §4).
    package enum Setup: String, Hashable, Sendable { case active, actpass, passive }

    /// Reads what holds for `section`, whose own lines come before those of the session.
    init(of section: MediaDescription, in description: SessionDescription) throws(NegotiationError) {
        func value(_ name: String) -> String? {
            section.attributes.first(name) ?? description.attributes.first(name)
        }
        guard let name = value("ice-ufrag"), let password = value("ice-pwd") else {
            throw .invalid("there are no ICE credentials")
        }
        // RFC 8839 §5.4.
        guard (4...256).contains(name.utf8.count), (22...256).contains(password.utf8.count) else {
            throw .invalid("the ICE credentials have a wrong length")
        }
        ice = ICECredentials(usernameFragment: name, password: password)

        let own = section.attributes.all("fingerprint")
        let all = own.isEmpty ? description.attributes.all("fingerprint") : own
        fingerprints = Array(all.lazy.compactMap { DTLSFingerprint(sdp: $0) }.prefix(8))
        guard !fingerprints.isEmpty else { throw .invalid("there is no usable fingerprint") }

        // RFC 4145 §4: active if the line is missing, in an offer.
        guard let setup = Setup(rawValue: value("setup") ?? "active") else {
            throw .unsupported("its DTLS holds the connection back")
        }
        self.setup = setup
    }
}

extension SCTPParameters {
    /// Reads an `application` section (RFC 8841 §5, §6); `nil` if it is not of data channels.
    init?(reading section: MediaDescription) {
        guard
            section.kind == "application", section.formats == ["webrtc-datachannel"],
            ["UDP/DTLS/SCTP", "TCP/DTLS/SCTP"].contains(section.transport)
        else { return nil }
        self.init()
        port = section.attributes.first("sctp-port").flatMap { UInt16($0) } ?? port
        switch section.attributes.first("max-message-size").map({ Int($0) }) {
        case nil, .some(nil): maximumMessageSize = 65_536
        // No bound of its own: the room's.
        case 0: break
        case .some(.some(let size)): maximumMessageSize = max(1, size)
        }
    }
}

extension SessionDescription {
    /// The sections that share a transport, in the order of `a=group:BUNDLE` (RFC 8843 §7.1); a single
    /// section needs no group.
    func bundle() throws(NegotiationError) -> [MediaDescription] {
        var sections: [String: MediaDescription] = [:]
        for section in media {
            guard let mid = section.mid else {
                // A section that is rejected needs no name.
                if section.isRejected { continue }
                throw .unsupported("a section without a mid of 1 to 255 bytes")
            }
            guard sections.updateValue(section, forKey: mid) == nil else {
                throw .invalid("two sections share a mid")
            }
        }
        let line = attributes.first { $0.name == "group" && $0.value?.hasPrefix("BUNDLE") == true }?.value
        guard let group = line?.split(separator: " "), group.first == "BUNDLE" else {
            return media.count == 1 ? media.filter { !$0.isRejected } : []
        }
        var bundle: [MediaDescription] = []
        var named: Set<Substring> = []
        for mid in group.dropFirst() {
            guard named.insert(mid).inserted else { throw .invalid("the group names a section twice") }
            if let section = sections[String(mid)], !section.isRejected { bundle.append(section) }
        }
        return bundle
    }
}

extension MediaDescription {
    /// `a=mid` (RFC 9143 §6), if it fits into a header extension, whose length is one byte (RFC 8285 §4.3).
    var mid: String? {
        guard let mid = attributes.first("mid"), (1...255).contains(mid.utf8.count) else { return nil }
        return mid
    }

    /// Whether the section's port is 0 to reject it, and not because it uses another's (RFC 8843 §6).
    var isRejected: Bool { port == 0 && !attributes.has("bundle-only") }
}
