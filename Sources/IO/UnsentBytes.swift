/// What a connection's kernel buffer had no room for, first in, first out, up to a bound.
///
/// The memory is allocated when it is first needed, and kept.
struct UnsentBytes {
    private var bytes: [UInt8] = []
    private var start = 0

    /// Bytes.
    var count: Int { bytes.count - start }
    var isEmpty: Bool { count == 0 }

    /// Whether so many more fit.
    func hasRoom(for more: Int) -> Bool { count + more <= Self.capacity }

    mutating func append(contentsOf more: UnsafeRawBufferPointer) {
        if bytes.capacity == 0 { bytes.reserveCapacity(Self.usual) }
        // What was sent makes room before the memory grows.
        if start > 0, bytes.count + more.count > bytes.capacity {
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    mutating func removeFirst(_ count: Int) {
        start += count
        guard start == bytes.count else { return }
        bytes.removeAll(keepingCapacity: true)
        start = 0
    }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    /// A large key frame.
    static let capacity = 256 << 10
    private static let usual = 16 << 10
}
