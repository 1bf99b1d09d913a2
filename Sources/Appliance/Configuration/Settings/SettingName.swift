/// The two names of a setting: its key, such as `http.port`, and the variable of the environment or of a file,
/// `DESKROOM_HTTP_PORT`.
package struct SettingName: Hashable, Sendable, CustomStringConvertible {
    package let key: String

    package init(_ key: String) { self.key = key }

    package var variable: String {
        let words = key.map { $0.isUppercase ? "_\($0)" : $0 == "." ? "_" : String($0) }
        return Self.prefix + words.joined().uppercased()
    }

    package var description: String { "\(key) (\(variable))" }

    package static let prefix = "DESKROOM_"
}
