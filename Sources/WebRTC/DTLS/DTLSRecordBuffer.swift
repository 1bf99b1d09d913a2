/// Decrypted records that wait to be polled, in one block of memory that is allocated once, with the first: many
/// connections carry media alone.
///
/// There is room for what one datagram brings beside what another has left: whoever handles datagrams polls
/// after each.
struct DTLSRecordBuffer: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer?
    private var ranges: [Range<Int>] = []
    private var next = 0
    private var isUsed = false

    init() {}

    deinit {
        memory?.deallocate()
    }

    /// Whether another record fits.
    var hasRoom: Bool { Self.capacity - end >= DTLSRecord.longestDatagram }

    /// Appends the record that `read` writes to the front of the buffer it is given; returns whether it did.
    ///
    /// There must be room. `read` returns how many bytes it wrote, or `nil` if there is no record.
    mutating func append(_ read: (UnsafeMutableRawBufferPointer) -> Int?) -> Bool {
        precondition(hasRoom, "the caller has asked")
        let memory = memory ?? .allocate(byteCount: Self.capacity, alignment: 16)
        self.memory = memory
        guard let count = read(UnsafeMutableRawBufferPointer(rebasing: memory[end...])) else {
            // A forged record is not worth the memory.
            if !isUsed {
                self.memory = nil
                memory.deallocate()
            }
            return false
        }
        isUsed = true
        ranges.append(end..<(end + count))
        return true
    }

    /// Gives `body` the oldest record and forgets it; `false` if there is none.
    mutating func removeFirst(_ body: (RawSpan) -> Void) -> Bool {
        guard next < ranges.count, let memory else { return false }
        // `read` has initialised the range.
        body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[ranges[next]])))
        next += 1
        if next == ranges.count {
            ranges.removeAll(keepingCapacity: true)
            next = 0
        }
        return true
    }

    private var end: Int { ranges.last?.upperBound ?? 0 }

    private static let capacity = 2 * DTLSRecord.longestDatagram
}
