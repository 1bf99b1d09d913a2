package import Wire

/// The median of the last 128 values.
package struct RecentMedian {
    private var values: [Interval] = []
    private var next = 0

    package init() {
        values.reserveCapacity(Self.capacity)
    }

    package mutating func append(_ value: Interval) {
        if values.count < Self.capacity {
            values.append(value)
        } else {
            values[next] = value
            next = (next + 1) % Self.capacity
        }
    }

    package var median: Interval? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    package static let capacity = 128
}
