/// Bytes as text of 64 characters, with padding (RFC 4648 §4).
public enum Base64 {
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            word <<= 8 * UInt32(3 - group.count)
            for place in 0..<4 {
                let isPadding = place > group.count
                text.append(isPadding ? padding : alphabet[Int(word >> (18 - 6 * UInt32(place)) & 0x3f)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` stands for, or `nil` if it is not the one text that ``encode(_:)`` makes of them.
    public static func decode(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 4 * 3)
        for start in stride(from: 0, to: characters.count, by: 4) {
            let group = characters[start..<(start + 4)]
            let isLast = start + 4 == characters.count
            let digits = isLast ? group.prefix { $0 != padding } : group
            guard digits.count >= 2, group[digits.endIndex...].allSatisfy({ $0 == padding }) else {
                return nil
            }
            var word: UInt32 = 0
            for character in digits {
                guard let value = alphabet.firstIndex(of: character) else { return nil }
                word = word << 6 | UInt32(value)
            }
            word <<= 6 * UInt32(4 - digits.count)
            let count = digits.count - 1
            // Bits that stand for no byte are zero, or two texts would stand for the same bytes (RFC 4648 §3.5).
            guard word & (1 << (24 - 8 * UInt32(count)) - 1) == 0 else { return nil }
            for place in 0..<UInt32(count) {
                bytes.append(UInt8(truncatingIfNeeded: word >> (16 - 8 * place)))
            }
        }
        return bytes
    }

    private static let padding = UInt8(ascii: "=")
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
}
