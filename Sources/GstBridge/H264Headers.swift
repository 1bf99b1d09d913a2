/// What must be known of an H.264 stream to put pictures of one's own between those of its encoder.
///
/// The encoder numbers its pictures by type 2 (ITU-T H.264 §8.2.1.3), which allows no two in a row that nothing refers to.
/// So its parameter sets are rewritten to type 0, and each of its slices gets the number.
struct H264Headers {
    /// Bits of `frame_num`.
    private(set) var frameNumberBits = 0
    private(set) var pictureParameterSet = 0
    /// The quantizer that slices count from.
    private(set) var quantizer = 26
    private(set) var chromaOffset = 0
    private(set) var hasDeblockingControl = false
    /// Whether both parameter sets are as the encoder of the desk makes them.
    var isKnown: Bool { hasSequence && hasPicture }

    private var hasSequence = false
    private var hasPicture = false

    static let orderBits = 16

    /// Takes over a sequence parameter set (§7.3.2.1.1), without its emulation prevention bytes; returns the one to send.
    mutating func rewriteSequence(_ payload: [UInt8]) -> [UInt8] {
        hasSequence = false
        var reader = SliceReader(payload)
        _ = reader.read(8)
        // Baseline: higher ones have fields in between.
        guard reader.read(8) == 66 else { return payload }
        _ = reader.read(16)
        _ = reader.readUnsigned()
        frameNumberBits = reader.readUnsigned() + 4
        let place = reader.offset
        guard reader.readUnsigned() == 2, frameNumberBits <= 16 else { return payload }
        var bits = SliceBits()
        var start = SliceReader(payload)
        for _ in 0..<place { bits.append(start.read(1), 1) }
        bits.appendUnsigned(0)
        bits.appendUnsigned(Self.orderBits - 4)
        // To the last bit that is set, which ends it.
        let end = 8 * payload.count - (payload.last?.trailingZeroBitCount ?? 0) - 1
        while reader.offset < end { bits.append(reader.read(1), 1) }
        bits.finish()
        hasSequence = true
        return bits.bytes
    }

    /// Takes over a picture parameter set (§7.3.2.2).
    mutating func read(pictureParameterSet payload: [UInt8]) {
        hasPicture = false
        var reader = SliceReader(payload)
        _ = reader.read(8)
        pictureParameterSet = reader.readUnsigned()
        _ = reader.readUnsigned()
        // CAVLC, no order of pictures in slices, one slice group.
        guard reader.read(1) == 0, reader.read(1) == 0, reader.readUnsigned() == 0 else { return }
        _ = (reader.readUnsigned(), reader.readUnsigned())
        guard reader.read(1) == 0 else { return }
        _ = reader.read(2)
        quantizer = 26 + reader.readSigned()
        _ = reader.readSigned()
        chromaOffset = reader.readSigned()
        hasDeblockingControl = reader.read(1) == 1
        _ = reader.read(1)
        // No redundant pictures, and nothing of the higher profiles.
        hasPicture = reader.read(1) == 0 && !reader.isOverrun
    }

    /// Puts the picture's number into a slice (§7.3.3); returns it and the slice's `frame_num`.
    func rewriteSlice(_ payload: [UInt8], order: Int) -> (payload: [UInt8], frameNumber: Int) {
        var reader = SliceReader(payload)
        let isKeyFrame = reader.read(8) & 0x1f == 5
        _ = (reader.readUnsigned(), reader.readUnsigned(), reader.readUnsigned())
        let frameNumber = reader.read(frameNumberBits)
        if isKeyFrame { _ = reader.readUnsigned() }
        let (byte, bit) = reader.offset.quotientAndRemainder(dividingBy: 8)
        guard byte < payload.count else { return (payload, frameNumber) }
        var out: [UInt8] = []
        out.reserveCapacity(payload.count + 2)
        out += payload[..<byte]
        // Two bytes in the middle of one: what comes after stands where it stood.
        let whole = Int(payload[byte])
        let mask = 0xff >> bit
        let middle = (whole & ~mask & 0xff) << 16 | (order & 0xffff) << (8 - bit) | whole & mask
        out.append(UInt8(middle >> 16 & 0xff))
        out.append(UInt8(middle >> 8 & 0xff))
        out.append(UInt8(middle & 0xff))
        out += payload[(byte + 1)...]
        return (out, frameNumber)
    }
}
