internal import COpenSSL

/// What SHA-256 makes of a block of a file, or of a whole file.
public struct FileDigest: Hashable, Sendable {
    /// 32 of them.
    public let bytes: [UInt8]

    public init(of content: some Sequence<UInt8>) {
        let content = Array(content)
        var digest = [UInt8](repeating: 0, count: Self.length)
        SHA256(content, content.count, &digest)
        bytes = digest
    }

    /// `nil` unless there are 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// A file's, before its first block: 32 zeros.
    public static let empty = FileDigest(known: [UInt8](repeating: 0, count: length))

    /// A file's, once it has this block, too: SHA-256 of the digest so far and the block's.
    ///
    /// So both ends know it with the last block, whatever a browser can hash at once, and keep 32 bytes for it; and the
    /// digest after any block is what a transfer is taken up again with.
    public func adding(_ block: FileDigest) -> FileDigest { FileDigest(of: bytes + block.bytes) }

    private init(known bytes: [UInt8]) {
        self.bytes = bytes
    }

    public static let length = 32
    /// Bytes that are hashed together, and that a cut costs at most.
    public static let block = 262_144
}
