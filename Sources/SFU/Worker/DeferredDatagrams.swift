internal import IO
internal import Wire

/// Datagrams that the port had while what came before them was being sent to everybody, and that had to wait until
/// that was done.
///
/// Messages do not wait for it (``WorkerCore/carriesMessages(_:)``). Media must: a part of the consumers has had its
/// turn, and would miss it.
struct DeferredDatagrams {
    private struct Datagram {
        var source: SocketAddress
        var range: Range<Int>
    }

    private var datagrams: [Datagram] = []
    /// Their bytes, end to end; made when it is first needed.
    private var memory: [UInt8] = []
    private var used = 0

    var isEmpty: Bool { datagrams.isEmpty }

    /// Whether a whole batch fits, however long its datagrams are.
    var hasRoom: Bool { used + UDPSocket.batchSize * UDPSocket.datagramCapacity <= Self.capacity }

    mutating func append(_ datagram: RawSpan, from source: SocketAddress) {
        if memory.isEmpty { memory = [UInt8](repeating: 0, count: Self.capacity) }
        precondition(used + datagram.byteCount <= Self.capacity, "a batch is received only if it has room")
        let range = used..<(used + datagram.byteCount)
        unsafe datagram.withUnsafeBytes { bytes in
            unsafe memory.withUnsafeMutableBytes { memory in
                unsafe UnsafeMutableRawBufferPointer(rebasing: memory[range]).copyMemory(from: bytes)
            }
        }
        datagrams.append(Datagram(source: source, range: range))
        used = range.upperBound
    }

    /// Gives `body` each datagram, in the order of arrival, and forgets them.
    mutating func takeAll(_ body: (inout MutableRawSpan, SocketAddress) -> Void) {
        unsafe memory.withUnsafeMutableBytes { memory in
            for datagram in datagrams {
                var bytes = unsafe MutableRawSpan(
                    _unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: memory[datagram.range])
                )
                body(&bytes, datagram.source)
            }
        }
        datagrams.removeAll(keepingCapacity: true)
        used = 0
    }

    /// In bytes: of the longest fan-outs, what fourteen people send meanwhile.
    private static let capacity = 4 * UDPSocket.batchSize * UDPSocket.datagramCapacity
}
