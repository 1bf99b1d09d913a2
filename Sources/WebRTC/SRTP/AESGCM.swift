internal import COpenSSL

/// One AES-128-GCM session key and its salt: seals or opens the packets of one direction and kind (RFC 7714).
///
/// Owns an OpenSSL cipher context whose key schedule is made once; a packet only sets the nonce, which
/// allocates nothing.
package struct AESGCM: ~Copyable {
    package enum Direction {
        case open
        case seal
    }

    /// Length of the authentication tag, in bytes (RFC 7714 §13.2).
    package static let tagLength = 16

    private let context: OpaquePointer
    private let salt: UInt128

    /// - Parameters:
    ///   - key: 16 bytes.
    ///   - salt: 12 bytes.
    package init(_ direction: Direction, key: [UInt8], salt: [UInt8]) throws(SRTPError) {
        guard key.count == 16, salt.count == 12 else { throw .malformed }
        let cipher = EVP_CIPHER_fetch(nil, "AES-128-GCM", nil)
        // The context keeps its own reference.
        defer { EVP_CIPHER_free(cipher) }
        guard let cipher, let context = EVP_CIPHER_CTX_new() else { throw .failed(status: 0) }
        guard EVP_CipherInit_ex2(context, cipher, key, nil, direction == .seal ? 1 : 0, nil) == 1 else {
            EVP_CIPHER_CTX_free(context)
            throw .failed(status: 0)
        }
        self.context = context
        self.salt = salt.reduce(0) { $0 << 8 | UInt128($1) }
    }

    deinit {
        // Wipes the key schedule.
        EVP_CIPHER_CTX_free(context)
    }

    /// Appends the encryption of `prefix` and `payload`, and the tag, to `out`.
    ///
    /// - Parameters:
    ///   - header: How many of the last bytes of `out` are authenticated with it.
    ///   - word: Authenticated after the header, but not written: the E flag and SRTCP index (RFC 7714 §9.2).
    package func seal(
        ssrc: UInt32,
        index: UInt64,
        header: Int,
        word: UInt32?,
        prefix: UInt16?,
        payload: RawSpan,
        into out: inout OutputRawSpan
    ) throws(SRTPError) {
        let length = (prefix == nil ? 0 : 2) + payload.byteCount
        guard out.byteCount >= header, out.freeCapacity >= length + Self.tagLength else { throw .noRoom }
        try out.withUnsafeMutableBytes { buffer, count throws(SRTPError) in
            // There is room for a tag, so there is memory.
            guard let base = buffer.baseAddress else { throw .noRoom }
            var end = base + count
            try begin(ssrc: ssrc, index: index)
            try authenticate(end - header, count: header, word: word)
            if let prefix {
                try withUnsafeBytes(of: prefix.bigEndian) { bytes throws(SRTPError) in
                    try update(end, from: bytes)
                }
                end += 2
            }
            try payload.withUnsafeBytes { bytes throws(SRTPError) in
                try update(end, from: bytes)
            }
            end += payload.byteCount
            var written: CInt = 0
            guard EVP_EncryptFinal_ex(context, end, &written) == 1,
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, CInt(Self.tagLength), end) == 1
            else { throw .failed(status: 0) }
            count += length + Self.tagLength
        }
    }

    /// Decrypts in place what lies between the header and the tag, and returns the length of header and plaintext.
    ///
    /// After an error the bytes behind the header are undefined.
    ///
    /// - Parameters:
    ///   - header: Length of the authenticated header, in bytes.
    ///   - word: The four bytes after the tag, authenticated after the header (RFC 7714 §9.2).
    package func open(
        _ packet: inout MutableRawSpan,
        ssrc: UInt32,
        index: UInt64,
        header: Int,
        word: UInt32?
    ) throws(SRTPError) -> Int {
        let end = packet.byteCount - (word == nil ? 0 : 4) - Self.tagLength
        guard header >= 0, end >= header else { throw .malformed }
        try packet.withUnsafeMutableBytes { buffer throws(SRTPError) in
            guard let base = buffer.baseAddress else { throw .malformed }
            try begin(ssrc: ssrc, index: index)
            try authenticate(base, count: header, word: word)
            try update(base + header, from: UnsafeRawBufferPointer(rebasing: buffer[header..<end]))
            guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, CInt(Self.tagLength), base + end) == 1
            else {
                throw .failed(status: 0)
            }
            var written: CInt = 0
            guard EVP_DecryptFinal_ex(context, base + end, &written) == 1 else { throw .notAuthentic }
        }
        return end
    }

    /// Sets the nonce; the same formula serves both kinds (RFC 7714 §8.1, §9.1).
    private func begin(ssrc: UInt32, index: UInt64) throws(SRTPError) {
        let nonce = (UInt128(ssrc) << 48 | UInt128(index)) ^ salt
        let isSet = withUnsafeBytes(of: (nonce << 32).bigEndian) { bytes in
            // Neither cipher nor key nor direction: they stay as they are.
            EVP_CipherInit_ex2(context, nil, nil, bytes.baseAddress, -1, nil)
        }
        guard isSet == 1 else { throw .failed(status: 0) }
    }

    private func authenticate(_ header: UnsafeRawPointer, count: Int, word: UInt32?) throws(SRTPError) {
        try update(nil, from: UnsafeRawBufferPointer(start: header, count: count))
        guard let word else { return }
        try withUnsafeBytes(of: word.bigEndian) { bytes throws(SRTPError) in
            try update(nil, from: bytes)
        }
    }

    /// Encrypts or decrypts `bytes` to `destination`, or only authenticates them if it is `nil`.
    private func update(
        _ destination: UnsafeMutableRawPointer?,
        from bytes: UnsafeRawBufferPointer
    ) throws(SRTPError) {
        guard !bytes.isEmpty else { return }
        var written: CInt = 0
        guard EVP_CipherUpdate(context, destination, &written, bytes.baseAddress, CInt(bytes.count)) == 1
        else {
            throw .failed(status: 0)
        }
    }
}
