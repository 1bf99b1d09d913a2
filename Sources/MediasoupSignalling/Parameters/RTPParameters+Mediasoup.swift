package import Access
package import SFU

/// mediasoup's *RtpParameters*: of a producer as a client sends them, of a consumer as it is told.
extension RTPParameters {
    /// Reads what a client sends a producer of `kind` with.
    ///
    /// Any payload type and any extension id is taken, for clients choose them anew for each producer. Header extensions
    /// and RTCP feedback that the Worker does not know are passed over; codecs that it does not know are not, for then
    /// nobody could be sent what comes.
    package init(mediasoup object: JSONObject, kind: MediaKind) throws(MediasoupError) {
        let fields = JSONFields(object, at: "rtpParameters")
        let mid = try fields.optionalText("mid", limit: 16)
        try self.init(
            mid: mid?.isEmpty == true ? nil : mid,
            codecs: Self.codecs(fields, kind),
            headerExtensions: Self.headerExtensions(fields),
            encodings: Self.encodings(fields),
            rtcp: RTCPParameters(cname: try fields.optionalFields("rtcp")?.optionalText("cname"))
        )
    }

    private static func codecs(
        _ fields: JSONFields,
        _ kind: MediaKind
    ) throws(MediasoupError) -> [RTPCodecParameters] {
        var codecs: [RTPCodecParameters] = []
        for entry in try fields.list("codecs", limit: maximumCodecs) {
            guard let codec = try RTPCodecParameters(entry, payloadTypeName: "payloadType"),
                codec.codec == .rtx || codec.codec.kind == kind
            else { throw entry.wrong("mimeType", "is not a codec of \(kind.rawValue) that this room takes") }
            guard !codecs.contains(where: { $0.payloadType == codec.payloadType }) else {
                throw entry.wrong("payloadType", "is there twice")
            }
            codecs.append(codec)
        }
        let paired = codecs.paired()
        guard !paired.isEmpty else { throw fields.wrong("codecs", "has no codec") }
        guard paired.count == codecs.count else {
            throw fields.wrong("codecs", "has a retransmission codec that belongs to no other, or two of one")
        }
        return paired
    }

    private static func headerExtensions(
        _ fields: JSONFields
    ) throws(MediasoupError) -> [RTPHeaderExtensionParameters] {
        var extensions: [RTPHeaderExtensionParameters] = []
        for entry in try fields.list("headerExtensions", limit: maximumExtensions) {
            let uri = try entry.text("uri")
            let id = UInt8(try entry.integer("id", in: 1...255))
            guard let known = RTPHeaderExtensionURI(rawValue: uri) else { continue }
            guard try entry.optionalBool("encrypt") != true else {
                throw entry.wrong("encrypt", "is not done here")
            }
            guard !extensions.contains(where: { $0.id == id || $0.uri == known }) else {
                throw entry.wrong("id", "or its uri is there twice")
            }
            extensions.append(RTPHeaderExtensionParameters(known, id: id))
        }
        return extensions
    }

    private static func encodings(_ fields: JSONFields) throws(MediasoupError) -> [RTPEncodingParameters] {
        let entries = try fields.list("encodings", limit: maximumEncodings)
        guard !entries.isEmpty else { throw fields.wrong("encodings", "has no encoding") }
        var encodings: [RTPEncodingParameters] = []
        var ssrcs: Set<UInt32> = []
        for entry in entries {
            let encoding = RTPEncodingParameters(
                ssrc: try ssrc(entry),
                rtxSSRC: try entry.optionalFields("rtx").flatMap { rtx throws(MediasoupError) in try ssrc(rtx)
                },
                rid: try entry.optionalText("rid", limit: 16).flatMap { $0.isEmpty ? nil : $0 },
                maximumBitrate: try entry.optionalInteger("maxBitrate", in: 0...1_000_000_000)
            )
            for ssrc in [encoding.ssrc, encoding.rtxSSRC].compactMap({ $0 }) {
                guard ssrcs.insert(ssrc).inserted else { throw entry.wrong("ssrc", "is there twice") }
            }
            guard entries.count == 1 || encoding.ssrc != nil || encoding.rid != nil else {
                throw entry.wrong("rid", "is missing, and so is ssrc")
            }
            guard encoding.rid == nil || !encodings.contains(where: { $0.rid == encoding.rid }) else {
                throw entry.wrong("rid", "is there twice")
            }
            encodings.append(encoding)
        }
        return encodings
    }

    private static func ssrc(_ fields: JSONFields) throws(MediasoupError) -> UInt32? {
        try fields.optionalInteger("ssrc", in: 0...Int(UInt32.max)).map { UInt32($0) }
    }

    /// What a client is told of a consumer or a producer of `kind`.
    ///
    /// - Parameter scalabilityMode: Of the first encoding (W3C webrtc-svc), such as `L1T3`: clients read from it which
    ///   layers there are to choose from.
    package func mediasoup(_ kind: MediaKind, scalabilityMode: String? = nil) -> JSONObject {
        JSONObject([
            "mid": mid.map(JSONValue.string),
            "codecs": .array(
                codecs.map { $0.json(of: kind, payloadTypeName: "payloadType", withKind: false) }
            ),
            "headerExtensions": .array(
                headerExtensions.map {
                    .object(
                        JSONObject([
                            "uri": .string($0.uri.rawValue), "id": .integer(Int64($0.id)),
                            "encrypt": .bool(false), "parameters": .object(JSONObject([:])),
                        ])
                    )
                }
            ),
            "encodings": .array(
                encodings.enumerated().map { index, encoding in
                    .object(encoding.json(scalabilityMode: index == 0 ? scalabilityMode : nil))
                }
            ),
            "rtcp": .object(
                JSONObject([
                    "cname": rtcp.cname.map(JSONValue.string), "reducedSize": .bool(true), "mux": .bool(true),
                ])
            ),
        ])
    }

    package static let maximumCodecs = 64
    package static let maximumExtensions = 64
    /// As many as the layers of a simulcast that any browser sends, and one more.
    package static let maximumEncodings = 4
}

extension RTPEncodingParameters {
    fileprivate func json(scalabilityMode: String?) -> JSONObject {
        JSONObject([
            "ssrc": ssrc.map { .integer(Int64($0)) },
            "rid": rid.map(JSONValue.string),
            "rtx": rtxSSRC.map { .object(JSONObject(["ssrc": .integer(Int64($0))])) },
            "scalabilityMode": scalabilityMode.map(JSONValue.string),
            "maxBitrate": maximumBitrate.map { .integer(Int64($0)) },
        ])
    }
}
