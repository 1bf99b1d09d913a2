/// A text in several languages (Desktop Entry Specification, "Localized values for keys"), each short enough to be shown.
public struct LocalizedText: Hashable, Sendable {
    /// For whoever has none of the languages below.
    public var text: String
    /// By locale, such as `es`, `pt_BR` or `sr@latin`.
    public var translations: [String: String] = [:]

    public init(_ text: String, _ translations: [String: String] = [:]) {
        self.text = text
        self.translations = translations
    }

    /// The most translations that are kept, and the longest text, in bytes; what is longer is cut.
    public static let maximumCount = 128
    public static let maximumLength = 200

    /// `nil` if the key is not there.
    init?(_ key: String, in group: DesktopEntryGroup) {
        guard let value = group.string(key) else { return nil }
        self.init(Self.line(value))
        for (other, value) in group.values.sorted(by: { $0.key < $1.key }) {
            guard other.hasPrefix(key + "["), other.hasSuffix("]"), translations.count < Self.maximumCount
            else { continue }
            let locale = other.dropFirst(key.utf8.count + 1).dropLast()
            guard Self.isLocale(locale) else { continue }
            // The encoding says nothing any more: files are in UTF-8.
            let modifier = locale.firstIndex(of: "@").map { locale[$0...] } ?? ""
            let name = locale.dropLast(modifier.count).prefix { $0 != "." } + modifier
            let text = Self.line(DesktopEntryGroup.unescaped(value[...]))
            if !text.isEmpty, name.utf8.count <= 16 { translations[String(name)] = text }
        }
    }

    /// One line of what can be seen, cut between characters.
    public static func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isWhitespace {
                line += " "
            } else if !Self.turnsTextAround(scalar), properties.generalCategory != .control {
                line.unicodeScalars.append(scalar)
            }
        }
        var cut = Substring(line).drop { $0 == " " }
        while cut.last == " " || cut.utf8.count > maximumLength { cut.removeLast() }
        return String(cut)
    }

    /// Embeddings, overrides and isolates (Unicode Standard Annex 9).
    private static func turnsTextAround(_ scalar: Unicode.Scalar) -> Bool {
        (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    private static func isLocale(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 32
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "@"),
                    UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
