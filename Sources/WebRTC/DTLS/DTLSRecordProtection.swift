internal import Wire

/// The record layer of epoch 1, that of the only handshake (RFC 6347 §4.1): numbers, encrypts, decrypts, and
/// refuses what comes again.
///
/// OpenSSL is not asked once the keys are there. A record that is not authentic has no effect whatever, in any
/// version of OpenSSL, and a connection does not keep OpenSSL's state, several times as large as this.
final class DTLSRecordProtection {
    let suite: DTLSCipher.Suite

    private let sealing: DTLSCipher
    private let opening: DTLSCipher
    private var nextNumber: UInt64 = 0
    private var window: ReplayWindow?

    /// - Parameter block: what ``keyBlockLength(of:)`` says, in the order of RFC 5246 §6.3.
    init(_ suite: DTLSCipher.Suite, role: DTLSRole, keyBlock block: [UInt8]) throws(DTLSError) {
        precondition(block.count == Self.keyBlockLength(of: suite), "the caller asked for as many bytes")
        let salts = 2 * suite.keyLength
        let client = (
            key: Array(block[..<suite.keyLength]), salt: Array(block[salts..<(salts + suite.saltLength)])
        )
        let server = (
            key: Array(block[suite.keyLength..<salts]), salt: Array(block[(salts + suite.saltLength)...])
        )
        let (local, remote) = role == .client ? (client, server) : (server, client)
        self.suite = suite
        sealing = try DTLSCipher(.seal, suite, key: local.key, salt: local.salt)
        opening = try DTLSCipher(.open, suite, key: remote.key, salt: remote.salt)
    }

    /// Bytes that ``init(_:role:keyBlock:)`` takes: two keys, two salts.
    static func keyBlockLength(of suite: DTLSCipher.Suite) -> Int { 2 * (suite.keyLength + suite.saltLength) }

    /// What a record is longer by than what it protects, in bytes, with its header.
    var overhead: Int { DTLSRecord.headerLength + suite.overhead }

    /// The highest number that was authentic.
    var newestNumber: UInt64 { window?.highest ?? 0 }

    /// Appends a record to `out`; returns `false`, and nothing more may be sent, if there is no room or no
    /// number left, or OpenSSL fails.
    func seal(_ content: DTLSRecord.Content, _ plaintext: RawSpan, into out: inout OutputRawSpan) -> Bool {
        guard out.freeCapacity >= overhead + plaintext.byteCount, nextNumber < 1 << 48 else { return false }
        let position = 1 << 48 | nextNumber
        // Never used twice, whatever comes of it: a nonce that repeats gives the key away.
        nextNumber += 1
        out.append(bigEndian: content.rawValue)
        out.append(bigEndian: DTLSRecord.version)
        out.append(bigEndian: position)
        out.append(bigEndian: UInt16(truncatingIfNeeded: plaintext.byteCount + suite.overhead))
        return sealing.seal(content, position: position, plaintext, into: &out)
    }

    /// Decrypts `record`, which a gate has let pass, to the front of `buffer` and returns the length of the
    /// plaintext; `nil` if it is forged or has come before.
    func open(_ record: DTLSRecord, of datagram: RawSpan, into buffer: UnsafeMutableRawBufferPointer) -> Int?
    {
        guard
            window?.refuses(record.number) != true,
            let count = opening.open(record, of: datagram, into: buffer)
        else { return nil }
        if window == nil {
            window = ReplayWindow(first: record.number)
        } else {
            window?.accept(record.number)
        }
        return count
    }
}
