/// A setting that cannot be used, in words a person can act on.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package var key: String
    package var problem: String

    package init(key: String, problem: String) {
        self.key = key
        self.problem = problem
    }

    package var description: String {
        "\(SettingName(key)): \(problem)"
    }
}
