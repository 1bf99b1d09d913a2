extension OutputRawSpan {
    /// Appends an integer in network byte order.
    ///
    /// Traps if the span is full: every writer states its `encodedLength`, and the caller provides it.
    @_lifetime(self: copy self)
    mutating func append<Value>(network value: Value) where Value: FixedWidthInteger & BitwiseCopyable {
        append(value.bigEndian, as: Value.self)
    }
}

extension Array<UInt8> {
    /// Creates an array of at most `capacity` bytes, filled by `write`.
    package init(writing capacity: Int, _ write: (inout OutputRawSpan) -> Void) {
        self.init(unsafeUninitializedCapacity: capacity) { buffer, count in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            var span = unsafe OutputRawSpan(buffer: memory, initializedCount: 0)
            write(&span)
            count = unsafe span.finalize(for: memory)
        }
    }
}
