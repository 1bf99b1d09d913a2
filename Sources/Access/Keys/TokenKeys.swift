/// The keys that tokens are checked by.
package struct TokenKeys: Sendable {
    package private(set) var keys: [TokenKey]
    /// Why keys of a JWKS are passed over (RFC 7517 §5), in words for whoever has written it.
    package private(set) var ignored: [String] = []

    package init(_ keys: [TokenKey]) {
        self.keys = keys
    }

    /// Reads a file of public keys: PEM, a JSON Web Key, or a set of them (JWKS, RFC 7517 §5).
    ///
    /// - Throws: ``UnusableKey`` if there is none in it that tokens can be checked by.
    package init(file bytes: [UInt8]) throws(UnusableKey) {
        guard bytes.count <= Self.longestFile else { throw UnusableKey("a file of keys has at most 256 KiB") }
        if bytes.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) == UInt8(ascii: "{") {
            try self.init(json: bytes)
        } else {
            self.init(try AsymmetricKey.all(pem: bytes).map { TokenKey($0) })
        }
    }

    private init(json bytes: [UInt8]) throws(UnusableKey) {
        let object: JSONObject
        do throws(JSONError) {
            object = try JSONObject(parsing: bytes)
        } catch {
            throw UnusableKey("the file cannot be read: \(error)")
        }
        guard let set = object["keys"] else {
            keys = [try Self.key(jwk: object)]
            return
        }
        guard let set = set.array, set.count <= Self.most else {
            throw UnusableKey("“keys” is an array of at most \(Self.most) keys")
        }
        keys = []
        for (index, value) in set.enumerated() {
            do throws(UnusableKey) {
                guard let jwk = value.object else { throw UnusableKey("it is no object") }
                keys.append(try Self.key(jwk: jwk))
            } catch {
                ignored.append("key \(index + 1) is passed over: \(error)")
            }
        }
        guard !keys.isEmpty else {
            throw UnusableKey(
                (["there is no key in it that tokens can be checked by"] + ignored).joined(separator: "; ")
            )
        }
    }

    /// What a key says of its own use counts (RFC 7517 §4.2 to §4.4).
    private static func key(jwk: JSONObject) throws(UnusableKey) -> TokenKey {
        let key = try AsymmetricKey(jwk: jwk)
        if let use = jwk["use"], use != .string("sig") { throw UnusableKey("its “use” is not sig") }
        if let operations = jwk["key_ops"] {
            guard let names = operations.texts, names.contains("verify") || names.contains("sign") else {
                throw UnusableKey("its “key_ops” have neither verify nor sign")
            }
        }
        if let algorithm = jwk["alg"], algorithm != .string(key.algorithm.rawValue) {
            throw UnusableKey("its “alg” is not \(key.algorithm.rawValue), which its curve is for")
        }
        if let id = jwk["kid"], id.text == nil { throw UnusableKey("its “kid” is no text") }
        return TokenKey(key, id: jwk["kid"]?.text)
    }

    /// Those that may have signed what names this key: where a key has a name, the names agree.
    func candidates(for id: String?) -> [TokenKey] {
        keys.filter { id == nil || $0.id == nil || $0.id == id }
    }

    /// Keys that a file may have.
    package static let most = 64
    private static let longestFile = 256 << 10
}
