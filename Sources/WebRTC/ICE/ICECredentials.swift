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

    /// Unpredictable credentials from the system's secure generator: 48 bits of name, 144 bits of password.
    public static func random() -> Self {
        Self(usernameFragment: randomText(count: 8), password: randomText(count: 24))
    }

    /// In bytes (RFC 8445 §5.3).
    static let longestFragment = 256

    private static func randomText(count: Int) -> String {
        String(decoding: (0..<count).map { _ in alphabet[Int.random(in: alphabet.indices)] }, as: UTF8.self)
    }

    /// The 64 `ice-char`s.
    private static let alphabet = [UInt8](
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
}
