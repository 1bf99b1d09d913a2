internal import IO
internal import WebRTC
internal import Wire

/// What the descriptions of both connections share.
enum Description {
    static let rtp = "UDP/TLS/RTP/SAVPF"
    static let transportWideCCURI =
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

    // Ids of header extensions in the offer of the publish connection.
    static let mid: UInt8 = 1
    static let transportWideCC: UInt8 = 3
    static let audioLevel: UInt8 = 5
    static let rid: UInt8 = 6
    static let repairedRID: UInt8 = 7

    /// The room's end of a connection.
    struct Remote {
        var credentials: ICECredentials
        var fingerprint: DTLSFingerprint
        var address: SocketAddress

        /// Reads the section that speaks for the others; `nil` if something is missing.
        init?(_ section: MediaDescription) {
            let candidates = section.attributes.all("candidate").map { $0.split(separator: " ") }
            guard let name = section.attributes.first("ice-ufrag"),
                let password = section.attributes.first("ice-pwd"),
                let fingerprint = section.attributes.first("fingerprint").flatMap({ DTLSFingerprint(sdp: $0) }
                ),
                let address = candidates.lazy.compactMap({ fields -> SocketAddress? in
                    guard fields.count > 5, let port = UInt16(fields[5]) else { return nil }
                    return SocketAddress(text: String(fields[4]), port: port)
                }).first(where: { $0.ipv4 != nil })
            else { return nil }
            credentials = ICECredentials(usernameFragment: name, password: password)
            self.fingerprint = fingerprint
            self.address = address
        }
    }

    static func section(
        _ kind: String,
        _ transport: String,
        _ formats: [String],
        mid: String
    ) -> MediaDescription {
        MediaDescription(
            kind: kind,
            transport: transport,
            formats: formats,
            attributes: [SDPAttribute("mid", mid)]
        )
    }

    static func identify(
        _ section: inout MediaDescription,
        _ credentials: ICECredentials,
        _ fingerprint: DTLSFingerprint,
        setup: String
    ) {
        section.attributes.append(SDPAttribute("ice-ufrag", credentials.usernameFragment))
        section.attributes.append(SDPAttribute("ice-pwd", credentials.password))
        section.attributes.append(SDPAttribute("fingerprint", fingerprint.sdp))
        section.attributes.append(SDPAttribute("setup", setup))
    }
}

extension MediaDescription {
    /// Adds lines without their `a=`.
    mutating func add(_ lines: [String]) {
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            attributes.append(SDPAttribute(String(parts[0]), parts.count > 1 ? String(parts[1]) : nil))
        }
    }
}
