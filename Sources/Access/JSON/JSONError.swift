/// Why a text is not the JSON that is taken here.
package enum JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An object has two members of one name (RFC 8259 §4 leaves to the reader which one counts).
    case duplicate
    /// It is not JSON at all, or not in UTF-8.
    case malformed
    /// Arrays and objects are nested more than ``JSONParser/deepest`` levels deep.
    case tooDeep

    package var description: String {
        switch self {
        case .duplicate: "a name is there twice in one object"
        case .malformed: "this is not JSON"
        case .tooDeep: "it is nested too deep"
        }
    }
}
