import COpenSSL

/// HMAC-SHA-256 with any secret, also one that the room would not take.
enum HMAC {
    static func sha256(of content: [UInt8], _ secret: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        var count = 0
        _ = EVP_Q_mac(
            nil,
            "HMAC",
            nil,
            "SHA256",
            nil,
            secret,
            secret.count,
            content,
            content.count,
            &code,
            code.count,
            &count
        )
        return code
    }
}
