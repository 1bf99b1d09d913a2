internal import SFU
internal import Wire

extension RTPCapabilities {
    /// Reads the formats of a media section that the room can use, one of a codec, best first, each followed
    /// by its retransmission format; and the header extensions that `direction` lets through.
    ///
    /// - Parameters:
    ///   - order: The codecs to read, best first.
    ///   - refused: The direction (RFC 8285 §6) whose extensions do not travel the way of this stream.
    /// - Throws: `invalid` if a format is no payload type, or there are too many.
    init(
        reading section: MediaDescription,
        _ order: [RTPCodec],
        refusing refused: String
    ) throws(NegotiationError) {
        guard section.formats.count <= 128 else { throw .invalid("a section has more than 128 formats") }
        let lines = FormatLines(section.attributes)
        var media: [(rank: (Int, Int), codec: RTPCodecParameters)] = []
        var retransmissions: [UInt8: UInt8] = [:]
        for format in section.formats {
            guard let payloadType = UInt8(format), payloadType < 128 else {
                throw .invalid("“\(format.prefix(16))” is not a payload type")
            }
            guard let codec = lines.codec(payloadType) else { continue }
            if codec.codec == .rtx {
                if let media = codec.associatedPayloadType { retransmissions[media] = payloadType }
            } else if let place = order.firstIndex(of: codec.codec), let rank = RoomCodecs.rank(codec) {
                media.append(((place, rank), codec))
            }
        }
        self.init(codecs: [], headerExtensions: Self.headerExtensions(section, refusing: refused))
        // Sorting is stable: of equals the browser's favourite comes first.
        for (_, codec) in media.sorted(by: { $0.rank < $1.rank })
        where !codecs.contains(where: { $0.codec == codec.codec }) {
            codecs.append(codec)
            guard let rtx = retransmissions[codec.payloadType] else { continue }
            codecs.append(.retransmission(of: codec, payloadType: rtx))
        }
        removeLoneRedundancy()
    }

    /// Redundant audio is worth nothing without what its blocks are made of.
    private mutating func removeLoneRedundancy() {
        let media = Set(codecs.lazy.filter { $0.codec == .opus }.map(\.payloadType))
        codecs.removeAll { $0.codec == .red && !($0.associatedPayloadType.map(media.contains) ?? false) }
    }

    private static func headerExtensions(
        _ section: MediaDescription,
        refusing refused: String
    ) -> [RTPHeaderExtensionParameters] {
        var found: [RTPHeaderExtensionParameters] = []
        for value in section.attributes.all("extmap") {
            let fields = value.split(separator: " ", maxSplits: 2)
            guard
                fields.count >= 2, let uri = RTPHeaderExtensionURI(rawValue: String(fields[1])),
                let id = UInt8(fields[0].prefix { $0 != "/" }), id > 0,
                fields[0].drop(while: { $0 != "/" }).dropFirst() != refused,
                !found.contains(where: { $0.uri == uri || $0.id == id })
            else { continue }
            found.append(RTPHeaderExtensionParameters(uri, id: id))
        }
        return found
    }

    /// The section's formats and the lines that describe them.
    func write(into section: inout MediaDescription) {
        section.formats = codecs.map { String($0.payloadType) }
        for codec in codecs {
            let type = codec.payloadType
            let channels = codec.channels.map { "/\($0)" } ?? ""
            section.attributes.append(
                SDPAttribute("rtpmap", "\(type) \(codec.codec.rawValue)/\(codec.clockRate)\(channels)")
            )
            for feedback in codec.rtcpFeedback.map(\.rawValue).sorted() {
                section.attributes.append(SDPAttribute("rtcp-fb", "\(type) \(feedback)"))
            }
            var parameters = codec.parameters.map { "\($0.key)=\($0.value)" }.sorted()
            if let media = codec.associatedPayloadType {
                parameters.append(codec.codec == .red ? "\(media)/\(media)" : "apt=\(media)")
            }
            guard !parameters.isEmpty else { continue }
            section.attributes.append(SDPAttribute("fmtp", "\(type) \(parameters.joined(separator: ";"))"))
        }
        for headerExtension in headerExtensions {
            section.attributes.append(
                SDPAttribute("extmap", "\(headerExtension.id) \(headerExtension.uri.rawValue)")
            )
        }
    }
}

/// The lines `rtpmap`, `fmtp` and `rtcp-fb` of a section, by payload type, read once.
private struct FormatLines {
    private var encodings: [UInt8: Substring] = [:]
    private var parameters: [UInt8: [String: String]] = [:]
    /// Of redundant audio: the payload type of its blocks, if all have the same.
    private var blocks: [UInt8: UInt8] = [:]
    private var feedback: [UInt8: Set<RTCPFeedbackType>] = [:]
    private var commonFeedback: Set<RTCPFeedbackType> = []

    init(_ attributes: [SDPAttribute]) {
        for attribute in attributes {
            let fields = (attribute.value ?? "").split(separator: " ", maxSplits: 1)
            guard fields.count == 2 else { continue }
            let type = UInt8(fields[0])
            switch (attribute.name, type) {
            case ("fmtp", let type?):
                parameters[type] = Self.parameters(fields[1])
                let types = Set(fields[1].split(separator: "/").map { UInt8($0) })
                if types.count == 1, let block = types.first { blocks[type] = block }
            case ("rtcp-fb", _):
                guard let value = RTCPFeedbackType(rawValue: String(fields[1])) else { continue }
                if let type {
                    feedback[type, default: []].insert(value)
                } else if fields[0] == "*" {
                    commonFeedback.insert(value)
                }
            case ("rtpmap", let type?): encodings[type] = fields[1]
            default: continue
            }
        }
    }

    /// The format of this payload type, if it is a known one.
    func codec(_ payloadType: UInt8) -> RTPCodecParameters? {
        guard
            let fields = encodings[payloadType]?.split(separator: "/"), fields.count >= 2,
            let codec = RTPCodec(encodingName: fields[0]), let clockRate = UInt32(fields[1]), clockRate > 0
        else { return nil }
        var parameters = parameters[payloadType] ?? [:]
        var result = RTPCodecParameters(codec, payloadType: payloadType, clockRate: clockRate)
        // RFC 8866 §6.6: one channel if the line does not say.
        result.channels = codec.kind == .audio ? (fields.count > 2 ? UInt8(fields[2]) : 1) : nil
        result.associatedPayloadType = parameters.removeValue(forKey: "apt").flatMap { UInt8($0) }
        if codec == .red { result.associatedPayloadType = blocks[payloadType] }
        result.parameters = parameters
        if codec != .rtx { result.rtcpFeedback = commonFeedback.union(feedback[payloadType] ?? []) }
        return result
    }

    /// `name=value` pairs between semicolons; names are compared in lower case (RFC 4855 §3).
    private static func parameters(_ text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in text.split(separator: ";") {
            let fields = pair.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
            guard fields.count == 2 else { continue }
            parameters[fields[0].lowercased()] = fields[1]
        }
        return parameters
    }
}
