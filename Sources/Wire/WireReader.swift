/// The buffer ends before the field that starts at `offset`.
public struct WireTruncated: Error, Hashable, Sendable {
    /// Bytes from the start of the buffer.
    public var offset: Int
}

/// A cursor over a borrowed buffer that reads integers in network byte order.
///
/// A read past the end throws; it never traps. The cursor cannot outlive the buffer it reads.
public struct WireReader: ~Escapable {
    public let bytes: RawSpan

    /// Distance of the next read from the start of the buffer, in bytes.
    public private(set) var offset = 0

    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// Bytes not read yet.
    public var remaining: Int { bytes.byteCount - offset }

    @inlinable
    public mutating func read<Value>(
        _ type: Value.Type = Value.self
    ) throws(WireTruncated) -> Value where Value: FixedWidthInteger & BitwiseCopyable {
        let range = try skip(MemoryLayout<Value>.size)
        // In bounds: `skip` threw otherwise. Any bit pattern is a valid integer.
        return Value(
            bigEndian: unsafe bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: range.lowerBound,
                as: Value.self
            )
        )
    }

    /// Skips `count` bytes and returns the range they occupied; a negative count throws too.
    public mutating func skip(_ count: Int) throws(WireTruncated) -> Range<Int> {
        guard count >= 0, remaining >= count else { throw WireTruncated(offset: offset) }
        defer { offset += count }
        return offset..<(offset + count)
    }
}

extension RawSpan {
    /// The integer in network byte order at `offset`, or `nil` if the span ends before it does.
    @inlinable
    public func bigEndian<Value>(
        _ type: Value.Type = Value.self,
        at offset: Int
    ) -> Value? where Value: FixedWidthInteger & BitwiseCopyable {
        guard offset >= 0, byteCount - offset >= MemoryLayout<Value>.size else { return nil }
        // In bounds: the guard above. Any bit pattern is a valid integer.
        return Value(bigEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Value.self))
    }
}
