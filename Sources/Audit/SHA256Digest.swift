internal import COpenSSL

/// What SHA-256 makes of some bytes.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// 32 of them.
    package let bytes: [UInt8]

    package init(of content: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: Self.length)
        SHA256(content, content.count, &digest)
        bytes = digest
    }

    /// `nil` unless there are 32.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits, small letters only, so that a digest has one text.
    package init?(_ text: some Sequence<UInt8>) {
        var digits: [UInt8] = []
        for character in text {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(character - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digits.append(character - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        guard digits.count == 2 * Self.length else { return nil }
        bytes = (0..<Self.length).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
    }

    /// 64 hexadecimal digits.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0x0f)]] },
            as: UTF8.self
        )
    }

    /// What stands before the first line of a chain.
    static let zero = SHA256Digest(known: [UInt8](repeating: 0, count: length))

    private init(known bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static let length = 32
}
