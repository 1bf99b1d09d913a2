/// The first thing in an audit that is not as it was written, and where.
package struct AuditFault: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// It is not laid out like a line of the audit: cut, or something else altogether.
        case damaged
        /// Its hash is not that of its content.
        case edited
        /// Entries from `first` on are not there.
        case missing(first: Int, count: Int)
        /// The entry that belongs here stands further down.
        case moved
        /// Its hash is not the one that the head had for it.
        case otherThanHead
        /// The entry of this number stands here for a second time.
        case repeated(Int)
        /// It is whole, but does not follow the line before: one of the two is from elsewhere.
        case replaced
        /// There are entries after the last line, according to the head.
        case tailMissing(count: Int)
        /// The last line has no end; `bytes` of it are there.
        case torn(bytes: Int)
    }

    /// Counted from 1, as editors do.
    package let line: Int
    package let kind: Kind

    package init(line: Int, kind: Kind) {
        self.line = line
        self.kind = kind
    }
}

extension AuditFault: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .damaged: "line \(line) is cut off or is no line of an audit"
        case .edited: "line \(line) was edited: its hash is not that of what it says"
        case .missing(let first, 1): "before line \(line) entry \(first) was removed"
        case .missing(let first, let count):
            "before line \(line) entries \(first) to \(first + count - 1) were removed"
        case .moved:
            "line \(line) is not the entry that belongs here, which stands further down: lines were reordered"
        case .otherThanHead:
            "line \(line) is not what the head vouches for: it and all before it may have been written anew"
        case .repeated(let number): "line \(line) repeats entry \(number)"
        case .replaced: "line \(line) does not follow the line before: one of the two was replaced"
        case .tailMissing(let count):
            "after line \(line - 1) the last \(count == 1 ? "entry was" : "\(count) entries were") removed, according to the head"
        case .torn(let bytes):
            "line \(line), the last one, is incomplete (\(bytes) bytes): its writing was interrupted"
        }
    }
}
