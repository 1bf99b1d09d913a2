/// Writes the extension block of an outgoing packet, element by element (RFC 8285 §4.2, §4.3).
///
/// In the one-byte form elements have ids 1…14 and 1…16 bytes of data, in the two-byte form ids 1…255 and
/// 0…255 bytes; a stream may mix packets of both where `extmap-allow-mixed` was agreed on (§6). Create it
/// right after the fixed header was appended, append elements, then ``finish(_:)``.
public struct RTPHeaderExtensionWriter: ~Copyable {
    @usableFromInline let start: Int
    @usableFromInline let isTwoByte: Bool

    /// Appends the block's own header, whose length ``finish(_:)`` fills in.
    @inlinable
    public init(isTwoByte: Bool = false, _ out: inout OutputRawSpan) {
        start = out.byteCount
        self.isTwoByte = isTwoByte
        out.append(bigEndian: (isTwoByte ? 0x1000_0000 : 0xbede_0000) as UInt32)
    }

    /// Appends a 24-bit value: abs-send-time or playout-delay.
    @inlinable
    public func append(_ id: UInt8, uint24 value: UInt32, to out: inout OutputRawSpan) {
        begin(id, 3, &out)
        out.append(UInt8(truncatingIfNeeded: value >> 16))
        out.append(UInt8(truncatingIfNeeded: value >> 8))
        out.append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends an 8-bit value: the audio level.
    @inlinable
    public func append(_ id: UInt8, uint8 value: UInt8, to out: inout OutputRawSpan) {
        begin(id, 1, &out)
        out.append(value)
    }

    /// Appends a 16-bit value: the transport-wide sequence number.
    @inlinable
    public func append(_ id: UInt8, uint16 value: UInt16, to out: inout OutputRawSpan) {
        begin(id, 2, &out)
        out.append(bigEndian: value)
    }

    /// Appends as many bytes as the form allows: an SDES item, or an element copied from another packet.
    ///
    /// Other lengths append nothing.
    @inlinable
    public func append(_ id: UInt8, bytes: RawSpan, to out: inout OutputRawSpan) {
        guard isTwoByte ? bytes.byteCount <= 255 : 1...16 ~= bytes.byteCount else { return }
        begin(id, bytes.byteCount, &out)
        out.append(copying: bytes)
    }

    /// Pads the block to 32 bits and writes its length.
    @inlinable
    public consuming func finish(_ out: inout OutputRawSpan) {
        while (out.byteCount - start) % 4 != 0 { out.append(0 as UInt8) }
        let words = UInt16(truncatingIfNeeded: (out.byteCount - start) / 4 - 1)
        out.overwrite(bigEndian: words, at: start + 2)
    }

    @inlinable
    func begin(_ id: UInt8, _ length: Int, _ out: inout OutputRawSpan) {
        if isTwoByte {
            out.append(id)
            out.append(UInt8(truncatingIfNeeded: length))
        } else {
            out.append(id << 4 | UInt8(truncatingIfNeeded: length - 1))
        }
    }
}
