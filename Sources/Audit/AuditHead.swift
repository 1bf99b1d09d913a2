package import Access

/// How far a chain has come, kept beside it: whoever takes away the last lines would have to change this, too, and cannot
/// where it is signed by a key that they do not have.
package struct AuditHead: Hashable, Sendable {
    /// Entries.
    package let count: Int
    /// Of the last one.
    package let hash: SHA256Digest
    /// Of ``content``, in JWS's form.
    package let signature: [UInt8]?

    /// - Throws: ``UnusableKey`` if the key cannot sign.
    package init(_ chain: AuditChain, signedWith key: AsymmetricKey? = nil) throws(UnusableKey) {
        count = chain.count
        hash = chain.hash
        signature = try key?.sign(Self.content(count, hash))
    }

    /// Reads what ``bytes`` makes; `nil` for anything else.
    package init?(parsing bytes: [UInt8]) {
        guard
            bytes.count <= Self.longest, let object = try? JSONObject(parsing: bytes),
            let count = object["n"]?.integer, count >= 0,
            let hash = object["hash"]?.text.flatMap({ SHA256Digest($0.utf8) })
        else { return nil }
        self.count = Int(count)
        self.hash = hash
        guard let signature = object["signature"] else {
            self.signature = nil
            return
        }
        guard let bytes = signature.text.flatMap({ Base64URL.decode($0) }) else { return nil }
        self.signature = bytes
    }

    /// One line of JSON.
    package var bytes: [UInt8] {
        JSONObject([
            "n": .integer(Int64(count)), "hash": .string(hash.description),
            "signature": signature.map { .string(Base64URL.encode($0)) },
        ]).bytes + [UInt8(ascii: "\n")]
    }

    package func isSigned(by key: AsymmetricKey) -> Bool {
        signature.map { key.isValid($0, of: Self.content(count, hash)) } ?? false
    }

    /// Says what it is, so that the signature is good for nothing else.
    private static func content(_ count: Int, _ hash: SHA256Digest) -> [UInt8] {
        Array("deskroom audit head\n\(count)\n\(hash)\n".utf8)
    }

    /// Bytes.
    static let longest = 1_024
}
