/// Makes lines of entries, each of which vouches for all before it.
package struct AuditChain: Hashable, Sendable {
    /// Entries so far.
    package private(set) var count: Int
    /// Of the last one.
    package private(set) var hash: SHA256Digest

    /// A chain without entries.
    package init() {
        count = 0
        hash = .zero
    }

    /// One that goes on after these entries.
    init(count: Int, hash: SHA256Digest) {
        self.count = count
        self.hash = hash
    }

    /// The next line, with its line feed.
    package mutating func append(_ entry: AuditEntry, at time: AuditTime) -> [UInt8] {
        let line = AuditLine(number: count + 1, at: time, entry, after: hash)
        count += 1
        hash = line.hash
        return line.bytes + [UInt8(ascii: "\n")]
    }
}
