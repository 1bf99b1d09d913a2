package import Access
package import SFU
internal import WebRTC

/// mediasoup's *DtlsParameters* of a client.
extension DTLSParameters {
    /// - Throws: Also where every fingerprint is by a hash function that is not accepted.
    package init(mediasoup object: JSONObject) throws(MediasoupError) {
        let fields = JSONFields(object, at: "dtlsParameters")
        let role: DTLSRole
        switch try fields.optionalText("role") ?? "auto" {
        case "client": role = .client
        // mediasoup takes the client's role toward a peer that leaves the choice.
        case "server", "auto": role = .server
        default: throw fields.wrong("role", "is not auto, client or server")
        }
        var fingerprints: [DTLSFingerprint] = []
        for entry in try fields.list("fingerprints", limit: 16) {
            let (algorithm, value) = (try entry.text("algorithm"), try entry.text("value"))
            guard DTLSFingerprint.Algorithm(rawValue: algorithm.lowercased()) != nil else { continue }
            guard let fingerprint = DTLSFingerprint(sdp: "\(algorithm) \(value)") else {
                throw entry.wrong("value", "is not a fingerprint of its algorithm")
            }
            fingerprints.append(fingerprint)
        }
        guard !fingerprints.isEmpty else {
            throw fields.wrong("fingerprints", "has none by sha-256, sha-384 or sha-512")
        }
        self.init(role: role, fingerprints: fingerprints)
    }
}
