/// What is on a clipboard, in each of its flavours.
///
/// Never in a log, and in no entry of the audit.
public struct ClipboardContent: Hashable, Sendable {
    public struct Part: Hashable, Sendable {
        public let flavour: ClipboardFlavour
        /// At least one.
        public let bytes: [UInt8]
    }

    /// By the number of the flavour; each is there once at most.
    public private(set) var parts: [Part] = []

    public init() {}

    /// What is empty, or cannot be the flavour that it says, is left out.
    public init(_ flavours: [ClipboardFlavour: [UInt8]]) {
        for (flavour, bytes) in flavours { set(bytes, for: flavour) }
    }

    public subscript(flavour: ClipboardFlavour) -> [UInt8]? {
        parts.first { $0.flavour == flavour }?.bytes
    }

    public var isEmpty: Bool { parts.isEmpty }
    public var table: ClipboardTable { ClipboardTable(self) }
    /// Bytes of all flavours.
    public var count: Int { parts.reduce(0) { $0 + $1.bytes.count } }

    /// Returns whether it is one of the flavour.
    @discardableResult
    public mutating func set(_ bytes: [UInt8], for flavour: ClipboardFlavour) -> Bool {
        guard !bytes.isEmpty, flavour.admits(bytes) else { return false }
        parts.removeAll { $0.flavour == flavour }
        parts.append(Part(flavour: flavour, bytes: bytes))
        parts.sort { $0.flavour < $1.flavour }
        return true
    }

    /// At most `length` of its bytes, from `offset` on, as they follow one another in the order of the table; what is
    /// beyond the end of a flavour is left to the next call.
    public func bytes(from offset: Int, atMost length: Int) -> ArraySlice<UInt8> {
        var start = offset
        for part in parts {
            if start < part.bytes.count { return part.bytes[start...].prefix(length) }
            start -= part.bytes.count
        }
        return []
    }
}
