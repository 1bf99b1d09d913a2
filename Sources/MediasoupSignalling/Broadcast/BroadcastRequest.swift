package import Access
package import SFU

/// What a request to mediasoup-demo's broadcaster API asks for, of both generations: until 2024, and in TypeScript since.
///
/// Members that are not known are passed over, as scripts say more than is asked.
package enum BroadcastRequest: Hashable, Sendable {
    case begin(Begin)
    case connect(transport: String, Connect)
    case consume(Consume)
    /// The broadcaster is to go.
    case end
    /// Which streams there are to be consumed.
    case list
    case makeTransport(MakeTransport)
    /// The broadcaster is ready.
    case ready
    case produce(Produce)
    case resume(consumer: String)
    /// What the router takes and sends.
    case look

    package struct Begin: Hashable, Sendable {
        package var peer: String
        package var name: String
        /// Whether the members are those of before 2024.
        package var isClassic: Bool
        /// What it takes: without any it only sends.
        package var capabilities: MediasoupCapabilities?
    }

    package struct MakeTransport: Hashable, Sendable {
        /// `nil`: it does not say.
        package var isConsuming: Bool?
        package var comedia: Bool
        package var rtcpMux: Bool
        package var srtp: SRTPCryptoSuite?
    }

    package struct Connect: Hashable, Sendable {
        /// An address as text; `nil`: it only says its key.
        package var ip: String?
        package var port: UInt16
        package var rtcpPort: UInt16?
        package var srtp: SRTPParameters?
    }

    package struct Produce: Hashable, Sendable {
        package var transport: String
        package var kind: MediaKind
        package var parameters: RTPParameters
    }

    package struct Consume: Hashable, Sendable {
        package var transport: String
        package var producer: String
        package var isPaused: Bool
        /// `nil`: those that it began with.
        package var capabilities: MediasoupCapabilities?
    }
}

extension BroadcastRequest {
    /// - Parameters:
    ///   - route: Where the request goes, and what for.
    ///   - body: Empty if there is none.
    package init(_ route: BroadcastRoute, body: JSONObject, producer: String?) throws(MediasoupError) {
        let fields = JSONFields(body, at: "body")
        switch route.action {
        case .begin: self = .begin(try Begin(fields))
        case .connect(let transport): self = .connect(transport: transport, try Connect(fields))
        case .consume(let transport):
            self = .consume(
                Consume(
                    transport: try fields.text("transportId", unless: transport),
                    producer: try fields.text("producerId", unless: producer),
                    isPaused: try fields.optionalBool("paused") ?? false,
                    capabilities: try fields.capabilities
                )
            )
        case .end: self = .end
        case .list: self = .list
        case .look: self = .look
        case .makeTransport: self = .makeTransport(try MakeTransport(fields))
        case .produce(let transport): self = .produce(try Produce(fields, transport))
        case .ready: self = .ready
        case .resume(let consumer): self = .resume(consumer: consumer)
        }
    }
}

extension BroadcastRequest.Begin {
    fileprivate init(_ fields: JSONFields) throws(MediasoupError) {
        let classic = try fields.optionalText("id", limit: 64)
        peer = try fields.text("peerId", unless: classic)
        guard BroadcastRoute.isName(peer) else {
            throw fields.wrong(
                classic == nil ? "peerId" : "id",
                "is not 1 to 64 letters, digits, or any of - _ . ~"
            )
        }
        name = try fields.text("displayName")
        isClassic = classic != nil
        capabilities = try fields.capabilities
    }
}

extension BroadcastRequest.MakeTransport {
    fileprivate init(_ fields: JSONFields) throws(MediasoupError) {
        let type = try fields.optionalText("type") ?? "plain"
        guard type == "plain" else {
            throw fields.wrong("type", "is not plain; for WebRTC there are WHIP and WHEP")
        }
        switch try fields.optionalText("direction") {
        case nil: isConsuming = nil
        case "consumer": isConsuming = true
        case "producer": isConsuming = false
        default: throw fields.wrong("direction", "is not producer or consumer")
        }
        comedia = try fields.optionalBool("comedia") ?? false
        rtcpMux = try fields.optionalBool("rtcpMux") ?? true
        let suite = try fields.suite("srtpCryptoSuite")
        // mediasoup's default.
        srtp = try fields.optionalBool("enableSrtp") == true ? suite ?? .aesCM128HMACSHA1_80 : nil
    }
}

extension BroadcastRequest.Connect {
    fileprivate init(_ fields: JSONFields) throws(MediasoupError) {
        ip = try fields.optionalText("ip", limit: 64)
        port = ip == nil ? 0 : UInt16(try fields.integer("port", in: 1...65_535))
        rtcpPort = try fields.optionalInteger("rtcpPort", in: 1...65_535).map { UInt16($0) }
        if let srtp = try fields.optionalFields("srtpParameters") {
            guard let suite = try srtp.suite("cryptoSuite") else {
                throw srtp.wrong("cryptoSuite", "is missing")
            }
            self.srtp = SRTPParameters(
                cryptoSuite: suite,
                keyBase64: try srtp.text("keyBase64", limit: 128)
            )
        }
        guard ip != nil || srtp != nil else { throw fields.wrong("ip", "is missing") }
    }
}

extension BroadcastRequest.Produce {
    fileprivate init(_ fields: JSONFields, _ transport: String?) throws(MediasoupError) {
        self.transport = try fields.text("transportId", unless: transport)
        guard let kind = MediaKind(rawValue: try fields.text("kind")) else {
            throw fields.wrong("kind", "is not audio or video")
        }
        self.kind = kind
        parameters = try RTPParameters(mediasoup: fields.fields("rtpParameters").object, kind: kind)
        guard parameters.encodings.allSatisfy({ $0.ssrc != nil }) else {
            throw MediasoupError("rtpParameters.encodings", "has an encoding without ssrc")
        }
    }
}

extension JSONFields {
    fileprivate var capabilities: MediasoupCapabilities? {
        get throws(MediasoupError) {
            guard let fields = try optionalFields("rtpCapabilities") else { return nil }
            return try MediasoupCapabilities(mediasoup: fields.object)
        }
    }

    /// The text that the path has, or else the body's.
    fileprivate func text(_ name: String, unless known: String?) throws(MediasoupError) -> String {
        if let known { return known }
        return try text(name)
    }

    fileprivate func suite(_ name: String) throws(MediasoupError) -> SRTPCryptoSuite? {
        guard let text = try optionalText(name, limit: 64) else { return nil }
        guard let suite = SRTPCryptoSuite(rawValue: text), suite != .aeadAES256GCM else {
            throw wrong(name, "is not AES_CM_128_HMAC_SHA1_80 or AEAD_AES_128_GCM")
        }
        return suite
    }
}
