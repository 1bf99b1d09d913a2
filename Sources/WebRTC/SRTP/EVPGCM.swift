internal import COpenSSL

/// AES-128-GCM by OpenSSL: a cipher context whose key schedule is made once; a packet sets the nonce, and
/// allocates nothing.
final class EVPGCM {
    private let context: OpaquePointer

    /// - Parameter key: 16 bytes.
    init(_ direction: CipherDirection, key: [UInt8]) throws(SRTPError) {
        let cipher = EVP_CIPHER_fetch(nil, "AES-128-GCM", nil)
        // The context keeps its own reference.
        defer { EVP_CIPHER_free(cipher) }
        guard let cipher, let context = EVP_CIPHER_CTX_new() else { throw .failed(status: 0) }
        guard EVP_CipherInit_ex2(context, cipher, key, nil, direction.encrypts, nil) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw .failed(status: 0)
        }
        self.context = context
    }

    deinit {
        // Wipes the key schedule.
        EVP_CIPHER_CTX_free(context)
    }

    /// Writes the encryption of `source`, which may lie at `out`, and the tag; returns whether OpenSSL did.
    func seal(
        _ out: UnsafeMutableRawPointer,
        _ source: UnsafeRawBufferPointer,
        _ nonce: UnsafePointer<UInt8>,
        _ associated: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let end = out + source.count
        var written: CInt = 0
        return begin(nonce, associated) && update(out, from: source)
            && EVP_EncryptFinal_ex(context, end, &written) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(AESGCM.tagLength), end) == 1
    }

    /// Decrypts `count` bytes in place; returns whether the tag behind them is theirs.
    func open(
        _ bytes: UnsafeMutableRawPointer,
        _ count: Int,
        _ nonce: UnsafePointer<UInt8>,
        _ associated: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        let end = bytes + count
        var written: CInt = 0
        return begin(nonce, associated)
            && update(bytes, from: UnsafeRawBufferPointer(start: bytes, count: count))
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(AESGCM.tagLength), end) == 1
            && EVP_DecryptFinal_ex(context, end, &written) == 1
    }

    private func begin(_ nonce: UnsafePointer<UInt8>, _ associated: UnsafeBufferPointer<UInt8>) -> Bool {
        // Neither cipher nor key nor direction: they stay as they are.
        EVP_CipherInit_ex2(context, nil, nil, nonce, -1, nil) == 1
            && update(nil, from: UnsafeRawBufferPointer(associated))
    }

    /// Encrypts or decrypts `bytes` to `destination`, or only authenticates them if it is `nil`.
    private func update(_ destination: UnsafeMutableRawPointer?, from bytes: UnsafeRawBufferPointer) -> Bool {
        var written: CInt = 0
        return bytes.isEmpty
            || EVP_CipherUpdate(context, destination, &written, bytes.baseAddress, CInt(bytes.count)) == 1
    }
}
