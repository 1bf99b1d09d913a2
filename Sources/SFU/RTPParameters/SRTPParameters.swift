internal import WebRTC
internal import Wire

/// How the packets of a plain or pipe transport are sealed (mediasoup's *SrtpCryptoSuite*; RFC 3711, RFC 7714).
public enum SRTPCryptoSuite: String, Hashable, Sendable, CaseIterable {
    case aeadAES128GCM = "AEAD_AES_128_GCM"
    /// Named so that it can be refused in words; the Worker does not speak it.
    case aeadAES256GCM = "AEAD_AES_256_GCM"
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case aesCM128HMACSHA1_80 = "AES_CM_128_HMAC_SHA1_80"
}

/// The key with which one side seals what it sends (mediasoup's *SrtpParameters*).
///
/// It is a secret: it belongs in no log, and whoever carries it to the other side keeps it from others.
public struct SRTPParameters: Hashable, Sendable {
    public var cryptoSuite: SRTPCryptoSuite
    /// Master key and master salt, one behind the other, in base64 (RFC 4568 §6.1): 16 and 12 bytes for
    /// ``SRTPCryptoSuite/aeadAES128GCM``, 16 and 14 for ``SRTPCryptoSuite/aesCM128HMACSHA1_80``.
    public var keyBase64: String

    public init(cryptoSuite: SRTPCryptoSuite, keyBase64: String) {
        self.cryptoSuite = cryptoSuite
        self.keyBase64 = keyBase64
    }
}

extension SRTPParameters: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the key.
    public var description: String { "SRTPParameters(\(cryptoSuite.rawValue))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A master key and a master salt of one side.
struct SRTPMasterKey: Hashable {
    let suite: SRTPCryptoSuite
    let profile: SRTPProfile
    private let bytes: [UInt8]

    /// Parses what signalling has carried.
    ///
    /// - Throws: `unsupported` if it is not a key of its suite, or nobody here speaks the suite.
    init(_ parameters: SRTPParameters) throws(SFUError) {
        guard let bytes = Base64.decode(parameters.keyBase64) else {
            throw .unsupported("the SRTP key is not base64 (RFC 4648 §4)")
        }
        try self.init(parameters.cryptoSuite, bytes)
    }

    /// Makes a key of our own.
    ///
    /// - Parameter random: A secure source, or a repeatable one in tests.
    init(_ suite: SRTPCryptoSuite, using random: inout some RandomNumberGenerator) throws(SFUError) {
        let profile = try Self.profile(of: suite)
        let bytes = (0..<(profile.keyLength + profile.saltLength)).map { _ in
            UInt8.random(in: .min ... .max, using: &random)
        }
        try self.init(suite, bytes)
    }

    private init(_ suite: SRTPCryptoSuite, _ bytes: [UInt8]) throws(SFUError) {
        profile = try Self.profile(of: suite)
        let length = profile.keyLength + profile.saltLength
        guard bytes.count == length else {
            throw .unsupported("an SRTP key of \(suite.rawValue) has \(length) bytes, not \(bytes.count)")
        }
        self.suite = suite
        self.bytes = bytes
    }

    var parameters: SRTPParameters {
        SRTPParameters(cryptoSuite: suite, keyBase64: Base64.encode(bytes))
    }

    /// The keys of both directions.
    ///
    /// - Throws: `unsupported` if the other side's key is for another suite.
    func material(with remote: Self) throws(SFUError) -> SRTPKeyingMaterial {
        guard remote.suite == suite else {
            throw .unsupported("the transport speaks \(suite.rawValue), not \(remote.suite.rawValue)")
        }
        return SRTPKeyingMaterial(
            profile: profile,
            localKey: Array(bytes.prefix(profile.keyLength)),
            localSalt: Array(bytes.dropFirst(profile.keyLength)),
            remoteKey: Array(remote.bytes.prefix(profile.keyLength)),
            remoteSalt: Array(remote.bytes.dropFirst(profile.keyLength))
        )
    }

    private static func profile(of suite: SRTPCryptoSuite) throws(SFUError) -> SRTPProfile {
        switch suite {
        case .aeadAES128GCM: .aeadAES128GCM
        case .aesCM128HMACSHA1_80: .aesCM128HMACSHA1_80
        case .aeadAES256GCM:
            throw .unsupported(
                "AEAD_AES_256_GCM is not spoken here: take AEAD_AES_128_GCM or AES_CM_128_HMAC_SHA1_80"
            )
        }
    }
}
