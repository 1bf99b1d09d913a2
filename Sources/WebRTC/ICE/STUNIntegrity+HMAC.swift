internal import COpenSSL
package import Wire

extension STUNIntegrity {
    /// The HMAC-SHA1 of `message` under `password`, which is the key of a short-term credential
    /// (RFC 8489 §9.1.1, §14.5).
    package init(of message: RawSpan, password: String) {
        var password = password
        self = password.withUTF8 { key in
            message.withUnsafeBytes { Self(authenticating: $0, key: UnsafeRawBufferPointer(key)) }
        }
    }

    /// The HMAC-SHA1 of `message` under `key`, such as that of a long-term credential (RFC 8489 §9.2.2).
    package init(of message: RawSpan, key: [UInt8]) {
        self = key.withUnsafeBytes { key in
            message.withUnsafeBytes { Self(authenticating: $0, key: key) }
        }
    }

    fileprivate init(authenticating message: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer) {
        self = withUnsafeTemporaryAllocation(byteCount: Int(EVP_MAX_MD_SIZE), alignment: 8) { digest in
            let result = HMAC(
                EVP_sha1(),
                key.baseAddress,
                Int32(key.count),
                message.bindMemory(to: UInt8.self).baseAddress,
                message.count,
                digest.bindMemory(to: UInt8.self).baseAddress,
                nil
            )
            // It fails without memory, and where SHA-1 is forbidden: then no peer could be authenticated.
            precondition(result != nil, "OpenSSL has no HMAC-SHA1")
            return Self(
                first: UInt64(bigEndian: digest.load(as: UInt64.self)),
                second: UInt64(bigEndian: digest.load(fromByteOffset: 8, as: UInt64.self)),
                third: UInt32(bigEndian: digest.load(fromByteOffset: 16, as: UInt32.self))
            )
        }
    }
}

extension STUNMessage {
    /// Whether MESSAGE-INTEGRITY is present and was made with `password`; `bytes` is what was parsed.
    package func isAuthentic(_ bytes: RawSpan, password: String) -> Bool {
        var password = password
        return password.withUTF8 { isAuthentic(bytes, key: UnsafeRawBufferPointer($0)) }
    }

    /// Whether MESSAGE-INTEGRITY is present and was made with `key`, such as that of a long-term credential.
    package func isAuthentic(_ bytes: RawSpan, key: [UInt8]) -> Bool {
        key.withUnsafeBytes { isAuthentic(bytes, key: $0) }
    }

    private func isAuthentic(_ bytes: RawSpan, key: UnsafeRawBufferPointer) -> Bool {
        guard let coverage = integrityCoverage, let length = integrityMessageLength,
            let messageIntegrity, let received = STUNIntegrity(bytes, at: messageIntegrity.lowerBound)
        else { return false }
        // The HMAC covers another length than the message has if FINGERPRINT follows, hence the copy.
        return withUnsafeTemporaryAllocation(byteCount: coverage.count, alignment: 8) { copy in
            bytes.withUnsafeBytes { copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[coverage])) }
            copy.storeBytes(of: length.bigEndian, toByteOffset: 2, as: UInt16.self)
            return STUNIntegrity(authenticating: UnsafeRawBufferPointer(copy), key: key).isEqual(to: received)
        }
    }
}
