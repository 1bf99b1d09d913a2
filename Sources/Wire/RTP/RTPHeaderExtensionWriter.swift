/// Writes the extension block of an outgoing packet, element by element (RFC 8285 §4.2).
///
/// Elements have ids 1…14 and 1…16 bytes of data, so the one-byte form serves. Create it right after the
/// fixed header was appended, append elements, then ``finish(_:)``.
public struct RTPHeaderExtensionWriter: ~Copyable {
    private let start: Int

    /// Appends the block's own header, whose length ``finish(_:)`` fills in.
    @inlinable
    public init(_ out: inout OutputRawSpan) {
        self.init(startingAt: out.byteCount)
        out.append(bigEndian: 0xbede_0000 as UInt32)
    }

    @usableFromInline
    init(startingAt start: Int) {
        self.start = start
    }

    /// Appends a 24-bit value: abs-send-time or playout-delay.
    @inlinable
    public func append(_ id: UInt8, uint24 value: UInt32, to out: inout OutputRawSpan) {
        out.append(id << 4 | 2)
        out.append(UInt8(truncatingIfNeeded: value >> 16))
        out.append(UInt8(truncatingIfNeeded: value >> 8))
        out.append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends an 8-bit value: the audio level.
    @inlinable
    public func append(_ id: UInt8, uint8 value: UInt8, to out: inout OutputRawSpan) {
        out.append(id << 4)
        out.append(value)
    }

    /// Appends a 16-bit value: the transport-wide sequence number.
    @inlinable
    public func append(_ id: UInt8, uint16 value: UInt16, to out: inout OutputRawSpan) {
        out.append(id << 4 | 1)
        out.append(bigEndian: value)
    }

    /// Appends 1…16 bytes: an SDES item, or an element copied from another packet.
    ///
    /// Other lengths append nothing.
    @inlinable
    public func append(_ id: UInt8, bytes: RawSpan, to out: inout OutputRawSpan) {
        guard 1...16 ~= bytes.byteCount else { return }
        out.append(id << 4 | UInt8(bytes.byteCount - 1))
        out.append(copying: bytes)
    }

    /// Pads the block to 32 bits and writes its length.
    @inlinable
    public consuming func finish(_ out: inout OutputRawSpan) {
        while (out.byteCount - startOffset) % 4 != 0 { out.append(0 as UInt8) }
        let words = UInt16(truncatingIfNeeded: (out.byteCount - startOffset) / 4 - 1)
        out.overwrite(bigEndian: words, at: startOffset + 2)
    }

    @usableFromInline var startOffset: Int { start }
}
