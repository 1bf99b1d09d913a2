/// Why a browser's session description cannot be used.
package enum NegotiationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It breaks a rule; the words say which.
    case invalid(String)
    /// It answers an offer that is not the newest, or one that was answered before: there is nothing to do.
    case outdated
    /// It is legal, but asks for something that the room does not do.
    case unsupported(String)

    package var description: String {
        switch self {
        case .invalid(let problem): "The session description is not valid: \(problem)."
        case .outdated: "The answer does not belong to the newest offer."
        case .unsupported(let problem): "The browser asks for something the room does not do: \(problem)."
        }
    }
}
