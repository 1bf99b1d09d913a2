extension JSONObject {
    /// Reads a text of JSON that is one object (RFC 8259), and refuses whatever two readers could understand differently.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes)
        guard case .object(let object) = try parser.parse() else { throw .malformed }
        self = object
    }
}

/// Reads one text of JSON from its first byte to its last.
struct JSONParser {
    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func parse() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard at == bytes.count else { throw .malformed }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try nested { parser throws(JSONError) in try parser.object() })
        case UInt8(ascii: "["): return .array(try nested { parser throws(JSONError) in try parser.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested<Value>(
        _ read: (inout JSONParser) throws(JSONError) -> Value
    ) throws(JSONError) -> Value {
        at += 1
        depth += 1
        guard depth <= Self.deepest else { throw .tooDeep }
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        var members: [JSONObject.Member] = []
        var names: Set<String> = []
        while try !isAtEnd(UInt8(ascii: "}"), isFirst: members.isEmpty) {
            skipSpace()
            let name = try string()
            guard names.insert(name).inserted else { throw .duplicate }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw .malformed }
            members.append(JSONObject.Member(name: name, value: try value()))
        }
        return JSONObject(members: members)
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        var values: [JSONValue] = []
        while try !isAtEnd(UInt8(ascii: "]"), isFirst: values.isEmpty) { values.append(try value()) }
        return values
    }

    /// Takes the bracket that closes, or else the comma between two values.
    private mutating func isAtEnd(_ bracket: UInt8, isFirst: Bool) throws(JSONError) -> Bool {
        skipSpace()
        if take(bracket) { return true }
        guard isFirst || take(UInt8(ascii: ",")) else { throw .malformed }
        return false
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[at...].starts(with: word.description.utf8) else { throw .malformed }
        at += word.utf8CodeUnitCount
        return value
    }

    /// RFC 8259 §6: no zeros in front, a digit on either side of the point.
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isInteger, let number = Int64(text) { return .integer(number) }
        guard let number = Double(text), number.isFinite else { throw .malformed }
        return .number(number)
    }

    private mutating func digits() throws(JSONError) {
        let start = at
        while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { at += 1 }
        guard at > start else { throw .malformed }
    }

    private mutating func string() throws(JSONError) -> String {
        guard take(UInt8(ascii: "\"")) else { throw .malformed }
        var text: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw .malformed }
                return string
            case UInt8(ascii: "\\"): text += String(try escaped()).utf8
            case ..<0x20: throw .malformed
            default: text.append(byte)
            }
        }
        throw .malformed
    }

    /// What stands behind a backslash (RFC 8259 §7).
    private mutating func escaped() throws(JSONError) -> Unicode.Scalar {
        guard let letter = next else { throw .malformed }
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw .malformed
        }
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // The first half of a pair, which needs its second.
        guard unit < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw .malformed }
        let second = try codeUnit()
        guard
            (0xdc00...0xdfff).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xd800) << 10 + UInt32(second) - 0xdc00)
        else { throw .malformed }
        return scalar
    }

    /// Four hexadecimal digits.
    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let next, let digit = Character(Unicode.Scalar(next)).hexDigitValue else {
                throw .malformed
            }
            at += 1
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private mutating func skipSpace() {
        while let next, [0x20, 0x09, 0x0a, 0x0d].contains(next) { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    /// Levels of arrays and objects.
    static let deepest = 16
}
