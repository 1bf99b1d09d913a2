/// Cuts what a TCP connection brings into frames: each a length of two bytes and so many bytes (RFC 4571 §2).
///
/// For each piece: ``begin(in:)`` puts what was left of an incomplete frame at the beginning of the memory to receive into,
/// the owner receives behind it, and ``take(_:_:)`` gives out every whole frame where it lies, to be decrypted there. What a
/// reader keeps between two pieces is at most one frame, in memory that is allocated when it is first needed.
public struct FrameReader: ~Copyable {
    /// Why nothing more can be read: where the next frame begins is not known any more.
    public enum Failure: Error, Hashable, Sendable {
        /// A frame says that it is longer than any that is taken.
        case tooLong
    }

    /// Bytes of the longest frame, without its length.
    public let longest: Int
    private var kept: [UInt8] = []

    /// - Parameter longest: Bytes, at most 65 535.
    public init(longest: Int) {
        self.longest = longest
    }

    /// Bytes of an incomplete frame that wait for the rest.
    public var waiting: Int { kept.count }

    /// Puts what waits at the beginning of `memory`, which must have room for ``longest`` and two bytes more; returns how many
    /// bytes that are.
    public mutating func begin(in memory: UnsafeMutableRawBufferPointer) -> Int {
        precondition(memory.count > longest + Self.header, "there is always room for a whole frame")
        let count = kept.count
        unsafe kept.withUnsafeBytes { unsafe memory.copyMemory(from: $0) }
        kept.removeAll(keepingCapacity: true)
        return count
    }

    /// Gives `body` every whole frame of `bytes`, which begin with what ``begin(in:)`` has put there, and keeps the rest.
    ///
    /// Empty frames say nothing, and are left out.
    ///
    /// - Parameter body: Returns whether to go on; if not, everything behind the frame is dropped.
    public mutating func take(
        _ bytes: UnsafeMutableRawBufferPointer,
        _ body: (inout MutableRawSpan) -> Bool
    ) throws(Failure) {
        var start = 0
        while bytes.count - start >= Self.header {
            let length = unsafe Int(bytes[start]) << 8 | Int(bytes[start + 1])
            guard length <= longest else { throw .tooLong }
            let end = start + Self.header + length
            guard end <= bytes.count else { break }
            if length > 0 {
                var frame = unsafe MutableRawSpan(
                    _unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: bytes[(start + Self.header)..<end])
                )
                guard body(&frame) else { return }
            }
            start = end
        }
        guard start < bytes.count else { return }
        if kept.capacity == 0 { kept.reserveCapacity(longest + Self.header) }
        unsafe kept.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }

    /// Bytes of a frame's length.
    public static let header = 2
}
