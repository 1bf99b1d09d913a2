internal import Access
internal import SFU

/// mediasoup's *RtpCodecParameters* and *RtpCodecCapability*, which differ in the name of the payload type.
extension RTPCodecParameters {
    /// `nil` for a codec that the Worker does not know.
    ///
    /// - Parameter payloadTypeName: `payloadType`, or `preferredPayloadType` of a capability.
    init?(_ fields: JSONFields, payloadTypeName: String) throws(MediasoupError) {
        let type = try fields.text("mimeType")
        let parts = type.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = MediaKind(rawValue: parts[0].lowercased()) else {
            throw fields.wrong("mimeType", "is not audio/… or video/…")
        }
        guard let codec = RTPCodec(encodingName: parts[1]), codec != .red,
            codec.kind == kind || codec == .rtx
        else { return nil }
        self.init(
            codec,
            payloadType: UInt8(try fields.integer(payloadTypeName, in: 0...127)),
            clockRate: UInt32(try fields.integer("clockRate", in: 1...1_000_000)),
            channels: (try fields.optionalInteger("channels", in: 1...255)).map { UInt8($0) }
        )
        if let given = try fields.optionalFields("parameters") {
            parameters = try Self.parameters(given)
        }
        if codec == .rtx {
            // RFC 4588 §8.6.
            guard let apt = parameters.removeValue(forKey: "apt").flatMap({ UInt8($0) }), apt < 128 else {
                throw fields.wrong("parameters.apt", "is not the payload type of a codec")
            }
            associatedPayloadType = apt
            channels = nil
        }
        for feedback in try fields.list("rtcpFeedback", limit: 32) {
            let type = try feedback.text("type")
            let parameter = try feedback.optionalText("parameter") ?? ""
            if let known = RTCPFeedbackType(rawValue: parameter.isEmpty ? type : "\(type) \(parameter)") {
                rtcpFeedback.insert(known)
            }
        }
    }

    private static func parameters(_ fields: JSONFields) throws(MediasoupError) -> [String: String] {
        guard fields.object.members.count <= 32 else {
            throw MediasoupError(fields.place, "has more than 32 members")
        }
        var parameters: [String: String] = [:]
        for member in fields.object.members {
            let value: String? =
                switch member.value {
                case .string(let text): text
                case .integer(let number): String(number)
                case .number(let number): String(number)
                case .bool(let isTrue): isTrue ? "1" : "0"
                case .array, .null, .object: nil
                }
            guard member.name.utf8.count <= 64, value?.utf8.count ?? 0 <= 256 else {
                throw MediasoupError(fields.place, "has a name or a value that is too long")
            }
            parameters[member.name] = value
        }
        return parameters
    }

    /// - Parameters:
    ///   - kind: Of the stream, which a retransmission codec does not say.
    ///   - payloadTypeName: As for ``init(_:payloadTypeName:)``.
    ///   - withKind: Whether `kind` is a member, as capabilities have it.
    func json(of kind: MediaKind, payloadTypeName: String, withKind: Bool) -> JSONValue {
        var members = parameters
        if codec == .rtx, let associatedPayloadType { members["apt"] = String(associatedPayloadType) }
        let fmtp = members.sorted { $0.key < $1.key }.map { name, value -> (String, JSONValue?) in
            // Clients compare these with numbers of their own, and so they are written as numbers where they are some.
            let isNumber = value.first != "0" && value.utf8.count < 10 || value == "0"
            return (name, isNumber ? Int64(value).map(JSONValue.integer) ?? .string(value) : .string(value))
        }
        let feedback = rtcpFeedback.map(\.rawValue).sorted().map { name -> JSONValue in
            let parts = name.split(separator: " ", maxSplits: 1)
            return .object(
                JSONObject([
                    "type": .string(String(parts[0])),
                    "parameter": .string(parts.count > 1 ? String(parts[1]) : ""),
                ])
            )
        }
        return .object(
            JSONObject([
                ("kind", withKind ? .string(kind.rawValue) : nil),
                ("mimeType", .string("\(kind.rawValue)/\(codec.rawValue)")),
                (payloadTypeName, .integer(Int64(payloadType))),
                ("clockRate", .integer(Int64(clockRate))),
                ("channels", kind == .audio ? channels.map { .integer(Int64($0)) } : nil),
                ("parameters", .object(JSONObject(fmtp))),
                ("rtcpFeedback", .array(feedback)),
            ])
        )
    }
}

extension [RTPCodecParameters] {
    /// In the order that the Worker wants: each codec is followed by its retransmission codec, and those that belong to
    /// none are left out.
    func paired() -> Self {
        flatMap { media -> Self in
            guard media.codec != .rtx else { return [] }
            return [media]
                + filter { $0.codec == .rtx && $0.associatedPayloadType == media.payloadType }.prefix(1)
        }
    }
}
