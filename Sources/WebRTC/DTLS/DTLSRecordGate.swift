internal import Wire

/// Tells which records the state of a connection permits, so that nothing else is looked at any further.
///
/// OpenSSL 3.0 before 3.0.22 ended a connection over a record of epoch 1 that is shorter than explicit nonce
/// and tag, and every version ends a handshake over a message that is out of place. None of it needs a key,
/// only the peer's address. What passes here may still be forged; it is only as it would be from the peer.
struct DTLSRecordGate {
    enum Stage {
        /// A server waits for the client's hello.
        case hello
        /// The peer's first flight after the hello is awaited, and with it the keys.
        case flight
        /// The peer's Finished is awaited.
        case finished(DTLSCipher.Suite)
        /// The handshake is over.
        case connected(DTLSCipher.Suite)
    }

    let role: DTLSRole
    var stage: Stage

    func admits(_ record: DTLSRecord, of datagram: RawSpan) -> Bool {
        guard datagram.byteCount <= DTLSRecord.longestDatagram, !record.body.isEmpty else { return false }
        return switch record.epoch {
        case 0: admitsPlain(record, of: datagram)
        // That of the only handshake.
        case 1: record.version == DTLSRecord.version && admitsProtected(record.content, record.body.count)
        default: false
        }
    }

    private func admitsPlain(_ record: DTLSRecord, of datagram: RawSpan) -> Bool {
        // Hellos come in records of DTLS 1.0, so that old peers understand them (RFC 6347 §4.2.1).
        guard record.version == DTLSRecord.version || record.version == 0xfeff else { return false }
        switch (stage, record.content) {
        case (.connected, _), (_, .applicationData), (.hello, .changeCipherSpec), (.hello, .alert):
            return false
        case (_, .changeCipherSpec):
            return record.body.count == 1 && datagram.bigEndian(at: record.body.lowerBound) == 1 as UInt8
        case (_, .alert):
            let level = datagram.bigEndian(UInt8.self, at: record.body.lowerBound)
            return record.body.count == 2 && (level == 1 || level == 2)
        case (_, .handshake):
            return admitsFragments(record, of: datagram)
        }
    }

    private func admitsFragments(_ record: DTLSRecord, of datagram: RawSpan) -> Bool {
        var offset = record.body.lowerBound
        while offset < record.body.upperBound {
            guard
                let fragment = DTLSFragment(datagram, at: offset, end: record.body.upperBound),
                permits(fragment.type)
            else { return false }
            offset = fragment.body.upperBound
        }
        return true
    }

    /// Whether the peer sends messages of this type in plain text now.
    private func permits(_ type: UInt8) -> Bool {
        switch (role, stage) {
        case (.server, .hello): DTLSFlight.hello.contains(type)
        case (.server, .flight): (DTLSFlight.hello + DTLSFlight.client).contains(type)
        case (.client, .flight): (DTLSFlight.verifyRequest + DTLSFlight.server).contains(type)
        default: false
        }
    }

    /// - Parameter count: bytes of the fragment.
    private func admitsProtected(_ content: DTLSRecord.Content, _ count: Int) -> Bool {
        switch (stage, content) {
        case (.hello, _), (_, .changeCipherSpec): false
        // The suite may not be known yet: the least that one of ours adds.
        case (.flight, .handshake): count >= Self.finishedLength + DTLSCipher.tagLength
        case (.flight, .applicationData): count > DTLSCipher.tagLength
        case (.flight, .alert): false
        case (.finished(let suite), .handshake): count == Self.finishedLength + suite.overhead
        case (.finished(let suite), .alert), (.connected(let suite), .alert): count == 2 + suite.overhead
        case (.connected(let suite), .handshake): count >= DTLSFragment.headerLength + suite.overhead
        case (.finished(let suite), .applicationData), (.connected(let suite), .applicationData):
            count > suite.overhead
        }
    }

    /// Header and twelve bytes (RFC 5246 §7.4.9).
    private static let finishedLength = DTLSFragment.headerLength + 12
}
