#if canImport(Wire)
internal import Wire
#endif

/// What the room wants of the desk: which streams, and where each one goes.
///
/// ```
/// u8 frames per second, u16 MTU, u8 stream count, then for each stream:
/// u8 name, u8 payload type, u16 port, u32 SSRC, u32 bit/s, u8 1 if it starts at once, u64 key
/// ```
public struct DeskConfiguration: Hashable, Sendable {
    /// The most frames a second the desk may capture, 1 to 60.
    ///
    /// A still desktop yields none.
    public var framesPerSecond: UInt8
    /// The size of the largest RTP packet, in bytes, 256 to 1,400.
    public var mtu: UInt16
    /// At most one for each ``DeskStreamName``.
    public var streams: [DeskStream]

    /// Returns `nil` if a value is outside its range, a stream name occurs twice, or a stream is invalid.
    public init?(framesPerSecond: UInt8 = 30, mtu: UInt16 = 1_200, streams: [DeskStream]) {
        guard
            (1...60).contains(framesPerSecond),
            (256...1_400).contains(mtu),
            Set(streams.map(\.name)).count == streams.count,
            streams.allSatisfy(\.isValid)
        else { return nil }
        self.framesPerSecond = framesPerSecond
        self.mtu = mtu
        self.streams = streams
    }
}

/// One of the streams a desk can send.
public enum DeskStreamName: UInt8, Hashable, Sendable, CaseIterable {
    case h264 = 1
    case vp8 = 2
    case opus = 3
    /// The picture of ``h264``, smaller and slower, for a narrow path.
    case h264Small = 4
    case vp8Small = 5
    /// The picture of ``h264`` with what is hidden from clients: only for who may see that.
    case h264Clear = 6
    case vp8Clear = 7
    case h264ClearSmall = 8
    case vp8ClearSmall = 9
}

/// Where and how the desk sends one stream.
public struct DeskStream: Hashable, Sendable {
    public var name: DeskStreamName
    /// 0 to 127.
    public var payloadType: UInt8
    /// The UDP port on 127.0.0.1 that takes RTP and RTCP (RFC 5761); not 0.
    public var port: UInt16
    /// Chosen by the room, so that it survives a restart of the desk.
    public var ssrc: UInt32
    /// Bit/s, 6,000 to 100,000,000.
    public var bitrate: UInt32
    /// Whether the stream runs from the start or waits for ``DeskCommand/startStream(_:)``.
    public var isStarted: Bool
    /// By which the room knows the stream's sender from other programs on this machine; 0: it does not ask.
    public var key: UInt64

    public init(
        name: DeskStreamName,
        payloadType: UInt8,
        port: UInt16,
        ssrc: UInt32,
        bitrate: UInt32,
        isStarted: Bool = true,
        key: UInt64 = 0
    ) {
        self.key = key
        self.name = name
        self.payloadType = payloadType
        self.port = port
        self.ssrc = ssrc
        self.bitrate = bitrate
        self.isStarted = isStarted
    }

    /// Bit/s that a stream may be asked for.
    public static let bitrates: ClosedRange<UInt32> = 6_000...100_000_000

    fileprivate var isValid: Bool {
        payloadType < 128 && port != 0 && Self.bitrates.contains(bitrate)
    }
}

extension DeskConfiguration {
    static let maximumLength = 4 + DeskStream.encodedLength * DeskStreamName.allCases.count

    var encodedLength: Int { 4 + DeskStream.encodedLength * streams.count }

    /// Parses the configuration that fills `bytes` from `start` on.
    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let framesPerSecond = bytes.bigEndian(UInt8.self, at: start),
            let mtu = bytes.bigEndian(UInt16.self, at: start + 1),
            let count = bytes.bigEndian(UInt8.self, at: start + 3),
            bytes.byteCount == start + 4 + DeskStream.encodedLength * Int(count)
        else { throw MalformedMessage(offset: bytes.byteCount) }
        var streams: [DeskStream] = []
        for index in 0..<Int(count) {
            let place = start + 4 + DeskStream.encodedLength * index
            streams.append(try DeskStream(parsing: bytes, from: place))
        }
        guard let value = Self(framesPerSecond: framesPerSecond, mtu: mtu, streams: streams) else {
            throw MalformedMessage(offset: start)
        }
        self = value
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(framesPerSecond)
        output.append(network: mtu)
        output.append(UInt8(clamping: streams.count))
        for stream in streams { stream.write(into: &output) }
    }
}

extension DeskStream {
    fileprivate init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let rawName = bytes.bigEndian(UInt8.self, at: start),
            let payloadType = bytes.bigEndian(UInt8.self, at: start + 1),
            let port = bytes.bigEndian(UInt16.self, at: start + 2),
            let ssrc = bytes.bigEndian(UInt32.self, at: start + 4),
            let bitrate = bytes.bigEndian(UInt32.self, at: start + 8),
            let started = bytes.bigEndian(UInt8.self, at: start + 12), started <= 1,
            let key = bytes.bigEndian(UInt64.self, at: start + 13),
            let name = DeskStreamName(rawValue: rawName)
        else { throw MalformedMessage(offset: start) }
        self.init(
            name: name,
            payloadType: payloadType,
            port: port,
            ssrc: ssrc,
            bitrate: bitrate,
            isStarted: started == 1,
            key: key
        )
    }

    @_lifetime(output: copy output)
    fileprivate func write(into output: inout OutputRawSpan) {
        output.append(name.rawValue)
        output.append(payloadType)
        output.append(network: port)
        output.append(network: ssrc)
        output.append(network: bitrate)
        output.append(isStarted ? 1 : 0)
        output.append(network: key)
    }

    /// Bytes.
    fileprivate static let encodedLength = 21
}
