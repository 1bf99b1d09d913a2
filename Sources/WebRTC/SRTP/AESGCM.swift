internal import CIPSec
internal import COpenSSL
internal import CPrefetch

/// One AES-128-GCM session key and its salt: seals or opens the packets of one direction and kind (RFC 7714).
///
/// The key schedule is made once, and a packet allocates nothing. It is libipsec-mb's where that is
/// installed, which takes a quarter of OpenSSL's time for a packet, and OpenSSL's elsewhere.
package struct AESGCM: ~Copyable {
    /// Length of the authentication tag, in bytes (RFC 7714 §13.2).
    package static let tagLength = 16

    /// One of the two is there.
    private let schedule: UnsafeMutableRawPointer?
    private let cipher: EVPGCM?
    private let salt: UInt128

    /// - Parameters:
    ///   - key: 16 bytes.
    ///   - salt: 12 bytes.
    ///   - usesOpenSSL: Whether OpenSSL serves even where libipsec-mb is installed.
    package init(
        _ direction: CipherDirection,
        key: [UInt8],
        salt: [UInt8],
        usesOpenSSL: Bool = false
    ) throws(SRTPError) {
        guard key.count == 16, salt.count == 12 else { throw .malformed }
        let schedule = usesOpenSSL ? nil : CIPSec_make_key(key)
        let cipher = schedule == nil ? try EVPGCM(direction, key: key) : nil
        self.schedule = schedule
        self.cipher = cipher
        self.salt = salt.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// Asks the processor for the key schedule, which the next packet needs.
    package func prefetch() {
        if let schedule { CPrefetch_lines(schedule, 1_024) }
    }

    deinit {
        // Wipes the key schedule.
        CIPSec_free_key(schedule)
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
            let end = base + count
            var input = payload.withUnsafeBytes { $0.baseAddress }
            if let prefix {
                // One piece is encrypted, in place.
                end.storeBytes(of: prefix.bigEndian, as: UInt16.self)
                payload.withUnsafeBytes {
                    (end + 2).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(end), byteCount: $0.count)
                }
                input = UnsafeRawPointer(end)
            }
            let source = UnsafeRawBufferPointer(start: input ?? UnsafeRawPointer(end), count: length)
            try withNonce(ssrc, index) { nonce throws(SRTPError) in
                try withAuthenticated(end - header, header, word) { associated throws(SRTPError) in
                    guard let schedule else {
                        guard let cipher, cipher.seal(end, source, nonce, associated) else {
                            throw .failed(status: 0)
                        }
                        return
                    }
                    CIPSec_seal(
                        schedule,
                        end,
                        source.baseAddress,
                        length,
                        nonce,
                        associated.baseAddress,
                        associated.count,
                        end + length
                    )
                }
            }
            count += length + Self.tagLength
        }
    }

    /// Decrypts in place what lies between the header and the tag, and returns the length of header and
    /// plaintext.
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
            try withNonce(ssrc, index) { nonce throws(SRTPError) in
                try withAuthenticated(base, header, word) { associated throws(SRTPError) in
                    let isAuthentic =
                        if let schedule {
                            CIPSec_open(
                                schedule,
                                base + header,
                                end - header,
                                nonce,
                                associated.baseAddress,
                                associated.count,
                                base + end
                            )
                        } else {
                            cipher?.open(base + header, end - header, nonce, associated) ?? false
                        }
                    guard isAuthentic else { throw .notAuthentic }
                }
            }
        }
        return end
    }

    /// The same formula serves both kinds (RFC 7714 §8.1, §9.1).
    private func withNonce(
        _ ssrc: UInt32,
        _ index: UInt64,
        _ body: (UnsafePointer<UInt8>) throws(SRTPError) -> Void
    ) throws(SRTPError) {
        let nonce = ((UInt128(ssrc) << 48 | UInt128(index)) ^ salt) << 32
        try withUnsafeBytes(of: nonce.bigEndian) { bytes throws(SRTPError) in
            guard let start = bytes.baseAddress else { return }
            try body(start.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// Header and word in one piece.
    private func withAuthenticated(
        _ start: UnsafeRawPointer,
        _ count: Int,
        _ word: UInt32?,
        _ body: (UnsafeBufferPointer<UInt8>) throws(SRTPError) -> Void
    ) throws(SRTPError) {
        guard let word else {
            try body(UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count))
            return
        }
        try withUnsafeTemporaryAllocation(byteCount: count + 4, alignment: 1) { joined throws(SRTPError) in
            joined.copyMemory(from: UnsafeRawBufferPointer(start: start, count: count))
            joined.storeBytes(of: word.bigEndian, toByteOffset: count, as: UInt32.self)
            try body(UnsafeBufferPointer(joined.assumingMemoryBound(to: UInt8.self)))
        }
    }
}
