internal import Wire

/// How one consumer's packets look on the wire: settled when it is made, so that sending one decides nothing.
package struct ConsumerFormat {
    /// The producer's packets with this payload type are forwarded.
    var sourcePayloadType: UInt8
    /// The payload type that they are forwarded with.
    var payloadType: UInt8
    var rtxPayloadType: UInt8?
    /// The producer's packets with this payload type carry redundant audio (RFC 2198).
    var sourceRedundantPayloadType: UInt8?
    /// The payload type that they are forwarded with; `nil`: the receiver gets their primary blocks.
    var redundantPayloadType: UInt8?
    var ssrc: UInt32
    var rtxSSRC: UInt32?
    var cname: String
    /// UTF-8, 1…16 bytes.
    var mid: [UInt8]
    var playoutDelay: PlayoutDelay?

    /// Ids of the header extensions; `nil` where the receiver does not take one.
    var midID: UInt8?
    var absoluteSendTimeID: UInt8?
    var transportWideCCID: UInt8?
    var playoutDelayID: UInt8?
    var audioLevelID: UInt8?
    var dependencyDescriptorID: UInt8?

    /// The header extensions of most packets, but for what is another in each.
    private(set) var extensions = ExtensionTemplate()

    /// Settles how `producer`'s stream goes to a receiver with these parameters.
    ///
    /// - Throws: `unsupported` if the receiver takes none of the producer's codecs.
    package init(
        _ producer: Producer,
        options: ConsumerOptions,
        mid: String,
        ssrc: UInt32,
        rtxSSRC: UInt32,
        cname: String
    ) throws(SFUError) {
        for source in producer.parameters.codecs where source.codec != .rtx && source.codec != .red {
            guard
                let codec = options.capabilities.codecs.first(where: {
                    $0.codec == source.codec && $0.clockRate == source.clockRate
                })
            else { continue }
            let rtx = options.capabilities.codecs.first {
                $0.codec == .rtx && $0.associatedPayloadType == codec.payloadType
            }
            sourcePayloadType = source.payloadType
            payloadType = codec.payloadType
            rtxPayloadType = rtx?.payloadType
            sourceRedundantPayloadType = Self.redundancy(of: source, producer.parameters.codecs)
            redundantPayloadType = Self.redundancy(of: codec, options.capabilities.codecs)
            self.ssrc = ssrc
            self.rtxSSRC = rtx == nil ? nil : rtxSSRC
            self.cname = cname
            self.mid = Array(mid.utf8.prefix(16))
            playoutDelay = options.playoutDelay.map {
                PlayoutDelay(minimum: $0.lowerBound, maximum: $0.upperBound)
            }
            func id(_ uri: RTPHeaderExtensionURI) -> UInt8? {
                options.capabilities.headerExtensions.first { $0.uri == uri }.map(\.id)
            }
            midID = id(.mid)
            absoluteSendTimeID = id(.absoluteSendTime)
            transportWideCCID = id(.transportWideCC)
            playoutDelayID = id(.playoutDelay)
            audioLevelID = producer.kind == .audio ? id(.audioLevel) : nil
            // The structures of key frames are longer than the one-byte form takes.
            if source.codec == .av1, options.capabilities.allowsMixedExtensions {
                dependencyDescriptorID = id(.dependencyDescriptor)
            }
            extensions = ExtensionTemplate(self)
            return
        }
        throw .unsupported("the receiver takes none of the producer's codecs")
    }

    private static func redundancy(
        of media: RTPCodecParameters,
        _ codecs: [RTPCodecParameters]
    ) -> UInt8? {
        codecs.first { $0.codec == .red && $0.associatedPayloadType == media.payloadType }?.payloadType
    }

    /// Whether what is missed is sent again in a stream of its own (RFC 4588).
    var retransmits: Bool { rtxSSRC != nil && rtxPayloadType != nil }

    /// Whether packets of the producer with this payload type are forwarded.
    func takes(_ type: UInt8) -> Bool { type == sourcePayloadType || type == sourceRedundantPayloadType }

    /// What the receiver must be told, of what it said it takes.
    func parameters(_ options: ConsumerOptions) -> RTPParameters {
        RTPParameters(
            mid: String(decoding: mid, as: UTF8.self),
            codecs: options.capabilities.codecs.filter {
                $0.payloadType == payloadType || $0.payloadType == rtxPayloadType
                    || $0.payloadType == redundantPayloadType
            },
            headerExtensions: options.capabilities.headerExtensions,
            encodings: [RTPEncodingParameters(ssrc: ssrc, rtxSSRC: rtxSSRC)],
            rtcp: RTCPParameters(cname: cname)
        )
    }
}
