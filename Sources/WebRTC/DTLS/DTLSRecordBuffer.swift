/// Decrypted records that wait to be polled, in one block of memory that is allocated once, with the first: many
/// connections carry media alone.
///
/// There is room for what one datagram brings beside what another has left: whoever handles datagrams polls
/// after each.
struct DTLSRecordBuffer: ~Copyable {
    /// The longest datagram that is taken, and with it the longest record; what the room's socket takes, in
    /// bytes.
    static let largestRecord = 2_048

    /// Records appended since the beginning.
    private(set) var received = 0

    private var memory: UnsafeMutableRawBufferPointer?
    private var ranges: [Range<Int>] = []
    private var next = 0

    init() {}

    deinit {
        memory?.deallocate()
    }

    /// Whether another record fits.
    var hasRoom: Bool { Self.capacity - end >= Self.largestRecord }

    /// Appends the record that `read` writes to the front of the buffer it is given, if its outcome is
    /// `done`.
    ///
    /// There must be room.
    mutating func append(
        _ read: (UnsafeMutableRawBufferPointer, inout Int) -> DTLSEndpoint.Outcome
    ) -> DTLSEndpoint.Outcome {
        precondition(hasRoom, "the caller has asked")
        let memory = memory ?? .allocate(byteCount: Self.capacity, alignment: 16)
        self.memory = memory
        var count = 0
        let outcome = read(UnsafeMutableRawBufferPointer(rebasing: memory[end...]), &count)
        if case .done = outcome {
            ranges.append(end..<(end + count))
            received += 1
        } else if received == 0 {
            self.memory = nil
            memory.deallocate()
        }
        return outcome
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

    private static let capacity = 2 * largestRecord
}
