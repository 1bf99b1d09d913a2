internal import Access
internal import Foundation

/// What a receiver knows the room's events by (Standard Webhooks): HMAC-SHA-256 over identifier, time and body.
package struct WebhookSignature: Sendable {
    private let key: TokenKey

    /// - Parameter secret: `whsec_` and base64, or characters as they are; at least 32 bytes. `nil` for anything else.
    package init?(secret: String) {
        var bytes = Array(secret.utf8)
        if secret.hasPrefix(Self.prefix) {
            guard let decoded = Data(base64Encoded: String(secret.dropFirst(Self.prefix.count))) else {
                return nil
            }
            bytes = [UInt8](decoded)
        }
        guard let key = try? TokenKey(secret: bytes) else { return nil }
        self.key = key
    }

    /// The header `webhook-signature`; `nil` if OpenSSL refuses.
    ///
    /// - Parameter time: Seconds since 1970, the header `webhook-timestamp`.
    package func header(id: String, time: Int64, body: [UInt8]) -> String? {
        guard let code = try? key.sign(Array("\(id).\(time).".utf8) + body) else { return nil }
        return "v1," + Data(code).base64EncodedString()
    }

    private static let prefix = "whsec_"
}
