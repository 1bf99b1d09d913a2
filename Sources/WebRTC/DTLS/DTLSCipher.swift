internal import COpenSSL
internal import Wire

/// One direction of a connection's cipher: an OpenSSL context whose key schedule is made once; a record sets
/// the nonce, and allocates nothing.
final class DTLSCipher {
    /// What our cipher suites encrypt with.
    enum Suite {
        case aes128GCM
        case aes256GCM
        case chaCha20Poly1305

        /// `nil` for any other; the numbers are OpenSSL's.
        init?(cipher nid: CInt) {
            switch nid {
            case NID_aes_128_gcm: self = .aes128GCM
            case NID_aes_256_gcm: self = .aes256GCM
            case NID_chacha20_poly1305: self = .chaCha20Poly1305
            default: return nil
            }
        }

        /// Bytes.
        var keyLength: Int { self == .aes128GCM ? 16 : 32 }
        /// Bytes of the nonce that the key block brings; the rest of AES-GCM's is in each record.
        var saltLength: Int { self == .chaCha20Poly1305 ? 12 : 4 }
        /// Bytes before the ciphertext (RFC 5288 §3); ChaCha20 makes its nonce of the record's number (RFC
        /// 7905 §2).
        var explicitNonceLength: Int { self == .chaCha20Poly1305 ? 0 : 8 }
        /// What a fragment is longer by than what it protects, in bytes.
        var overhead: Int { explicitNonceLength + DTLSCipher.tagLength }

        fileprivate var name: String {
            switch self {
            case .aes128GCM: "AES-128-GCM"
            case .aes256GCM: "AES-256-GCM"
            case .chaCha20Poly1305: "ChaCha20-Poly1305"
            }
        }
    }

    static let tagLength = 16

    private let context: OpaquePointer
    private let suite: Suite
    /// The last 96 bits.
    private let salt: UInt128

    /// - Parameters:
    ///   - key: ``Suite/keyLength`` bytes.
    ///   - salt: ``Suite/saltLength`` bytes.
    init(_ direction: CipherDirection, _ suite: Suite, key: [UInt8], salt: [UInt8]) throws(DTLSError) {
        precondition(
            key.count == suite.keyLength && salt.count == suite.saltLength,
            "the key block was divided by the suite"
        )
        ERR_clear_error()
        let cipher = EVP_CIPHER_fetch(nil, suite.name, nil)
        // The context keeps its own reference.
        defer { EVP_CIPHER_free(cipher) }
        guard let cipher, let context = EVP_CIPHER_CTX_new() else { throw .lastLibraryError() }
        guard EVP_CipherInit_ex2(context, cipher, key, nil, direction.encrypts, nil) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw .lastLibraryError()
        }
        self.context = context
        self.suite = suite
        self.salt = salt.reduce(0) { $0 << 8 | UInt128($1) }
    }

    deinit {
        // Wipes the key schedule.
        EVP_CIPHER_CTX_free(context)
    }

    /// Appends a fragment, explicit nonce, ciphertext and tag, to `out`, which must have room; returns whether
    /// OpenSSL did.
    func seal(
        _ content: DTLSRecord.Content,
        position: UInt64,
        _ plaintext: RawSpan,
        into out: inout OutputRawSpan
    ) -> Bool {
        if suite.explicitNonceLength > 0 { out.append(bigEndian: position) }
        return plaintext.withUnsafeBytes { source in
            out.withUnsafeMutableBytes { buffer, used in
                guard let base = buffer.baseAddress else { return false }
                let start = base + used, end = start + source.count
                var written: CInt = 0
                guard
                    begin(content, position: position, explicit: position, count: source.count),
                    update(start, from: source),
                    EVP_EncryptFinal_ex(context, end, &written) == 1,
                    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(Self.tagLength), end) == 1
                else { return false }
                used += source.count + Self.tagLength
                return true
            }
        }
    }

    /// Decrypts the fragment of `record` to the front of `buffer`, which must have room for it; returns the
    /// length of the plaintext, or `nil` if it is not authentic, after which what `buffer` holds is undefined.
    func open(_ record: DTLSRecord, of datagram: RawSpan, into buffer: UnsafeMutableRawBufferPointer) -> Int?
    {
        let count = record.body.count - suite.overhead
        guard count >= 0, count <= buffer.count, let target = buffer.baseAddress else { return nil }
        let explicit = datagram.bigEndian(UInt64.self, at: record.body.lowerBound) ?? 0
        let start = record.body.lowerBound + suite.explicitNonceLength
        return datagram.withUnsafeBytes { bytes in
            let end = start + count
            // OpenSSL only reads what it is told to be the tag.
            let tag = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0 + end) }
            var written: CInt = 0
            guard
                begin(record.content, position: record.position, explicit: explicit, count: count),
                update(target, from: UnsafeRawBufferPointer(rebasing: bytes[start..<end])),
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(Self.tagLength), tag) == 1,
                EVP_DecryptFinal_ex(context, target + count, &written) == 1
            else {
                ERR_clear_error()
                return nil
            }
            return count
        }
    }

    /// Sets the nonce and authenticates the header (RFC 5246 §6.2.3.3).
    ///
    /// ```
    /// position (8) · type (1) · version (2) · length of the plaintext (2)
    /// ```
    private func begin(
        _ content: DTLSRecord.Content,
        position: UInt64,
        explicit: UInt64,
        count: Int
    ) -> Bool {
        let nonce = suite.explicitNonceLength > 0 ? salt << 64 | UInt128(explicit) : salt ^ UInt128(position)
        let header =
            UInt128(position) << 40 | UInt128(content.rawValue) << 32 | UInt128(DTLSRecord.version) << 16
            | UInt128(UInt16(truncatingIfNeeded: count))
        // Neither cipher nor key nor direction: they stay as they are.
        let isSet = withUnsafeBytes(of: (nonce << 32).bigEndian) {
            EVP_CipherInit_ex2(context, nil, nil, $0.assumingMemoryBound(to: UInt8.self).baseAddress, -1, nil)
        }
        return isSet == 1
            && withUnsafeBytes(of: (header << 24).bigEndian) {
                update(nil, from: UnsafeRawBufferPointer(rebasing: $0.prefix(13)))
            }
    }

    /// Encrypts or decrypts `bytes` to `destination`, or only authenticates them if it is `nil`.
    private func update(_ destination: UnsafeMutableRawPointer?, from bytes: UnsafeRawBufferPointer) -> Bool {
        var written: CInt = 0
        return bytes.isEmpty
            || EVP_CipherUpdate(context, destination, &written, bytes.baseAddress, CInt(bytes.count)) == 1
    }
}
