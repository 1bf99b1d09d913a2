internal import Wire

/// What a producer's packets mean: settled when it is made, for all of its encodings.
struct ProducerFormat {
    /// What a payload type means.
    struct Payload {
        var payloadType: UInt8
        var codec: RTPCodec
        /// For retransmissions: the payload type of what is retransmitted.
        var media: UInt8?
    }

    var kind: MediaKind
    /// Hz.
    var clockRate: Int
    var payloads: [Payload]
    /// UTF-8; empty if the producer has none.
    var mid: [UInt8]

    /// Ids of the header extensions; `nil` where the sender does not use one.
    var midID: UInt8?
    var ridID: UInt8?
    var repairedRIDID: UInt8?
    var audioLevelID: UInt8?
    var dependencyDescriptorID: UInt8?
    var transportWideCCID: UInt8?

    init(_ kind: MediaKind, _ parameters: RTPParameters) {
        self.kind = kind
        clockRate = Int(parameters.codecs.first?.clockRate ?? 90_000)
        payloads = parameters.codecs.map {
            Payload(payloadType: $0.payloadType, codec: $0.codec, media: $0.associatedPayloadType)
        }
        mid = parameters.mid.map { Array($0.utf8) } ?? []
        func id(_ uri: RTPHeaderExtensionURI) -> UInt8? {
            parameters.headerExtensions.first { $0.uri == uri }?.id
        }
        midID = id(.mid)
        ridID = id(.rid)
        repairedRIDID = id(.repairedRID)
        audioLevelID = id(.audioLevel)
        dependencyDescriptorID = payloads.contains { $0.codec == .av1 } ? id(.dependencyDescriptor) : nil
        transportWideCCID = id(.transportWideCC)
    }

    /// Whether lost packets may come again in a stream of their own.
    var retransmits: Bool { payloads.contains { $0.codec == .rtx } }

    func payload(_ type: UInt8) -> Payload? { payloads.first { $0.payloadType == type } }

    func audioLevel(of header: RTPHeader, in packet: RawSpan) -> UInt8? {
        guard let audioLevelID, let range = RTPHeaderExtensions(header).find(audioLevelID, in: packet) else {
            return nil
        }
        return packet.bigEndian(UInt8.self, at: range.lowerBound)
    }

    /// Whether a header extension of the packet holds exactly `bytes`.
    static func matches(_ bytes: [UInt8], _ id: UInt8?, of header: RTPHeader, in packet: RawSpan) -> Bool {
        guard let id, let range = RTPHeaderExtensions(header).find(id, in: packet) else { return false }
        return unsafe packet.extracting(range).withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
    }
}
