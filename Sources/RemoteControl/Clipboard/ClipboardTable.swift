#if canImport(Wire)
internal import Wire
#endif

/// Which flavours a content has, and how long each is: what precedes its bytes, which follow in this order.
///
/// ```
/// u8 count; for each flavour, by its number: u8 flavour, u32 length
/// ```
public struct ClipboardTable: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public let flavour: ClipboardFlavour
        /// Bytes, at least one.
        public let length: UInt32
    }

    /// By the number of the flavour; each is there once at most.
    public private(set) var entries: [Entry] = []

    public init() {}

    init(_ content: ClipboardContent) {
        entries = content.parts.map { Entry(flavour: $0.flavour, length: UInt32(clamping: $0.bytes.count)) }
    }

    public var flavours: [ClipboardFlavour] { entries.map(\.flavour) }
    /// Bytes of all flavours.
    public var total: Int { entries.reduce(0) { $0 + Int($1.length) } }
}

extension ClipboardTable {
    /// Parses the table that `bytes` ends with.
    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard let count = bytes.bigEndian(UInt8.self, at: start) else {
            throw MalformedMessage(offset: start)
        }
        var place = start + 1
        for _ in 0..<count {
            guard
                let flavour = bytes.bigEndian(UInt8.self, at: place).flatMap(
                    ClipboardFlavour.init(rawValue:)
                ),
                let length = bytes.bigEndian(UInt32.self, at: place + 1), length > 0,
                entries.last.map({ $0.flavour < flavour }) ?? true
            else { throw MalformedMessage(offset: place) }
            entries.append(Entry(flavour: flavour, length: length))
            place += Self.entryLength
        }
        guard place == bytes.byteCount else { throw MalformedMessage(offset: place) }
    }

    var encodedLength: Int { 1 + Self.entryLength * entries.count }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(UInt8(clamping: entries.count))
        for entry in entries {
            output.append(entry.flavour.rawValue)
            output.append(network: entry.length)
        }
    }

    private static let entryLength = 5
    static let maximumLength = 1 + entryLength * ClipboardFlavour.allCases.count
}
