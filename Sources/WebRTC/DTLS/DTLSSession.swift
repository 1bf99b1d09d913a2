public import Wire

/// A DTLS 1.2 connection with one peer: its handshake keys SRTP, and SCTP runs inside it (RFC 5764, RFC
/// 8261).
///
/// Call ``start(now:to:into:)`` once, then ``handle(_:from:now:into:)`` with every DTLS datagram and
/// ``handleTimeout(now:to:into:)`` when ``pollTimeout()`` says so. After each of them, call ``pollEvent()``
/// and ``pollApplicationData(_:)`` until they have nothing more.
///
/// Both sides show a certificate. The peer's must have one of the fingerprints that signalling carried, or
/// the handshake ends with an alert. It ends the same way if no ``SRTPProfile`` is negotiated: there is no
/// WebRTC endpoint that does not offer one, even if it only wants data channels. There is no cookie exchange:
/// ICE has proven the address before (RFC 8842 §5, RFC 8445 §12).
///
/// OpenSSL does the work, within this bound: one handshake message of 16 KiB being reassembled, ten more
/// behind it, a hundred records that arrived before their epoch.
public struct DTLSSession: ~Copyable {
    public enum Event: Hashable, Sendable {
        case connected(SRTPKeyingMaterial)
        case failed(DTLSFailure)
        /// The peer said goodbye.
        case closed
    }

    public private(set) var state = DTLSState.new

    /// Datagrams that were of no use: malformed, out of place, forged, repeated or not asked for.
    public private(set) var discardedDatagrams = 0

    /// Bytes of application data that fit into one datagram.
    public let maximumApplicationData: Int

    private let role: DTLSRole
    private let endpoint: DTLSEndpoint
    private var events: [Event] = []
    private var records: DTLSRecordBuffer
    /// The highest sequence number of a record of application data that was authentic.
    private var newestRecord: UInt64 = 0
    /// The endpoint's, kept here because it is asked for with every report from the peer.
    private var deadline: Instant?

    /// Creates a session that has not sent anything yet.
    ///
    /// - Parameters:
    ///   - remoteFingerprints: the peer's, from signalling; one of them must fit.
    ///   - mtu: bytes of UDP payload that a datagram may have, 256…1,500.
    public init(
        certificate: DTLSCertificate,
        role: DTLSRole,
        remoteFingerprints: [DTLSFingerprint],
        mtu: Int = 1_200
    ) throws(DTLSError) {
        precondition(256...TransmitQueue.datagramCapacity ~= mtu, "the MTU is ours to choose, not the peer's")
        guard !remoteFingerprints.isEmpty else { throw .noFingerprint }
        self.endpoint = try DTLSEndpoint(
            certificate: certificate,
            role: role,
            remoteFingerprints: remoteFingerprints,
            mtu: mtu
        )
        self.role = role
        self.maximumApplicationData = mtu - Self.recordOverhead
        self.records = DTLSRecordBuffer()
    }

    /// Begins: a client sends its first flight to `destination`, a server waits for one.
    public mutating func start(now: Instant, to destination: SocketAddress, into queue: inout TransmitQueue) {
        guard state == .new else { return }
        defer { deadline = endpoint.bio.timer.deadline }
        state = .connecting
        guard role == .client else { return }
        advanceHandshake(now: now)
        endpoint.bio.flush(to: destination, into: &queue)
    }

    /// Takes one datagram from the peer; what there is to answer goes back to `source`.
    public mutating func handle(
        _ datagram: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard state == .connecting || state == .connected, Self.isDTLS(datagram), records.hasRoom else {
            discardedDatagrams += 1
            return
        }
        defer { deadline = endpoint.bio.timer.deadline }
        let before = (state: state, records: records.received)
        let wasRead = endpoint.bio.withInput(datagram) {
            if state == .connecting { advanceHandshake(now: now) }
            if state == .connected { readRecords(now: now) }
        }
        if before.records != records.received, let number = Self.number(of: datagram) {
            newestRecord = max(newestRecord, number)
        }
        let hadEffect = before != (state, records.received) || endpoint.bio.hasOutput
        if !wasRead || state == .connected && !hadEffect { discardedDatagrams += 1 }
        endpoint.bio.flush(to: source, into: &queue)
        if state == .connected { endpoint.releaseBuffers() }
    }

    /// By how many records a datagram from an unknown address is ahead of, or behind, the newest authentic one;
    /// `nil` if it cannot be one record of application data from this peer.
    ///
    /// The less it is, the likelier it is this peer's; ``handleStray(_:now:)`` tells for certain.
    package func lead(of datagram: RawSpan) -> UInt64? {
        guard state == .connected, let number = Self.number(of: datagram) else { return nil }
        let lead = number > newestRecord ? number - newestRecord : newestRecord - number
        return lead <= Self.longestLead ? lead : nil
    }

    /// Takes a datagram from an unknown address that has a ``lead(of:)``; returns whether it was the peer's.
    ///
    /// OpenSSL drops a record that is forged or repeated without a word (RFC 6347 §4.1.2.7).
    package mutating func handleStray(_ datagram: RawSpan, now: Instant) -> Bool {
        guard lead(of: datagram) != nil, records.hasRoom else { return false }
        let before = records.received
        _ = endpoint.bio.withInput(datagram) { readRecords(now: now) }
        guard records.received != before, let number = Self.number(of: datagram) else { return false }
        newestRecord = max(newestRecord, number)
        return true
    }

