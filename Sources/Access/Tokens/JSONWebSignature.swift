/// A signature and what it is for, in the compact form (RFC 7515 §7.1); nothing of it is believed before a key has
/// confirmed it (``TokenKeys/verify(_:)``).
package struct JSONWebSignature: Sendable {
    /// What the header says (`alg`), which no key is chosen by.
    package let algorithm: String
    /// The header's name of the key (`kid`).
    package let keyID: String?
    package let payload: [UInt8]
    let signature: [UInt8]
    /// What was signed: the first two parts as they are (RFC 7515 §5.1).
    let content: [UInt8]

    /// - Parameter text: At most ``longest`` bytes.
    package init(parsing text: String) throws(TokenRefusal) {
        guard text.utf8.count <= Self.longest else { throw .tooLong }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard
            parts.count == 3,
            let header = Base64URL.decode(Substring(parts[0])),
            let payload = Base64URL.decode(Substring(parts[1])),
            let signature = Base64URL.decode(Substring(parts[2])),
            let members = try? JSONObject(parsing: header),
            let algorithm = members["alg"]?.text
        else { throw .damaged }
        // A token of another kind must not pass for one of ours (RFC 8725 §3.11), nor may anything be passed over that
        // the signer wants understood (RFC 7515 §4.1.11): nothing of the sort is known here.
        guard members["crit"] == nil, Self.isToken(members["typ"]) else { throw .unsupported }
        switch members["kid"] {
        case nil: keyID = nil
        case .string(let id): keyID = id
        default: throw .damaged
        }
        self.algorithm = algorithm
        self.payload = payload
        self.signature = signature
        content = Array(text.utf8.prefix(parts[0].count + 1 + parts[1].count))
    }

    /// `typ` is not asked for, but if it is there, it is JWT (RFC 7519 §5.1), with `application/` or without.
    private static func isToken(_ type: JSONValue?) -> Bool {
        guard let type else { return true }
        return ["jwt", "application/jwt"].contains(type.text?.lowercased())
    }

    /// Signs a payload of JSON; the text is what is given away.
    package static func sign(_ payload: JSONObject, with key: TokenKey) throws(UnusableKey) -> String {
        let header = JSONObject([
            "alg": .string(key.algorithm.rawValue), "typ": .string("JWT"), "kid": key.id.map { .string($0) },
        ])
        let content = Base64URL.encode(header.bytes) + "." + Base64URL.encode(payload.bytes)
        return content + "." + Base64URL.encode(try key.sign(Array(content.utf8)))
    }

    /// Bytes: the address of a page has room for it in every browser, mail program and QR code.
    package static let longest = 4_096
}

extension TokenKeys {
    /// Finds the key that a signature was made with.
    ///
    /// A key is only ever used by its own algorithm (RFC 8725 §3.1), so that neither `none` nor a public key taken for a
    /// secret gets anywhere.
    package func verify(_ signature: JSONWebSignature) throws(TokenRefusal) {
        guard SignatureAlgorithm(rawValue: signature.algorithm) != nil else { throw .unsupported }
        let candidates = candidates(for: signature.keyID)
        guard !candidates.isEmpty else { throw .unknownKey }
        let keys = candidates.filter { $0.algorithm.rawValue == signature.algorithm }
        guard !keys.isEmpty else { throw .wrongAlgorithm }
        guard keys.contains(where: { $0.isValid(signature.signature, of: signature.content) }) else {
            throw .forged
        }
    }
}
