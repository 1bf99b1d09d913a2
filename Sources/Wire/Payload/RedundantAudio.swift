/// The blocks of a payload that carries redundant audio (RFC 2198 §3).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |1|   block PT  |      timestamp offset     |   block length    |   for each redundant block
/// |0|   block PT  |                                                   for the primary block
/// ```
///
/// The redundant blocks come first, the oldest at the front; ``next(in:)`` returns them in that order and the
/// primary block last. Holds offsets, not bytes.
public struct RedundantAudio: Hashable, Sendable {
    /// One encoding of a stretch of sound.
    public struct Block: Hashable, Sendable {
        /// 0…127.
        public var payloadType: UInt8
        /// How long before the packet's timestamp it was sampled, in ticks of the clock rate: 0…16 383.
        public var timestampOffset: UInt16
        /// Where its bytes lie in the payload.
        public var data: Range<Int>
        public var isPrimary: Bool

        public init(payloadType: UInt8, timestampOffset: UInt16, data: Range<Int>, isPrimary: Bool) {
            self.payloadType = payloadType
            self.timestampOffset = timestampOffset
            self.data = data
            self.isPrimary = isPrimary
        }
    }

    /// What the packet is sent for: the sound at its own timestamp.
    public let primary: Block

    private var nextHeader = 0
    private var nextData: Int
    private var isFinished = false

    /// `nil` if the headers do not end, or name more bytes than there are.
    public init?(_ payload: RawSpan) {
        var offset = 0
        var redundant = 0
        while let first = payload.bigEndian(UInt8.self, at: offset) {
            guard first & 0x80 != 0 else {
                let start = offset + 1 + redundant
                guard payload.byteCount >= start else { return nil }
                primary = Block(
                    payloadType: first,
                    timestampOffset: 0,
                    data: start..<payload.byteCount,
                    isPrimary: true
                )
                nextData = offset + 1
                return
            }
            guard let header = payload.bigEndian(UInt32.self, at: offset) else { return nil }
            redundant += Int(header & 0x3ff)
            offset += 4
        }
        return nil
    }

    /// Appends a copy of `payload` in which every block has another payload type; nothing if it cannot be
    /// read.
    public static func write(_ payload: RawSpan, payloadType: UInt8, into out: inout OutputRawSpan) {
        guard Self(payload) != nil else { return }
        let start = out.byteCount
        out.append(copying: payload)
        var offset = 0
        while let first = payload.bigEndian(UInt8.self, at: offset) {
            out.overwrite(bigEndian: first & 0x80 | payloadType & 0x7f, at: start + offset)
            guard first & 0x80 != 0 else { return }
            offset += 4
        }
    }

    /// The next block of the `payload` that this was parsed from; `nil` after the primary one.
    public mutating func next(in payload: RawSpan) -> Block? {
        guard !isFinished else { return nil }
        guard let header = payload.bigEndian(UInt32.self, at: nextHeader), header & 0x8000_0000 != 0 else {
            isFinished = true
            return primary
        }
        nextHeader += 4
        let start = nextData
        nextData += Int(header & 0x3ff)
        return Block(
            payloadType: UInt8(header >> 24 & 0x7f),
            timestampOffset: UInt16(header >> 10 & 0x3fff),
            data: start..<nextData,
            isPrimary: false
        )
    }
}
