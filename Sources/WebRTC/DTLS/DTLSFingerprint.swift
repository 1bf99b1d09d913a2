internal import COpenSSL

/// The hash of a certificate, by which signalling tells the two endpoints whom to expect (RFC 8122 §5).
public struct DTLSFingerprint: Hashable, Sendable {
    /// The hash functions that are accepted; the raw value is the name in SDP.
    ///
    /// MD5 and SHA-1 are not among them: every WebRTC endpoint offers SHA-256.
    public enum Algorithm: String, CaseIterable, Hashable, Sendable {
        case sha256 = "sha-256"
        case sha384 = "sha-384"
        case sha512 = "sha-512"

        /// Bytes of a digest.
        public var digestLength: Int {
            switch self {
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }
    }

    public let algorithm: Algorithm

    /// ``Algorithm/digestLength`` bytes.
    public let bytes: [UInt8]

    /// `nil` if `bytes` is not as long as the algorithm's digest.
    public init?(algorithm: Algorithm, bytes: [UInt8]) {
        guard bytes.count == algorithm.digestLength else { return nil }
        self.algorithm = algorithm
        self.bytes = bytes
    }

    /// Reads the value of `a=fingerprint`, `sha-256 4A:AD:…`; the letters' case does not matter.
    ///
    /// `nil` for an unknown hash function, too, which a reader of SDP skips (RFC 8122 §5).
    public init?(sdp value: String) {
        let fields = value.split(separator: " ", omittingEmptySubsequences: true)
        guard
            fields.count == 2,
            let algorithm = Algorithm(rawValue: fields[0].lowercased()),
            fields[1].utf8.count == 3 * algorithm.digestLength - 1
        else { return nil }

        var bytes: [UInt8] = []
        bytes.reserveCapacity(algorithm.digestLength)
        for pair in fields[1].utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            guard
                pair.count == 2,
                let high = pair.first.flatMap(Self.nibble),
                let low = pair.last.flatMap(Self.nibble)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(algorithm: algorithm, bytes: bytes)
    }

    /// The value of `a=fingerprint`.
    public var sdp: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var text = Array(algorithm.rawValue.utf8)
        for (index, byte) in bytes.enumerated() {
            text.append(UInt8(ascii: index == 0 ? " " : ":"))
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0f)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension DTLSFingerprint {
    /// Hashes a certificate (`X509_digest`); `nil` if OpenSSL cannot.
    init?(of certificate: OpaquePointer, _ algorithm: Algorithm) {
        let function =
            switch algorithm {
            case .sha256: EVP_sha256()
            case .sha384: EVP_sha384()
            case .sha512: EVP_sha512()
            }
        var length: UInt32 = 0
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        guard X509_digest(certificate, function, &bytes, &length) == 1 else { return nil }
        bytes.removeSubrange(Int(length)...)
        self.init(algorithm: algorithm, bytes: bytes)
    }
}
