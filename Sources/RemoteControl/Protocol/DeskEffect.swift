#if canImport(Wire)
internal import Wire
#endif

/// When an event of somebody's became a picture, as the desk process saw it.
///
/// ```
/// u32 lease, u32 client time, 5 × u64 nanoseconds of the system's monotonic clock
/// ```
public struct DeskEffect: Hashable, Sendable {
    /// Of the event.
    public var lease: LeaseID
    public var clientTime: UInt32
    /// When the X server was given the event.
    public var injected: UInt64
    /// When something on the screen was seen to change after that.
    public var changed: UInt64
    /// The date of the picture that shows it, which its RTP timestamp is made of.
    public var captured: UInt64
    /// When that picture was read and converted.
    public var read: UInt64
    /// When its last packet went to the room.
    public var sent: UInt64

    public init(
        lease: LeaseID,
        clientTime: UInt32,
        injected: UInt64,
        changed: UInt64,
        captured: UInt64,
        read: UInt64,
        sent: UInt64
    ) {
        self.lease = lease
        self.clientTime = clientTime
        self.injected = injected
        self.changed = changed
        self.captured = captured
        self.read = read
        self.sent = sent
    }
}

extension DeskEffect {
    static let encodedLength = 48

    /// The times are in order, and `Int64`.
    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            bytes.byteCount == start + Self.encodedLength,
            let lease = bytes.bigEndian(UInt32.self, at: start),
            let clientTime = bytes.bigEndian(UInt32.self, at: start + 4),
            let injected = bytes.bigEndian(UInt64.self, at: start + 8),
            let changed = bytes.bigEndian(UInt64.self, at: start + 16),
            let captured = bytes.bigEndian(UInt64.self, at: start + 24),
            let read = bytes.bigEndian(UInt64.self, at: start + 32),
            let sent = bytes.bigEndian(UInt64.self, at: start + 40),
            injected <= changed, changed <= captured, captured <= read, read <= sent,
            sent <= UInt64(Int64.max)
        else { throw MalformedMessage(offset: start) }
        self.init(
            lease: LeaseID(lease),
            clientTime: clientTime,
            injected: injected,
            changed: changed,
            captured: captured,
            read: read,
            sent: sent
        )
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: lease.rawValue)
        output.append(network: clientTime)
        output.append(network: injected)
        output.append(network: changed)
        output.append(network: captured)
        output.append(network: read)
        output.append(network: sent)
    }
}
