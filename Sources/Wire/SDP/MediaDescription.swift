/// One media section: an `m=` line and what follows it (RFC 8866 §5.14).
public struct MediaDescription: Hashable, Sendable {
    /// What the section carries: `audio`, `video` or `application`.
    public var kind: String
    /// 0 rejects the section (RFC 3264 §6); 9 stands for "by ICE".
    public var port: UInt16
    /// E.g.
    ///
    /// `UDP/TLS/RTP/SAVPF`.
    public var transport: String
    /// RTP payload types as text, or `webrtc-datachannel`.
    public var formats: [String]
    /// The value of the `c=` line.
    public var connection: String?
    public var attributes: [SDPAttribute]

    public init(
        kind: String,
        port: UInt16 = 9,
        transport: String,
        formats: [String],
        connection: String? = "IN IP4 0.0.0.0",
        attributes: [SDPAttribute] = []
    ) {
        self.kind = kind
        self.port = port
        self.transport = transport
        self.formats = formats
        self.connection = connection
        self.attributes = attributes
    }

    /// Parses what follows `m=`.
    init?(parsing value: Substring) {
        let fields = value.split(separator: " ")
        guard
            fields.count >= 4,
            // A port may be followed by "/" and a number of ports, which WebRTC never uses.
            let port = UInt16(fields[1].prefix { $0 != "/" })
        else { return nil }
        self.init(
            kind: String(fields[0]),
            port: port,
            transport: String(fields[2]),
            formats: fields[3...].map(String.init),
            connection: nil
        )
    }

    func write(into text: inout String) {
        text += "m=\(kind) \(port) \(transport) \(formats.joined(separator: " "))\r\n"
        if let connection { text += "c=\(connection)\r\n" }
        for attribute in attributes { text += attribute.line + "\r\n" }
    }
}
