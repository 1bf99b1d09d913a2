import Access

/// What clients of mediasoup send, by its documentation and as Chromium negotiates it.
enum Samples {
    static let camera = #"""
        {"mid":"0","codecs":[
        {"mimeType":"video/VP8","payloadType":96,"clockRate":90000,"parameters":{},"rtcpFeedback":[
        {"type":"goog-remb","parameter":""},{"type":"transport-cc"},{"type":"ccm","parameter":"fir"},
        {"type":"nack","parameter":""},{"type":"nack","parameter":"pli"},{"type":"nack","parameter":"sli"}]},
        {"mimeType":"video/rtx","payloadType":97,"clockRate":90000,"parameters":{"apt":96},"rtcpFeedback":[]}],
        "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:toffset","id":1,"encrypt":false,"parameters":{}},
        {"uri":"urn:ietf:params:rtp-hdrext:sdes:mid","id":9,"encrypt":false,"parameters":{}},
        {"uri":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id","id":10,"encrypt":false,"parameters":{}}],
        "encodings":[{"active":true,"rid":"r0","scalabilityMode":"L1T3","maxBitrate":500000},
        {"active":true,"rid":"r1","scalabilityMode":"L1T3","maxBitrate":5000000.0,"dtx":false}],
        "rtcp":{"cname":"dZ0aQFG","reducedSize":true}}
        """#
    static let microphone = #"""
        {"codecs":[{"mimeType":"audio/opus","payloadType":111,"clockRate":48000,"channels":2,
        "parameters":{"minptime":10,"useinbandfec":1,"usedtx":true},"rtcpFeedback":[{"type":"transport-cc"}]}],
        "headerExtensions":[{"uri":"urn:ietf:params:rtp-hdrext:ssrc-audio-level","id":1}],
        "encodings":[{"ssrc":4294967295,"rtx":null}],"rtcp":{"cname":"dZ0aQFG"}}
        """#
    static let capabilities = #"""
        {"codecs":[{"kind":"audio","mimeType":"audio/opus","preferredPayloadType":100,"clockRate":48000,"channels":2},
        {"kind":"video","mimeType":"video/H265","preferredPayloadType":120,"clockRate":90000},
        {"kind":"video","mimeType":"video/rtx","preferredPayloadType":102,"clockRate":90000,"parameters":{"apt":101}},
        {"kind":"video","mimeType":"video/VP8","preferredPayloadType":101,"clockRate":90000}],
        "headerExtensions":[{"kind":"audio","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1},
        {"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:mid","preferredId":1,"direction":"sendrecv"},
        {"kind":"video","uri":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id","preferredId":2,"direction":"sendonly"},
        {"uri":"http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time","preferredId":4},
        {"kind":"video","uri":"urn:3gpp:video-orientation","preferredId":11}]}
        """#
    static let dtls = """
        {"role":"client","fingerprints":[{"algorithm":"md5","value":"00"},{"algorithm":"sha-256","value":"\(digest)"}]}
        """
    static let digest = Array(repeating: "aB", count: 32).joined(separator: ":")
    static let data = #"""
        {"sctpStreamParameters":{"streamId":3,"ordered":false,"maxRetransmits":1},"label":"chat","protocol":"x"}
        """#

    static func object(_ text: String) throws -> JSONObject { try JSONObject(parsing: Array(text.utf8)) }

    /// The text with its first `old` replaced.
    static func object(_ text: String, _ old: String, _ new: String) throws -> JSONObject {
        guard let range = text.firstRange(of: old) else { throw JSONError.malformed }
        return try object(text.replacingCharacters(range, new))
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<Index>, _ new: String) -> String {
        self[..<range.lowerBound] + new + self[range.upperBound...]
    }
}
