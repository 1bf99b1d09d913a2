/// Puts a content together from its pieces, which have to come in order and without gaps.
///
/// What it holds is never more than its table says, which whoever makes one has compared with the limit.
public struct ClipboardAssembly: Sendable {
    public let table: ClipboardTable
    /// Bytes that have come.
    public private(set) var received = 0
    private var done: [ClipboardFlavour: [UInt8]] = [:]
    private var bytes: [UInt8] = []

    public init(_ table: ClipboardTable) {
        self.table = table
    }

    public var isComplete: Bool { received == table.total }

    /// Takes the next piece; `false` if it is not the next, or longer than what is left.
    public mutating func add(_ piece: [UInt8], at offset: UInt32) -> Bool {
        guard Int(offset) == received, received + piece.count <= table.total else { return false }
        received += piece.count
        var rest = piece[...]
        while !rest.isEmpty {
            // It is not longer than the flavours that are left.
            guard done.count < table.entries.count else { return false }
            let entry = table.entries[done.count]
            if bytes.isEmpty { bytes.reserveCapacity(min(Int(entry.length), received + Self.reserve)) }
            let share = rest.prefix(Int(entry.length) - bytes.count)
            bytes += share
            rest = rest.dropFirst(share.count)
            guard bytes.count == Int(entry.length) else { break }
            done[entry.flavour] = bytes
            bytes = []
        }
        return true
    }

    /// The content; `nil` before it is complete, or if one of its flavours is none of the kind.
    public func content() -> ClipboardContent? {
        guard isComplete else { return nil }
        let content = ClipboardContent(done)
        return content.table == table ? content : nil
    }

    /// Memory is taken for what has come, and for that much more.
    private static let reserve = 1 << 18
}
