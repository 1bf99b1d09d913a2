internal import Access

/// One line of the audit without its line feed.
///
///     {"n":7,"at":"2026-11-28T19:39:14.123Z","event":"left",…,"prev":"<64 digits>","hash":"<64 digits>"}
///
/// `prev` is the hash of the line before. `hash` is SHA-256 over the 32 bytes of `prev` and all bytes of the line before
/// `,"hash"`.
struct AuditLine {
    /// Counted from 1.
    let number: Int
    let previous, hash: SHA256Digest
    let bytes: [UInt8]
    /// Whether the hash is that of the rest.
    let isConsistent: Bool

    init(number: Int, at time: AuditTime, _ entry: AuditEntry, after previous: SHA256Digest) {
        let (event, details) = entry.members
        let head: [(String, JSONValue?)] = [
            ("n", .integer(Int64(number))), ("at", .string(time.description)), ("event", .string(event)),
        ]
        let object = JSONObject(
            head + Array(details.map { ($0.key, $0.value) }) + [("prev", .string(previous.description))]
        )
        let body = object.bytes.dropLast()
        self.number = number
        self.previous = previous
        hash = Self.hash(of: body, after: previous)
        bytes = body + Self.hashStart + hash.description.utf8 + Self.end
        isConsistent = true
    }

    /// `nil` if it is not laid out like one.
    init?(parsing bytes: [UInt8]) {
        // From the right: the end, the hash, its name, the end of prev, prev, its name.
        var rest = bytes[...]
        guard
            Self.takeEnd(Self.end, of: &rest), let hash = Self.takeDigest(of: &rest),
            Self.takeEnd(Self.hashStart, of: &rest)
        else { return nil }
        let body = rest
        guard
            rest.popLast() == UInt8(ascii: "\""), let previous = Self.takeDigest(of: &rest),
            Self.takeEnd(Self.previousStart, of: &rest),
            rest.starts(with: Self.start)
        else { return nil }
        let digits = rest.dropFirst(Self.start.count).prefix { $0 != UInt8(ascii: ",") }
        guard let number = Int(String(decoding: digits, as: UTF8.self)), number > 0 else { return nil }
        self.number = number
        self.previous = previous
        self.hash = hash
        self.bytes = bytes
        isConsistent = Self.hash(of: body, after: previous) == hash
    }

    private static func hash(of body: ArraySlice<UInt8>, after previous: SHA256Digest) -> SHA256Digest {
        SHA256Digest(of: previous.bytes + body)
    }

    private static func takeEnd(_ end: [UInt8], of rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.suffix(end.count) == end[...] else { return false }
        rest.removeLast(end.count)
        return true
    }

    private static func takeDigest(of rest: inout ArraySlice<UInt8>) -> SHA256Digest? {
        let digest = SHA256Digest(rest.suffix(64))
        if digest != nil { rest.removeLast(64) }
        return digest
    }

    private static let start = Array(#"{"n":"#.utf8)
    private static let previousStart = Array(#","prev":""#.utf8)
    private static let hashStart = Array(#","hash":""#.utf8)
    private static let end = Array(#""}"#.utf8)

    /// Bytes; every entry is far shorter.
    static let longest = 4_096
}
