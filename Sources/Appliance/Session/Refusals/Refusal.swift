/// Something that the room has not done, or has ended, as it tells a page.
package struct Refusal: Error, Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case number(Int64)
        case text(String)
    }

    /// `nil` for what only the page's developer can mend.
    package var code: RefusalCode?
    /// What the page puts into its sentence.
    package var values: [String: Value]
    /// In English.
    package var message: String

    package init(_ code: RefusalCode, _ values: [String: Value] = [:]) {
        self.code = code
        self.values = values
        message = Self.filled(code.sentence, values)
    }

    /// A code with a sentence that says more than the page's own, for whoever reads English.
    package init(_ code: RefusalCode, message: String) {
        self.code = code
        values = [:]
        self.message = message
    }

    /// What pages that work never do.
    package init(uncoded message: String) {
        code = nil
        values = [:]
        self.message = message
    }

    /// Puts values in the places of their names in braces.
    private static func filled(_ sentence: String, _ values: [String: Value]) -> String {
        var texts = values.mapValues(\.description)
        if case .number(let seconds)? = values["seconds"] {
            let wait = Wait.words(seconds: seconds)
            texts["wait"] = wait
            texts["when"] = "in \(wait)"
        }
        // Once from left to right: a value that has braces itself stays as it is.
        var filled = ""
        var rest = sentence[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            filled += rest[..<open]
            filled += texts[String(rest[rest.index(after: open)..<close])] ?? ""
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }
}

extension Refusal: CustomStringConvertible {
    package var description: String { message }
}

extension Refusal.Value: CustomStringConvertible, Encodable {
    package var description: String {
        switch self {
        case .number(let number): String(number)
        case .text(let text): text
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        }
    }
}

/// How long to wait, for people.
enum Wait {
    /// Rounded up, so that nobody comes back too early.
    static func words(seconds: Int64) -> String {
        let (count, unit): (Int64, String) =
            switch seconds {
            case ..<60: (max(1, seconds), "second")
            case ..<3_600: ((seconds + 59) / 60, "minute")
            case ..<172_800: ((seconds + 3_599) / 3_600, "hour")
            default: ((seconds + 86_399) / 86_400, "day")
            }
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}
