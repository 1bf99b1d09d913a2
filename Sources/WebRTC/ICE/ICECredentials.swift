public import Wire

/// The user name fragment and the password that one agent hands to its peer by signalling (RFC 8445 §5.3).
public struct ICECredentials: Hashable, Sendable {
    /// 4 to 256 `ice-char`s: letters, digits, '+' and '/'.
    public var usernameFragment: String
    /// 22 to 256 `ice-char`s.
    public var password: String

    public init(usernameFragment: String, password: String) {
        self.usernameFragment = usernameFragment
        self.password = password
    }

    /// Credentials that nobody foresees, if `random` is the system's: 48 bits of name, 144 bits of password.
    public static func random(using random: inout RandomSource) -> Self {
        Self(
            usernameFragment: text(count: 8, using: &random),
            password: text(count: 24, using: &random)
        )
    }

    /// Credentials from the system's secure generator.
    public static func random() -> Self {
        var random = RandomSource.system
        return .random(using: &random)
    }

    /// In bytes (RFC 8445 §5.3).
    package static let longestFragment = 256

    private static func text(count: Int, using random: inout RandomSource) -> String {
        let bytes = (0..<count).map { _ in alphabet[Int.random(in: alphabet.indices, using: &random)] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The 64 `ice-char`s.
    private static let alphabet = [UInt8](
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
}
