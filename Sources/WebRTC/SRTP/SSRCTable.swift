internal import CPrefetch

/// A small map from synchronization sources to what is known of them.
///
/// Lookups allocate nothing: the latest hit is tried first, then a binary search over the sorted identifiers.
package struct SSRCTable<Value> {
    private var identifiers: [UInt32] = []
    private var values: [Value] = []
    private var latest = 0

    package init() {}

    package var count: Int { identifiers.count }

    /// The value at a position that ``position(of:)`` or ``insert(_:for:)`` returned; an insertion moves
    /// positions.
    package subscript(position: Int) -> Value {
        _read { yield values[position] }
        _modify { yield &values[position] }
    }

    /// Where the value of `ssrc` is, or `nil` if there is none.
    package mutating func position(of ssrc: UInt32) -> Int? {
        if latest < identifiers.count, identifiers[latest] == ssrc { return latest }
        let position = lowerBound(of: ssrc)
        guard position < identifiers.count, identifiers[position] == ssrc else { return nil }
        latest = position
        return position
    }

    /// Adds a source that the table does not hold yet and returns where its value is.
    @discardableResult
    package mutating func insert(_ value: Value, for ssrc: UInt32) -> Int {
        let position = lowerBound(of: ssrc)
        identifiers.insert(ssrc, at: position)
        values.insert(value, at: position)
        latest = position
        return position
    }

    /// Asks the processor for a small table.
    package func prefetch() {
        CPrefetch_lines(unsafeBitCast(identifiers, to: UnsafeRawPointer.self), 64)
        CPrefetch_lines(unsafeBitCast(values, to: UnsafeRawPointer.self), 128)
    }

    /// The first position whose identifier is not less than `ssrc`.
    private func lowerBound(of ssrc: UInt32) -> Int {
        var low = 0
        var high = identifiers.count
        while low < high {
            let middle = (low + high) / 2
            if identifiers[middle] < ssrc { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
