internal import Access

/// How it goes on that the desk is made new.
package enum AuditResetStep: Hashable, Sendable {
    case asked
    /// - Parameters:
    ///   - ended: Processes that ran, and run no more.
    ///   - left: Processes that could not be ended.
    case done(ended: Int, left: Int, home: Home)

    /// What became of the home directory.
    package enum Home: String, Hashable, Sendable, CaseIterable {
        /// Not all of it could be deleted.
        case failed
        /// It is not the room's, and was not touched.
        case kept
        case new
    }
}

extension AuditResetStep {
    func members(by actor: JSONValue) -> KeyValuePairs<String, JSONValue?> {
        switch self {
        case .asked: ["step": .string("asked"), "by": actor]
        case .done(let ended, let left, let home):
            [
                "step": .string("done"), "by": actor, "ended": .integer(Int64(ended)),
                "left": .integer(Int64(left)), "home": .string(home.rawValue),
            ]
        }
    }
}
