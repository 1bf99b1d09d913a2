import Appliance
import Foundation
import IO
import SFU
import Testing
import WebRTC
import Wire

/// A browser's session description, as it wrote it: Chromium 156 or Firefox 153 ESR, without an H.264
/// plug-in.
func recording(_ name: String, _ file: String = #filePath) throws -> String {
    let folder = URL(filePath: file).deletingLastPathComponent()
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
