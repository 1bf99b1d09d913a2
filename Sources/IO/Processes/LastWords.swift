/// The last line of what a process writes, of bounded length.
struct LastWords {
    private var line: [UInt8] = []
    private var last: [UInt8] = []

    mutating func handle(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                keep()
            } else if line.count < Self.longest, byte >= 0x20 || byte == 0x09 {
                line.append(byte)
            }
        }
    }

    /// `nil` if there was nothing but empty lines.
    var text: String? {
        let words = Self.isEmpty(line) ? last : line
        return words.isEmpty ? nil : String(decoding: words, as: UTF8.self)
    }

    private mutating func keep() {
        if !Self.isEmpty(line) { last = line }
        line.removeAll(keepingCapacity: true)
    }

    /// Whether a line says nothing: the X server closes its last words with an empty "(EE)".
    private static func isEmpty(_ line: [UInt8]) -> Bool {
        let words = String(decoding: line, as: UTF8.self)
        return words.allSatisfy { $0 == " " || $0 == "\t" } || words.trimmed == "(EE)"
    }

    /// Bytes.
    private static let longest = 200
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
