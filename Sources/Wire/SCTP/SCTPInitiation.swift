/// What INIT and INIT ACK say about an endpoint (RFC 9260 §3.3.2, §3.3.3).
///
/// ```
/// |                         Initiate Tag                          |
/// |           Advertised Receiver Window Credit (a_rwnd)          |
/// |  Number of Outbound Streams   |   Number of Inbound Streams   |
/// |                          Initial TSN                          |
/// |              Optional/Variable-Length Parameters              |
/// ```
public struct SCTPInitiation: Hashable, Sendable {
    public var tag: UInt32
    /// In bytes.
    public var receiverWindow: UInt32
    public var outboundStreams: UInt16
    public var inboundStreams: UInt16
    public var initialTSN: TSN
    /// Whether the endpoint understands FORWARD TSN (RFC 3758 §3.1).
    public var supportsForwardTSN: Bool
    /// Whether the endpoint understands RE-CONFIG (RFC 6525 §3.1, RFC 5061 §4.2.7).
    public var supportsReconfiguration: Bool

    public init(
        tag: UInt32,
        receiverWindow: UInt32,
        outboundStreams: UInt16,
        inboundStreams: UInt16,
        initialTSN: TSN,
        supportsForwardTSN: Bool = true,
        supportsReconfiguration: Bool = true
    ) {
        self.tag = tag
        self.receiverWindow = receiverWindow
        self.outboundStreams = outboundStreams
        self.inboundStreams = inboundStreams
        self.initialTSN = initialTSN
        self.supportsForwardTSN = supportsForwardTSN
        self.supportsReconfiguration = supportsReconfiguration
    }

    /// Where the parameters lie in `packet` that concern this chunk only.
    public struct Parameters: Hashable, Sendable {
        /// The state cookie's value; in INIT ACK only.
        public var cookie: Range<Int>?
        /// Parameters to be reported as unknown, at most eight.
        public var unrecognized: [Range<Int>] = []

        public init() {}
    }

    /// Throws if a field is missing or has a value that must not occur: tag 0, or no streams.
    public init(
        _ chunk: SCTPChunk,
        in packet: RawSpan,
        parameters found: inout Parameters
    ) throws(SCTPParseError) {
        let start = chunk.value.lowerBound
        guard chunk.value.count >= Self.fixedLength,
            let tag = packet.bigEndian(UInt32.self, at: start), tag != 0,
            let receiverWindow = packet.bigEndian(UInt32.self, at: start + 4),
            let outboundStreams = packet.bigEndian(UInt16.self, at: start + 8), outboundStreams > 0,
            let inboundStreams = packet.bigEndian(UInt16.self, at: start + 10), inboundStreams > 0,
            let initialTSN = packet.bigEndian(UInt32.self, at: start + 12)
        else { throw SCTPParseError() }
        self.init(
            tag: tag,
            receiverWindow: receiverWindow,
            outboundStreams: outboundStreams,
            inboundStreams: inboundStreams,
            initialTSN: TSN(initialTSN),
            supportsForwardTSN: false,
            supportsReconfiguration: false
        )
        var parameters = SCTPParameterList(in: (start + Self.fixedLength)..<chunk.value.upperBound)
        while let parameter = try parameters.next(in: packet) {
            switch parameter.type {
            case Self.stateCookie:
                found.cookie = parameter.value
            case Self.forwardTSNSupported:
                supportsForwardTSN = true
            case Self.supportedExtensions:
                for offset in parameter.value {
                    switch packet.bigEndian(UInt8.self, at: offset) {
                    case SCTPChunkType.forwardTSN.rawValue: supportsForwardTSN = true
                    case SCTPChunkType.reconfiguration.rawValue: supportsReconfiguration = true
                    default: break
                    }
                }
            case Self.hostNameAddress:
                // RFC 9260 §3.3.2.1: its use ends the association.
                throw SCTPParseError()
            case _ where Self.ignored.contains(parameter.type):
                break
            default:
                if parameter.isReportedIfUnknown, found.unrecognized.count < 8 {
                    found.unrecognized.append(parameter.bytes)
                }
                guard parameter.isSkippedIfUnknown else { return }
            }
        }
    }

    /// Appends INIT, or INIT ACK with its cookie and the peer's parameters that were not recognised.
    public func write(
        cookie: [UInt8]? = nil,
        unrecognized: [[UInt8]] = [],
        into out: inout OutputRawSpan
    ) {
        let chunk = out.beginSCTPChunk(cookie == nil ? .initiation : .initiationAck)
        out.append(bigEndian: tag)
        out.append(bigEndian: receiverWindow)
        out.append(bigEndian: outboundStreams)
        out.append(bigEndian: inboundStreams)
        out.append(bigEndian: initialTSN.rawValue)
        var end = out.byteCount
        if supportsForwardTSN {
            end = out.byteCount + 4
            out.finishSCTPChunk(from: out.beginSCTPParameter(Self.forwardTSNSupported))
        }
        if supportsForwardTSN || supportsReconfiguration {
            let parameter = out.beginSCTPParameter(Self.supportedExtensions)
            if supportsReconfiguration { out.append(bigEndian: SCTPChunkType.reconfiguration.rawValue) }
            if supportsForwardTSN { out.append(bigEndian: SCTPChunkType.forwardTSN.rawValue) }
            end = out.byteCount
            out.finishSCTPChunk(from: parameter)
        }
        if let cookie {
            end = out.byteCount + 4 + cookie.count
            out.appendSCTPParameter(Self.stateCookie, copying: unsafe cookie.span.bytes)
        }
        for parameter in unrecognized {
            end = out.byteCount + 4 + parameter.count
            out.appendSCTPParameter(Self.unrecognizedParameter, copying: unsafe parameter.span.bytes)
        }
        // The padding of the last parameter does not count (RFC 9260 §3.2).
        out.overwrite(bigEndian: UInt16(end - chunk), at: chunk + 2)
    }

    private static let fixedLength = 16
    private static let stateCookie: UInt16 = 7
    private static let unrecognizedParameter: UInt16 = 8
    private static let hostNameAddress: UInt16 = 11
    private static let supportedExtensions: UInt16 = 0x8008
    private static let forwardTSNSupported: UInt16 = 0xc000
    /// Addresses, cookie preservative, ECN, address types, and what RFC 4895 and RFC 5061 add: known, of no
    /// use over DTLS.
    private static let ignored: Set<UInt16> = [
        5, 6, 8, 9, 12, 0x8000, 0x8001, 0x8002, 0x8003, 0x8004, 0xc006,
    ]
}
