internal import COpenSSL
internal import Wire

/// Names that expire and their passwords, both made from one secret: “A REST API For Access To TURN Services”, as coturn has it
/// (`use-auth-secret`).
///
/// Nothing is kept of whoever was given one: whoever knows the secret can tell whether a password goes with a name.
package struct TURNCredentials: Sendable {
    /// REALM (RFC 8489 §14.9).
    package let realm: String
    private let secret: String

    package init(secret: String, realm: String = "deskroom") {
        self.secret = secret
        self.realm = realm
    }

    /// A secret of 256 bits that nobody else knows.
    package init() {
        var random = SystemRandomNumberGenerator()
        let numbers = (0..<4).map { _ in String(random.next() as UInt64, radix: 16) }
        self.init(secret: numbers.joined(separator: "-"))
    }

    /// A name that is good until `expiry`, in seconds since 1970.
    ///
    /// - Parameter id: Tells people apart, by a number.
    package static func username(for id: UInt64, until expiry: Int64) -> String { "\(expiry):\(id)" }

    /// The password of a name.
    package func password(for username: String) -> String {
        let name = Array(username.utf8)
        let digest = STUNIntegrity(of: name.span.bytes, password: secret)
        var bytes: [UInt8] = []
        withUnsafeBytes(of: digest.first.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: digest.second.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: digest.third.bigEndian) { bytes.append(contentsOf: $0) }
        return Base64.encode(bytes)
    }

    /// The key of a long-term credential (RFC 8489 §9.2.2): MD5 of name, realm and password.
    ///
    /// `nil` where OpenSSL has no MD5, as in FIPS mode: then nobody can be known.
    package func key(for username: String) -> [UInt8]? {
        let text = Array("\(username):\(realm):\(password(for: username))".utf8)
        var key = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: CUnsignedInt = 0
        guard EVP_Digest(text, text.count, &key, &count, EVP_md5(), nil) == 1 else { return nil }
        return Array(key.prefix(Int(count)))
    }

    /// Until when a name is good, in seconds since 1970, and whose it is; `nil`: none was ever made like that.
    static func parse(_ username: String) -> (expiry: Int64, id: Substring)? {
        let parts = username.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...mostDigits).contains(parts[0].utf8.count),
            parts[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let expiry = Int64(parts[0])
        else { return nil }
        return (expiry, parts[1])
    }

    /// Of the time: until the year 33 658.
    private static let mostDigits = 12
}
