extension OutputRawSpan {
    /// Appends `value` in network byte order.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func append<Value>(bigEndian value: Value)
    where Value: FixedWidthInteger & BitwiseCopyable {
        // An integer has no padding, so every byte appended is initialised.
        unsafe append(value.bigEndian, as: Value.self)
    }

    /// Appends a copy of `bytes`; they must fit.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func append(copying bytes: RawSpan) {
        precondition(bytes.byteCount <= freeCapacity, "the caller has checked that the bytes fit")
        // In bounds: the precondition. The two regions are distinct: `self` is exclusively borrowed.
        unsafe withUnsafeMutableBytes { buffer, count in
            unsafe bytes.withUnsafeBytes { source in
                guard let base = buffer.baseAddress, let from = source.baseAddress else { return }
                unsafe (base + count).copyMemory(from: from, byteCount: source.count)
            }
            count += bytes.byteCount
        }
    }

    /// Overwrites the integer at `offset`, which has been appended before, in network byte order.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func overwrite<Value>(
        bigEndian value: Value,
        at offset: Int
    ) where Value: FixedWidthInteger & BitwiseCopyable {
        precondition(
            offset >= 0 && offset + MemoryLayout<Value>.size <= byteCount,
            "only appended bytes are overwritten"
        )
        // In bounds: the precondition.
        unsafe withUnsafeMutableBytes { buffer, _ in
            unsafe buffer.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self)
        }
    }
}
