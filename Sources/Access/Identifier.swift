/// What somebody or something is called between machines: 1 to 128 visible characters of ASCII.
///
/// People's names, what they write and what they type have no place in it, so it may stand in the audit.
package struct Identifier: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        guard 1...Self.longest ~= text.utf8.count, text.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else {
            return nil
        }
        self.text = text
    }

    package var description: String { text }

    /// 128 bits that nobody guesses.
    package static func random() -> Identifier {
        Identifier(visible: Base64URL.encode(RandomBytes.make(16)))
    }

    /// The characters of base64url are visible.
    private init(visible text: String) {
        self.text = text
    }

    /// Characters.
    package static let longest = 128
}

extension Identifier: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let identifier = Identifier(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an identifier")
        }
        self = identifier
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
