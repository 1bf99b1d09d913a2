import Appliance
import Foundation
import IO
import SFU
import Testing
import WebRTC
import Wire

/// A browser's session description, as it wrote it: Chromium 156 or Firefox 153 ESR, without an H.264
/// plug-in.
func recording(_ name: String) throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return try String(contentsOf: folder.appending(path: "Recordings/\(name).sdp"), encoding: .utf8)
}

/// The room's end of a connection: two candidates, IPv4 before IPv6.
func roomTransport() throws -> WebRTCTransportParameters {
    let addresses = [
        try #require(SocketAddress(text: "192.0.2.1", port: 40_000)),
        try #require(SocketAddress(text: "2001:db8::1", port: 40_000)),
    ]
    return WebRTCTransportParameters(
        id: TransportID(7),
        iceCredentials: ICECredentials(usernameFragment: "roomroom", password: "abcdefghijklmnopqrstuvwx"),
        candidates: addresses.enumerated().map { ICECandidate($1, index: $0) },
        fingerprint: try #require(DTLSFingerprint(algorithm: .sha256, bytes: Array(0..<32)))
    )
}

/// What a peer without a mind of its own says to an offer of the room: everything, as it is offered.
///
/// - Parameter mids: Sections to refuse.
func answerToOffer(
    _ sdp: String,
    refusing mids: Set<String> = [],
    fingerprint: String = Array(repeating: "AB", count: 32).joined(separator: ":")
) throws -> String {
    let offer = try SessionDescription(parsing: sdp)
    let bundle = offer.media.compactMap { $0.attributes.first("mid") }.filter { !mids.contains($0) }
    var answer = SessionDescription(
        origin: "- 2 1 IN IP4 127.0.0.1",
        attributes: [SDPAttribute("group", "BUNDLE " + bundle.joined(separator: " "))]
    )
    let kept: Set = [
        "extmap", "fmtp", "inactive", "max-message-size", "mid", "rtcp-fb", "rtcp-mux", "rtpmap", "sctp-port",
    ]
    answer.media = offer.media.map { offered in
        let isRefused = offered.attributes.first("mid").map { mids.contains($0) } ?? false
        var section = MediaDescription(
            kind: offered.kind,
            port: isRefused ? 0 : 9,
            transport: offered.transport,
            formats: offered.formats
        )
        section.attributes = offered.attributes.compactMap {
            if $0.name == "sendonly" { return SDPAttribute("recvonly") }
            return kept.contains($0.name) ? $0 : nil
        }
        section.attributes += [
            SDPAttribute("ice-ufrag", "pagepage"), SDPAttribute("ice-pwd", "abcdefghijklmnopqrstuvwx"),
            SDPAttribute("fingerprint", "sha-256 " + fingerprint), SDPAttribute("setup", "active"),
        ]
        return section
    }
    return answer.text
}
