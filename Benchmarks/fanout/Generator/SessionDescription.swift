internal import IO
internal import WebRTC
internal import Wire

/// Of a peer's offer, what is needed to answer it.
struct SessionDescription {
    struct Stream {
        var isVideo: Bool
        var mid: String
        var ssrc: UInt32
        /// The lines that number the header extensions.
        var extensions: [String] = []
    }

    let credentials: ICECredentials
    let fingerprint: DTLSFingerprint
    let address: SocketAddress
    private(set) var streams: [Stream] = []

    init?(_ text: String) {
        var values: [String: String] = [:]
        var address: SocketAddress?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("m=") {
                streams.append(Stream(isVideo: line.hasPrefix("m=video"), mid: "", ssrc: 0))
            }
            guard line.hasPrefix("a="), let colon = line.firstIndex(of: ":") else { continue }
            let name = String(line[line.index(line.startIndex, offsetBy: 2)..<colon])
            let value = String(line[line.index(after: colon)...])
            values[name] = values[name] ?? value
            let words = value.split(separator: " ")
            switch name {
            case "candidate" where address == nil && words.count > 5 && words[2].lowercased() == "udp":
                address = UInt16(words[5]).flatMap { SocketAddress(text: String(words[4]), port: $0) }
            case "extmap" where !streams.isEmpty: streams[streams.count - 1].extensions.append(String(line))
            case "mid" where !streams.isEmpty: streams[streams.count - 1].mid = value
            case "ssrc" where !streams.isEmpty && streams[streams.count - 1].ssrc == 0:
                streams[streams.count - 1].ssrc = UInt32(words[0]) ?? 0
            default: break
            }
        }
        guard let address, let name = values["ice-ufrag"], let password = values["ice-pwd"],
            let fingerprint = values["fingerprint"].flatMap({ DTLSFingerprint(sdp: $0) })
        else { return nil }
        self.address = address
        self.fingerprint = fingerprint
        credentials = ICECredentials(usernameFragment: name, password: password)
    }

    /// Takes everything that is offered, as a DTLS client.
    ///
    /// - Parameter port: Of the socket that receives, on the address of the offer.
    func answer(_ local: ICECredentials, _ fingerprint: DTLSFingerprint, port: UInt16) -> String {
        var lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=ice-lite"]
        lines.append("a=group:BUNDLE " + streams.map(\.mid).joined(separator: " "))
        for stream in streams {
            let type = stream.isVideo ? Negotiated.video : Negotiated.audio
            lines += [
                "m=\(stream.isVideo ? "video" : "audio") 9 UDP/TLS/RTP/SAVPF \(type)", "c=IN IP4 0.0.0.0",
                "a=mid:\(stream.mid)", "a=recvonly", "a=rtcp-mux", "a=setup:active",
                "a=ice-ufrag:\(local.usernameFragment)",
                "a=ice-pwd:\(local.password)", "a=fingerprint:\(fingerprint.sdp)",
                "a=rtpmap:\(type) \(stream.isVideo ? "VP8/90000" : "opus/48000/2")",
                "a=rtcp-fb:\(type) nack", "a=rtcp-fb:\(type) nack pli", "a=rtcp-fb:\(type) transport-cc",
            ]
            lines += stream.extensions
            lines += [
                "a=candidate:1 1 udp 2122260223 \(address.text) \(port) typ host", "a=end-of-candidates",
            ]
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }
}
