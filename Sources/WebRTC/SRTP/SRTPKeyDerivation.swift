internal import COpenSSL

/// What a derived key is for (RFC 3711 §4.3.1, §4.3.2).
package enum SRTPKeyLabel: UInt8 {
    case rtpEncryption = 0
    case rtpAuthentication = 1
    case rtpSalt = 2
    case rtcpEncryption = 3
    case rtcpAuthentication = 4
    case rtcpSalt = 5
}

/// The AES-CM key derivation function with a key derivation rate of zero (RFC 3711 §4.3.3, RFC 7714 §11).
package struct SRTPKeyDerivation {
    private let masterKey: [UInt8]
    /// The master salt, filled up to a cipher block with zeros on the right.
    private let block: [UInt8]

    /// - Parameters:
    ///   - masterKey: 16 bytes.
    ///   - masterSalt: At most 14 bytes.
    package init(masterKey: [UInt8], masterSalt: [UInt8]) throws(SRTPError) {
        guard masterKey.count == 16, masterSalt.count <= 14 else { throw .malformed }
        self.masterKey = masterKey
        block = masterSalt + [UInt8](repeating: 0, count: 16 - masterSalt.count)
    }

    /// The first `count` bytes of the key stream of `label`.
    package func derive(_ label: SRTPKeyLabel, count: Int) throws(SRTPError) -> [UInt8] {
        var initial = block
        // The label sits above the 48 bits of the (zero) derivation index, at the right end of the 112-bit
        // salt.
        initial[7] ^= label.rawValue

        let cipher = EVP_CIPHER_fetch(nil, "AES-128-CTR", nil)
        defer { EVP_CIPHER_free(cipher) }
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        let zeros = [UInt8](repeating: 0, count: count)
        var key = zeros
        var written: CInt = 0
        guard let cipher, let context,
            EVP_EncryptInit_ex2(context, cipher, masterKey, initial, nil) == 1,
            EVP_EncryptUpdate(context, &key, &written, zeros, CInt(count)) == 1,
            Int(written) == count
        else { throw .failed(status: 0) }
        return key
    }
}
