/// A setting that cannot be used, in words a person can act on.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package var key: String
    package var problem: String

    package init(key: String, problem: String) {
        self.key = key
        self.problem = problem
    }

    package var description: String {
        let words = key.map { $0.isUppercase ? "_\($0)" : $0 == "." ? "_" : String($0) }
        let variable = "DESKROOM_" + words.joined().uppercased()
        return "\(key) (\(variable)): \(problem)"
    }
}
