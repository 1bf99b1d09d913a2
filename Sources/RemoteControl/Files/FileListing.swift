#if canImport(Wire)
internal import Wire
#endif

/// Files that the folder offers: a part of the list, since a message has 16 KiB.
///
/// ```
/// for each file: u64 bytes, u64 changed, u8 length, name
/// ```
public struct FileListing: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        /// UTF-8, 1 to 255 bytes.
        public var name: String
        public var size: UInt64
        /// Milliseconds since 1970, by the desk's clock.
        public var changed: UInt64

        public init(name: String, size: UInt64, changed: UInt64) {
            self.name = name
            self.size = size
            self.changed = changed
        }
    }

    /// What follows it.
    public enum Rest: UInt8, Hashable, Sendable {
        case moreParts = 0
        case nothing = 1
        /// This is the last part, and the folder has more files than are told.
        case untold = 2
    }

    public var entries: [Entry]
    public var rest: Rest

    public init(_ entries: [Entry] = [], rest: Rest = .nothing) {
        self.entries = entries
        self.rest = rest
    }

    /// A list in as many parts as it takes.
    static func parts(of entries: [Entry], hasMore: Bool) -> [FileListing] {
        var parts: [FileListing] = []
        var part = FileListing(rest: .moreParts)
        var length = 0
        for entry in entries {
            if length + Self.length(of: entry) > Self.maximumLength {
                parts.append(part)
                (part.entries, length) = ([], 0)
            }
            part.entries.append(entry)
            length += Self.length(of: entry)
        }
        part.rest = hasMore ? .untold : .nothing
        return parts + [part]
    }

    /// Files that are told at most.
    public static let most = 500
    static let longestName = 255
    private static let maximumLength = 16_000
    private static func length(of entry: Entry) -> Int { 17 + entry.name.utf8.count }
}

extension FileListing {
    /// Parses the entries that `bytes` ends with.
    init(parsing bytes: RawSpan, from start: Int, rest: Rest) throws(MalformedMessage) {
        self.init(rest: rest)
        var place = start
        while place < bytes.byteCount {
            guard
                let size = bytes.bigEndian(UInt64.self, at: place),
                let changed = bytes.bigEndian(UInt64.self, at: place + 8),
                let length = bytes.bigEndian(UInt8.self, at: place + 16), length > 0
            else { throw MalformedMessage(offset: place) }
            let end = place + 17 + Int(length)
            guard end <= bytes.byteCount, let name = String(utf8: bytes, in: (place + 17)..<end) else {
                throw MalformedMessage(offset: place + 17)
            }
            entries.append(Entry(name: name, size: size, changed: changed))
            place = end
        }
    }

    var encodedLength: Int { entries.reduce(0) { $0 + Self.length(of: $1) } }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        for entry in entries {
            output.append(network: entry.size)
            output.append(network: entry.changed)
            output.append(UInt8(clamping: entry.name.utf8.count))
            for byte in entry.name.utf8 { output.append(byte) }
        }
    }
}

extension String {
    /// `nil` if these bytes are not UTF-8.
    init?(utf8 bytes: RawSpan, in range: Range<Int>) {
        let content = bytes.extracting(range).withUnsafeBytes { Array($0) }
        self.init(validating: content, as: UTF8.self)
    }
}
