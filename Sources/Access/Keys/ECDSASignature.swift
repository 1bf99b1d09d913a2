internal import COpenSSL

/// The two forms of a P-256 signature: 64 bytes in JWS (RFC 7518 §3.4), and DER in OpenSSL (RFC 3279 §2.2.3).
enum ECDSASignature {
    /// - Parameter fixed: R and S, 32 bytes each.
    static func der(of fixed: [UInt8]) -> [UInt8]? {
        precondition(fixed.count == 64, "whoever calls has counted them")
        guard let signature = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(signature) }
        let half = CInt(32)
        let (r, s) = fixed.withUnsafeBufferPointer { bytes in
            (
                BN_bin2bn(bytes.baseAddress, half, nil),
                BN_bin2bn(bytes.baseAddress?.advanced(by: 32), half, nil)
            )
        }
        // From here on the numbers are the signature's.
        guard let r, let s, ECDSA_SIG_set0(signature, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            return nil
        }
        var der: UnsafeMutablePointer<UInt8>?
        let count = Int(i2d_ECDSA_SIG(signature, &der))
        guard count > 0, let der else { return nil }
        defer { CRYPTO_free(der, #file, #line) }
        return Array(UnsafeBufferPointer(start: der, count: count))
    }

    static func fixed(der: ArraySlice<UInt8>) -> [UInt8]? {
        let signature = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_ECDSA_SIG(nil, &start, bytes.count)
        }
        guard let signature else { return nil }
        defer { ECDSA_SIG_free(signature) }
        var fixed = [UInt8](repeating: 0, count: 64)
        let isWritten = fixed.withUnsafeMutableBufferPointer { bytes in
            BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes.baseAddress, 32) == 32
                && BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes.baseAddress?.advanced(by: 32), 32) == 32
        }
        return isWritten ? fixed : nil
    }
}
