import Access
import Appliance
import COpenSSL
import Foundation

/// Whoever gives tokens away, and the door that knows their key.
struct TokenSigner {
    let secret: TokenKey
    let pair: AsymmetricKey
    let room: Identifier

    init() throws {
        guard let room = Identifier("room-1") else { throw CocoaError(.coderInvalidValue) }
        self.room = room
        secret = try TokenKey(secret: Array("0123456789abcdef0123456789abcdef".utf8), id: "secret")
        pair = try AsymmetricKey.generate(.es256)
    }

    var door: TokenDoor {
        TokenDoor(TokenVerifier(room: room, keys: TokenKeys([secret, TokenKey(pair, id: "pair")])))
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    /// Somebody's, valid for an hour; `change` makes it another one.
    func token(
        _ subject: String = "client-17",
        _ role: Role = .client,
        by key: TokenKey? = nil,
        _ change: (inout JoinToken) -> Void = { _ in }
    ) throws -> String {
        guard let subject = Identifier(subject) else { throw CocoaError(.coderInvalidValue) }
        var token = JoinToken(room: room, subject: subject, role: role, expires: Self.now + 3_600)
        change(&token)
        return try token.signed(with: key ?? secret)
    }

    /// The same claims under another header, signed by HMAC-SHA-256 with what an attacker has; `nil`: not at all.
    static func forged(_ token: String, header: String, secret: String?) -> String {
        let payload = token.split(separator: ".")[1]
        let content = Base64URL.encode(Array(header.utf8)) + "." + payload
        guard let secret else { return content + "." }
        var code = [UInt8](repeating: 0, count: 32)
        let (key, bytes) = (Array(secret.utf8), Array(content.utf8))
        HMAC(EVP_sha256(), key, CInt(key.count), bytes, bytes.count, &code, nil)
        return content + "." + Base64URL.encode(code)
    }
}
