/// What a request names of a resource's versions in `If-Match` (RFC 9110 §13.1.1).
public enum EntityTags: Hashable, Sendable {
    /// `*`: whatever there is.
    case any
    /// Those of the strong tags; weak ones match nothing (RFC 9110 §8.8.3.2).
    case these([String])

    /// Parses the header's value; `nil` if it does not follow the grammar.
    public init?(parsing text: String) {
        var rest = text.utf8[...].trimmed
        guard rest.count <= Self.maximumLength else { return nil }
        if rest.elementsEqual("*".utf8) {
            self = .any
            return
        }
        var tags: [String] = []
        var hasAny = false
        while true {
            rest = rest.trimmed
            var isWeak = false
            if rest.starts(with: "W/".utf8) {
                isWeak = true
                rest = rest.dropFirst(2)
            }
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
            let tag = rest[..<end]
            guard tag.allSatisfy(\.isOfTag) else { return nil }
            hasAny = true
            if !isWeak { tags.append(String(decoding: tag, as: UTF8.self)) }
            guard tags.count <= Self.maximumCount else { return nil }
            rest = rest[rest.index(after: end)...].trimmed
            guard let next = rest.popFirst() else { break }
            guard next == UInt8(ascii: ",") else { return nil }
        }
        guard hasAny else { return nil }
        self = .these(tags)
    }

    /// Whether the version with this tag, without its quotes, is one of them.
    public func match(_ tag: String) -> Bool {
        switch self {
        case .any: true
        case .these(let tags): tags.contains(tag)
        }
    }

    /// Bytes.
    public static let maximumLength = 1_024
    public static let maximumCount = 16
}

extension UInt8 {
    /// `etagc`: visible, and no quote.
    fileprivate var isOfTag: Bool { self == 0x21 || (0x23...0x7E).contains(self) || self >= 0x80 }
}

extension Substring.UTF8View {
    /// Without white space at either end (RFC 9110 §5.6.3).
    fileprivate var trimmed: Self {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        return rest
    }
}
