/// A file that was carried to or from the desk; its name is only counted.
package struct AuditFileTransfer: Hashable, Sendable {
    package enum Direction: String, Hashable, Sendable, CaseIterable {
        case fromDesk, toDesk
    }

    package var direction: Direction
    /// Bytes of UTF-8.
    package var nameLength: Int
    /// Bytes.
    package var size: Int64
    package var digest: SHA256Digest

    package init(_ direction: Direction, nameLength: Int, size: Int64, digest: SHA256Digest) {
        self.direction = direction
        self.nameLength = nameLength
        self.size = size
        self.digest = digest
    }
}

/// A content that was carried between somebody's clipboard and the desk's.
package struct AuditClipboardTransfer: Hashable, Sendable {
    package enum Direction: String, Hashable, Sendable, CaseIterable {
        case fromDesk, toDesk
    }

    package enum Flavour: String, Hashable, Sendable, CaseIterable {
        case html, png, text
    }

    package var direction: Direction
    package var flavours: [Flavour]
    /// Bytes of all flavours.
    package var size: Int

    package init(_ direction: Direction, flavours: [Flavour], size: Int) {
        self.direction = direction
        self.flavours = flavours
        self.size = size
    }
}
