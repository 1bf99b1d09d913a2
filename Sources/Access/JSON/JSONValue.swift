/// A value of JSON (RFC 8259).
///
/// Tokens, keys and the audit are read by this and not by Foundation: of two members with one name its decoder takes one
/// without a word, so that whoever signs and whoever checks may read different claims in one token.
package enum JSONValue: Hashable, Sendable {
    case array([JSONValue])
    case bool(Bool)
    /// A number without fraction and exponent.
    case integer(Int64)
    case null
    /// Any other number.
    case number(Double)
    case object(JSONObject)
    case string(String)

    package var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    package var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    package var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The texts of an array that has nothing else.
    package var texts: [String]? {
        guard let array else { return nil }
        let texts = array.compactMap(\.text)
        return texts.count == array.count ? texts : nil
    }
}

/// The members of an object, in their order; no two have the same name.
package struct JSONObject: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSONValue
    }

    package let members: [Member]

    /// The parser has seen to it that no name is there twice.
    init(members: [Member]) {
        self.members = members
    }

    /// An object of these members, without those that have no value.
    package init(_ members: KeyValuePairs<String, JSONValue?>) {
        self.init(members.map { ($0.key, $0.value) })
    }

    /// An object of these members, without those that have no value.
    package init(_ members: [(name: String, value: JSONValue?)]) {
        self.members = members.compactMap { name, value in value.map { Member(name: name, value: $0) } }
        precondition(Set(self.members.map(\.name)).count == self.members.count, "each name is written once")
    }

    package subscript(name: String) -> JSONValue? {
        members.first { $0.name == name }?.value
    }
}
