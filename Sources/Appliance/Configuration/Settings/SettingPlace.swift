/// Where a value stands.
package enum SettingPlace: Hashable, Sendable, CustomStringConvertible {
    case environment
    /// - Parameter line: From 1; 0: the whole file.
    case file(String, line: Int)
    /// `--set` of the command line.
    case flag

    package var description: String {
        switch self {
        case .environment: "environment"
        case .file(let path, line: 0): path
        case .file(let path, let line): "\(path):\(line)"
        case .flag: "--set"
        }
    }
}
