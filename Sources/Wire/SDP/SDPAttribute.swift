/// One `a=` line: `name` or `name:value` (RFC 8866 §5.13).
public struct SDPAttribute: Hashable, Sendable {
    public var name: String
    /// What follows the colon; `nil` for a property attribute such as `recvonly`.
    public var value: String?

    public init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    init(parsing text: Substring) {
        guard let colon = text.firstIndex(of: ":") else {
            self.init(String(text))
            return
        }
        self.init(String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    var line: String { value.map { "a=\(name):\($0)" } ?? "a=\(name)" }
}

extension [SDPAttribute] {
    /// The value of the first attribute with this name; empty for a property attribute.
    public func first(_ name: String) -> String? {
        first { $0.name == name }.map { $0.value ?? "" }
    }

    /// The values of every attribute with this name, in order.
    public func all(_ name: String) -> [String] {
        filter { $0.name == name }.map { $0.value ?? "" }
    }

    public func has(_ name: String) -> Bool { contains { $0.name == name } }
}
