#if canImport(Wire)
internal import Wire
#endif

/// How the desk is doing; the room puts it into words for people.
public struct DeskStatus: Hashable, Sendable {
    public enum State: UInt8, Hashable, Sendable, CaseIterable {
        case starting = 0
        case live = 1
        case waitingForScreen = 2
        case waitingForSound = 3
        case failed = 4
    }

    /// Why the desk is not live.
    public enum Detail: UInt8, Hashable, Sendable, CaseIterable {
        case none = 0
        case screenUnreachable = 1
        case screenLost = 2
        /// The X server lacks an extension that input or capture needs.
        case screenUnsuitable = 3
        case soundUnreachable = 4
        case soundLost = 5
        case encoderMissing = 6
        case encoderFailed = 7
    }

    public var state: State
    public var detail: Detail
    /// Pixels; 0 while there is no screen.
    public var width: UInt16
    public var height: UInt16

    public init(_ state: State, detail: Detail = .none, width: UInt16 = 0, height: UInt16 = 0) {
        self.state = state
        self.detail = detail
        self.width = width
        self.height = height
    }
}

/// What the desk has done since it started.
public struct DeskStatistics: Hashable, Sendable {
    public var framesCaptured: UInt64 = 0
    public var framesEncoded: UInt64 = 0
    public var keyFrames: UInt64 = 0
    /// Control events that reached the X server.
    public var eventsInjected: UInt64 = 0
    /// Control events dropped in the desk: no screen yet, or more unusual characters than keycodes.
    public var eventsDropped: UInt64 = 0
    /// Frames encoded again without a change.
    public var framesRepeated: UInt64 = 0
    /// Bytes of RTP that were sent, and packets that the kernel refused.
    public var bytesSent: UInt64 = 0
    public var packetsDropped: UInt64 = 0
    /// Microseconds from the capture of a frame to its packets being sent: the slowest stream's median of late; 0: not
    /// known.
    public var latency: UInt64 = 0

    public init() {}
}

extension DeskStatus {
    static let encodedLength = 6

    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let state = bytes.bigEndian(UInt8.self, at: start).flatMap(State.init(rawValue:)),
            let detail = bytes.bigEndian(UInt8.self, at: start + 1).flatMap(Detail.init(rawValue:)),
            let width = bytes.bigEndian(UInt16.self, at: start + 2),
            let height = bytes.bigEndian(UInt16.self, at: start + 4),
            bytes.byteCount == start + Self.encodedLength
        else { throw MalformedMessage(offset: start) }
        self.init(state, detail: detail, width: width, height: height)
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(state.rawValue)
        output.append(detail.rawValue)
        output.append(network: width)
        output.append(network: height)
    }
}

extension DeskStatistics {
    static let encodedLength = 72

    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let captured = bytes.bigEndian(UInt64.self, at: start),
            let encoded = bytes.bigEndian(UInt64.self, at: start + 8),
            let keyFrames = bytes.bigEndian(UInt64.self, at: start + 16),
            let injected = bytes.bigEndian(UInt64.self, at: start + 24),
            let dropped = bytes.bigEndian(UInt64.self, at: start + 32),
            let repeated = bytes.bigEndian(UInt64.self, at: start + 40),
            let sent = bytes.bigEndian(UInt64.self, at: start + 48),
            let refused = bytes.bigEndian(UInt64.self, at: start + 56),
            let latency = bytes.bigEndian(UInt64.self, at: start + 64),
            bytes.byteCount == start + Self.encodedLength
        else { throw MalformedMessage(offset: start) }
        framesCaptured = captured
        framesEncoded = encoded
        self.keyFrames = keyFrames
        eventsInjected = injected
        eventsDropped = dropped
        framesRepeated = repeated
        bytesSent = sent
        packetsDropped = refused
        self.latency = latency
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: framesCaptured)
        output.append(network: framesEncoded)
        output.append(network: keyFrames)
        output.append(network: eventsInjected)
        output.append(network: eventsDropped)
        output.append(network: framesRepeated)
        output.append(network: bytesSent)
        output.append(network: packetsDropped)
        output.append(network: latency)
    }
}
