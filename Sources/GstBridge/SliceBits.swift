/// Bits of a raw byte sequence payload (ITU-T H.264 §7.2), high bit first.
struct SliceBits {
    private(set) var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var count = 0

    /// Appends the lowest `width` bits of `value`, 0…32.
    mutating func append(_ value: Int, _ width: Int) {
        pending = pending << UInt64(width) | UInt64(value) & ((1 << UInt64(width)) - 1)
        count += width
        while count >= 8 {
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: pending >> UInt64(count)))
        }
    }

    mutating func append(_ word: ResidualCodes.Word) { append(Int(word & 0xffff), Int(word >> 16)) }

    /// `ue(v)` (§9.1), below 2^16.
    mutating func appendUnsigned(_ value: Int) {
        let width = Int.bitWidth - (value + 1).leadingZeroBitCount
        append(0, width - 1)
        append(value + 1, width)
    }

    /// `se(v)` (§9.1.1).
    mutating func appendSigned(_ value: Int) { appendUnsigned(value > 0 ? 2 * value - 1 : -2 * value) }

    /// `rbsp_trailing_bits`.
    mutating func finish() {
        append(1, 1)
        if count > 0 { append(0, 8 - count) }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        pending = 0
        count = 0
    }
}

/// A cursor over the bits of a raw byte sequence payload; past its end it reads zeros.
struct SliceReader {
    let bytes: [UInt8]
    /// In bits.
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isOverrun: Bool { offset > 8 * bytes.count }

    mutating func read(_ width: Int) -> Int {
        var value = 0
        for _ in 0..<width {
            let byte = offset / 8 < bytes.count ? bytes[offset / 8] : 0
            value = value << 1 | Int(byte >> UInt8(7 - offset % 8) & 1)
            offset += 1
        }
        return value
    }

    /// `ue(v)`.
    mutating func readUnsigned() -> Int {
        var zeros = 0
        while zeros < 32, !isOverrun, read(1) == 0 { zeros += 1 }
        return (1 << zeros) - 1 + read(zeros)
    }

    /// `se(v)`.
    mutating func readSigned() -> Int {
        let code = readUnsigned()
        return code & 1 == 1 ? (code + 1) / 2 : -code / 2
    }
}

/// NAL units and what is between them (Annex B, §7.4.1.1).
enum NALUnit {
    /// Without the emulation prevention bytes.
    static func payload(of unit: UnsafeRawBufferPointer) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(unit.count)
        var zeros = 0
        for byte in unit {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        return bytes
    }

    /// With emulation prevention bytes.
    static func escaped(_ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 8)
        var zeros = 0
        for byte in payload {
            if zeros >= 2, byte <= 3 {
                bytes.append(3)
                zeros = 0
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
        return bytes
    }

    /// Where the units of a byte stream lie, without their start codes.
    static func ranges(in stream: UnsafeRawBufferPointer) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var begin: Int?
        var place = 0
        while place + 2 < stream.count {
            guard stream[place + 2] <= 1 else {
                place += 3
                continue
            }
            guard stream[place] == 0, stream[place + 1] == 0, stream[place + 2] == 1 else {
                place += 1
                continue
            }
            if let begin {
                var end = place
                // Zeros before a start code belong to it.
                while end > begin, stream[end - 1] == 0 { end -= 1 }
                ranges.append(begin..<end)
            }
            begin = place + 3
            place += 3
        }
        if let begin { ranges.append(begin..<stream.count) }
        return ranges
    }
}
