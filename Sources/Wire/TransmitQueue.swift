/// Datagrams waiting to be sent, packed end to end in one block of memory that is allocated once.
///
/// Protocol code receives the queue as an `inout` argument and writes packets straight into it, so
/// forwarding a packet to a consumer costs one copy and no allocation. Because datagrams lie end to
/// end, a run of equal-sized datagrams to one destination is one `UDP_SEGMENT` send. Appending to a
/// full queue drops the datagram, as a full socket buffer would; a producer of many datagrams asks
/// ``isNearlyFull`` between destinations and has the queue flushed.
@safe public struct TransmitQueue: ~Copyable {
    /// Room for one datagram, in bytes.
    public static let datagramCapacity = 1_500

    /// One datagram: where its bytes lie in the queue's memory, and where they go.
    public struct Datagram: Hashable, Sendable {
        public var offset: Int
        public var length: Int
        public var destination: SocketAddress
    }

    /// Datagrams dropped because the queue was full, since it was created.
    public private(set) var dropped = 0

    /// The datagrams in the order they were appended.
    public private(set) var datagrams: [Datagram] = []

    private let memory: UnsafeMutableRawBufferPointer
    private let capacity: Int
    private var used = 0

    /// Creates a queue for at most `capacity` datagrams.
    public init(capacity: Int) {
        self.capacity = capacity
        unsafe memory = .allocate(byteCount: capacity * Self.datagramCapacity, alignment: 64)
        datagrams.reserveCapacity(capacity)
    }

    deinit {
        unsafe memory.deallocate()
    }

    public var count: Int { datagrams.count }
    public var isEmpty: Bool { datagrams.isEmpty }

    /// Whether fewer than ``headroom`` datagrams still fit.
    public var isNearlyFull: Bool { capacity - datagrams.count < Self.headroom }

    /// What one destination may append between two looks at ``isNearlyFull``.
    public static let headroom = 128

    /// Appends the datagram that `write` produces; if `write` throws or writes nothing, nothing is appended.
    @inlinable
    public mutating func append<Failure>(
        to destination: SocketAddress,
        _ write: (inout OutputRawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        guard let slot = unsafe reserve() else { return }
        var datagram = unsafe OutputRawSpan(buffer: slot, initializedCount: 0)
        try write(&datagram)
        unsafe commit(datagram.finalize(for: slot), to: destination)
    }

    /// Gives `body` the bytes of the datagram at `index`.
    public func withBytes<Result, Failure>(
        at index: Int,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let datagram = datagrams[index]
        // `commit` only records ranges inside `memory` that `write` has initialised.
        return try unsafe body(
            RawSpan(
                _unsafeBytes: UnsafeRawBufferPointer(memory)[
                    datagram.offset..<(datagram.offset + datagram.length)
                ]
            )
        )
    }

    /// The memory that ``Datagram/offset`` counts from, for the layer that hands it to the kernel.
    @unsafe public var baseAddress: UnsafeMutableRawPointer {
        // Allocated with a positive size, so there is a base address.
        unsafe memory.baseAddress.unsafelyUnwrapped
    }

    /// Forgets every datagram; what was not sent is lost.
    public mutating func removeAll() {
        datagrams.removeAll(keepingCapacity: true)
        used = 0
    }

    @usableFromInline
    mutating func reserve() -> UnsafeMutableRawBufferPointer? {
        guard datagrams.count < capacity else {
            dropped += 1
            return nil
        }
        return unsafe UnsafeMutableRawBufferPointer(rebasing: memory[used..<(used + Self.datagramCapacity)])
    }

    @usableFromInline
    mutating func commit(_ length: Int, to destination: SocketAddress) {
        guard length > 0 else { return }
        datagrams.append(Datagram(offset: used, length: length, destination: destination))
        used += length
    }
}
