/// One parameter of a RE-CONFIG chunk (RFC 6525 §4).
public enum SCTPReconfiguration: Hashable, Sendable {
    /// The sender starts its outgoing streams anew, all of them if `streams` is empty (§4.1).
    case outgoingReset(request: UInt32, response: UInt32, lastTSN: TSN, streams: [UInt16])
    /// The answer to a request (§4.4).
    case response(to: UInt32, Result)
    /// The sender wants so many more outgoing streams (§4.5).
    case addOutgoingStreams(request: UInt32, count: UInt16)
    /// A request that data channels have no use for: incoming and TSN resets, incoming streams (§4.2, §4.3,
    /// §4.6).
    case other(request: UInt32)

    /// How a request ended (§4.4).
    public struct Result: RawRepresentable, Hashable, Sendable {
        public var rawValue: UInt32

        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        public static let nothingToDo = Self(rawValue: 0)
        public static let performed = Self(rawValue: 1)
        public static let denied = Self(rawValue: 2)
        public static let wrongStream = Self(rawValue: 3)
        public static let alreadyInProgress = Self(rawValue: 4)
        public static let badSequenceNumber = Self(rawValue: 5)
        public static let inProgress = Self(rawValue: 6)
    }

    /// Reads one parameter; an unknown one is `nil`.
    public init?(_ parameter: SCTPParameter, in packet: RawSpan) throws(SCTPParseError) {
        let start = parameter.value.lowerBound
        let length = parameter.value.count
        guard Self.known.contains(parameter.type) else { return nil }
        guard length >= 4, let number = packet.bigEndian(UInt32.self, at: start) else {
            throw SCTPParseError()
        }
        switch parameter.type {
        case Self.outgoingResetType:
            guard length >= 12, length % 2 == 0,
                let response = packet.bigEndian(UInt32.self, at: start + 4),
                let lastTSN = packet.bigEndian(UInt32.self, at: start + 8)
            else { throw SCTPParseError() }
            self = .outgoingReset(
                request: number,
                response: response,
                lastTSN: TSN(lastTSN),
                streams: stride(from: start + 12, to: parameter.value.upperBound, by: 2).compactMap {
                    packet.bigEndian(UInt16.self, at: $0)
                }
            )
        case Self.responseType:
            guard length >= 8, let result = packet.bigEndian(UInt32.self, at: start + 4) else {
                throw SCTPParseError()
            }
            self = .response(to: number, Result(rawValue: result))
        case Self.addOutgoingStreamsType:
            guard length >= 8, let count = packet.bigEndian(UInt16.self, at: start + 4) else {
                throw SCTPParseError()
            }
            self = .addOutgoingStreams(request: number, count: count)
        default:
            self = .other(request: number)
        }
    }

    /// Appends a RE-CONFIG chunk with this parameter alone; ``other(request:)`` is never written.
    public func write(into out: inout OutputRawSpan) {
        let chunk = out.beginSCTPChunk(.reconfiguration)
        let parameter: Int
        switch self {
        case .outgoingReset(let request, let response, let lastTSN, let streams):
            parameter = out.beginSCTPParameter(Self.outgoingResetType)
            out.append(bigEndian: request)
            out.append(bigEndian: response)
            out.append(bigEndian: lastTSN.rawValue)
            for stream in streams { out.append(bigEndian: stream) }
        case .response(let request, let result):
            parameter = out.beginSCTPParameter(Self.responseType)
            out.append(bigEndian: request)
            out.append(bigEndian: result.rawValue)
        case .addOutgoingStreams(let request, let count):
            parameter = out.beginSCTPParameter(Self.addOutgoingStreamsType)
            out.append(bigEndian: request)
            out.append(bigEndian: count)
            out.append(bigEndian: UInt16(0))
        case .other:
            preconditionFailure("only requests that this endpoint makes are written")
        }
        out.finishSCTPChunk(from: chunk, withParameterFrom: parameter)
    }

    /// Bytes of the chunk, padded.
    public var length: Int {
        switch self {
        case .outgoingReset(_, _, _, let streams): paddedLength(20 + 2 * streams.count)
        case .response, .addOutgoingStreams: 16
        case .other: 0
        }
    }

    private static let outgoingResetType: UInt16 = 13
    private static let responseType: UInt16 = 16
    private static let addOutgoingStreamsType: UInt16 = 17
    private static let known: ClosedRange<UInt16> = 13...18
}