    /// Sends `applicationData`, one SCTP packet, as one datagram (RFC 8261 §5).
    ///
    /// Throws ``DTLSError/notConnected``, ``DTLSError/tooLarge`` beyond ``maximumApplicationData``, or
    /// ``DTLSError/library(_:)``.
    public mutating func send(
        _ applicationData: RawSpan,
        to destination: SocketAddress,
        into queue: inout TransmitQueue
    ) throws(DTLSError) {
        guard state == .connected else { throw .notConnected }
        guard applicationData.byteCount <= maximumApplicationData else { throw .tooLarge }
        guard applicationData.byteCount > 0 else { return }
        try endpoint.write(applicationData)
        endpoint.bio.flush(to: destination, into: &queue)
        endpoint.releaseBuffers()
    }

    /// Gives `body` the next decrypted record; `false` if there is none.
    public mutating func pollApplicationData(_ body: (RawSpan) -> Void) -> Bool {
        records.removeFirst(body)
    }

    /// Repeats the last flight if the peer has not answered it in time.
    public mutating func handleTimeout(
        now: Instant,
        to destination: SocketAddress,
        into queue: inout TransmitQueue
    ) {
        guard state == .connecting || state == .connected else { return }
        defer { deadline = endpoint.bio.timer.deadline }
        if case .failed(let failure) = endpoint.handleTimeout(now: now) { fail(failure) }
        endpoint.bio.flush(to: destination, into: &queue)
        if state == .connected { endpoint.releaseBuffers() }
    }

    /// When ``handleTimeout(now:to:into:)`` is next due; `nil` if nothing waits for an answer.
    public func pollTimeout() -> Instant? {
        state == .connecting || state == .connected ? deadline : nil
    }

    /// Says goodbye to the peer; nothing is received afterwards.
    public mutating func close(to destination: SocketAddress, into queue: inout TransmitQueue) {
        if state == .connected { endpoint.shutdown() }
        if state != .failed { state = .closed }
        endpoint.bio.flush(to: destination, into: &queue)
    }

    /// What happened; call until it returns `nil`.
    public mutating func pollEvent() -> Event? {
        events.isEmpty ? nil : events.removeFirst()
    }

    private mutating func advanceHandshake(now: Instant) {
        switch endpoint.handshake(now: now) {
        case .wantsDatagram:
            return
        case .closedByPeer:
            closeWithPeer()
        case .failed(let failure):
            fail(failure)
        case .done:
            // Both were checked when the certificate came (`DTLSEndpoint.verifyPeer`).
            guard endpoint.isPeerVerified, let keys = endpoint.keyingMaterial(role: role) else {
                return fail(.noSRTPProfile)
            }
            state = .connected
            events.append(.connected(keys))
        }
    }

    private mutating func readRecords(now: Instant) {
        while records.hasRoom {
            switch records.append({ buffer, count in endpoint.read(into: buffer, count: &count, now: now) }) {
            case .done:
                continue
            case .wantsDatagram:
                return
            case .closedByPeer:
                return closeWithPeer()
            case .failed(let failure):
                return fail(failure)
            }
        }
    }

    private mutating func closeWithPeer() {
        // Answered in kind (RFC 5246 §7.2.1).
        endpoint.shutdown()
        state = .closed
        events.append(.closed)
    }

    private mutating func fail(_ failure: DTLSFailure) {
        state = .failed
        events.append(.failed(failure))
    }

    /// Whether `datagram` begins with a whole record of DTLS 1.0 or 1.2 (RFC 6347 §4.1), so that what cannot
    /// be DTLS does not reach OpenSSL.
    ///
    /// ```
    /// type (1) · version (2) · epoch (2) · sequence number (6) · length (2) · fragment
    /// ```
    private static func isDTLS(_ datagram: RawSpan) -> Bool {
        guard
            datagram.byteCount <= DTLSRecordBuffer.largestRecord,
            let type = datagram.bigEndian(UInt8.self, at: 0), 20...23 ~= type,
            let version = datagram.bigEndian(UInt16.self, at: 1), version == 0xfeff || version == 0xfefd,
            let length = datagram.bigEndian(UInt16.self, at: 11)
        else { return false }
        return 13 + Int(length) <= datagram.byteCount
    }

    /// The sequence number of the record of application data that `datagram` is, `nil` if it is anything else.
    ///
    /// Epoch 1 is that of the only handshake.
    private static func number(of datagram: RawSpan) -> UInt64? {
        guard isDTLS(datagram), datagram.bigEndian(at: 0) == 23 as UInt8,
            let number = datagram.bigEndian(UInt64.self, at: 3), number >> 48 == 1,
            let length = datagram.bigEndian(UInt16.self, at: 11),
            13 + Int(length) == datagram.byteCount
        else { return nil }
        return number & 0xffff_ffff_ffff
    }

    /// A path that loses a thousand records in a row is not one to be followed.
    private static let longestLead: UInt64 = 1_024

    /// Record header, explicit nonce and tag of AES-GCM, the longest of our cipher suites (RFC 5288 §3).
    private static let recordOverhead = 13 + 8 + 16
}
