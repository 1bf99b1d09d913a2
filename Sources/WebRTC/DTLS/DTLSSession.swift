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
/// OpenSSL shakes hands (``DTLSHandshake``), and the connection that comes of it needs it no more
/// (``DTLSRecordProtection``). No datagram that anybody without the keys can make ends a connection, nor does
/// it end a handshake, with the exception that ``DTLSHandshake`` names.
public struct DTLSSession: ~Copyable {
    public enum Event: Hashable, Sendable {
        case connected(SRTPKeyingMaterial)
        case failed(DTLSFailure)
        /// The peer said goodbye.
        case closed
    }

    public private(set) var state = DTLSState.new

    /// Datagrams of which something was of no use: malformed, out of place, forged, repeated or not asked for.
    ///
    /// What else is in such a datagram is taken.
    public private(set) var discardedDatagrams = 0

    /// Bytes of application data that fit into one datagram.
    public let maximumApplicationData: Int

    private let role: DTLSRole
    /// Until it is over.
    private var handshake: DTLSHandshake?
    /// A server's second one, if a client has said hello in two ways: one of them is forged.
    private var rival: DTLSHandshake?
    /// From then on.
    private var protection: DTLSRecordProtection?
    private var gate: DTLSRecordGate
    /// A server's last, until it is known to have arrived.
    private var finalFlight: DTLSSentFlight?
    private var events: [Event] = []
    private var records = DTLSRecordBuffer()
    /// The handshake's, kept here because it is asked for with every report from the peer.
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
        handshake = try DTLSHandshake(
            certificate: certificate,
            role: role,
            remoteFingerprints: remoteFingerprints,
            mtu: mtu
        )
        self.role = role
        maximumApplicationData = mtu - Self.recordOverhead
        gate = DTLSRecordGate(role: role, stage: .hello)
    }

    /// Begins: a client sends its first flight to `destination`, a server waits for one.
    public mutating func start(now: Instant, to destination: SocketAddress, into queue: inout TransmitQueue) {
        guard state == .new, let handshake else { return }
        state = .connecting
        handshake.start(now: now)
        follow(to: destination, into: &queue)
    }

    /// Takes one datagram from the peer; what there is to answer goes back to `source`.
    public mutating func handle(
        _ datagram: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        var offset = 0
        var isOfUse = datagram.byteCount > 0
        while offset < datagram.byteCount {
            guard isOpen, records.hasRoom, let record = DTLSRecord(datagram, at: offset) else {
                isOfUse = false
                break
            }
            offset = record.range.upperBound
            // What is wrong with one record says nothing of the next.
            if !take(record, of: datagram, from: source, now: now, into: &queue) { isOfUse = false }
        }
        if !isOfUse { discardedDatagrams += 1 }
    }

    /// By how many records a datagram from an unknown address is ahead of, or behind, the newest authentic one;
    /// `nil` if it cannot be one record of application data from this peer.
    ///
    /// The less it is, the likelier it is this peer's; ``handleRebound(_:)`` tells for certain.
    package func lead(of datagram: RawSpan) -> UInt64? {
        guard let protection, let record = applicationData(in: datagram) else { return nil }
        let newest = protection.newestNumber
        let lead = record.number > newest ? record.number - newest : newest - record.number
        return lead <= Self.longestLead ? lead : nil
    }

    /// Takes a datagram that has a ``lead(of:)`` from an unknown address, to which a NAT may have moved the peer; returns
    /// whether it was the peer's.
    package mutating func handleRebound(_ datagram: RawSpan) -> Bool {
        guard lead(of: datagram) != nil, records.hasRoom, let record = applicationData(in: datagram) else {
            return false
        }
        return takeData(record, of: datagram)
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
        try seal(.applicationData, applicationData, to: destination, into: &queue)
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
        guard state == .connecting else { return }
        handshake?.handleTimeout(now: now)
        rival?.handleTimeout(now: now)
        follow(to: destination, into: &queue)
    }

    /// When ``handleTimeout(now:to:into:)`` is next due; `nil` if nothing waits for an answer.
    public func pollTimeout() -> Instant? {
        deadline
    }

    /// Says goodbye to the peer; nothing is received afterwards.
    public mutating func close(to destination: SocketAddress, into queue: inout TransmitQueue) {
        if state == .connected { sendAlert(Self.closeNotify, to: destination, into: &queue) }
        end(state == .failed ? .failed : .closed)
    }

    /// What happened; call until it returns `nil`.
    public mutating func pollEvent() -> Event? {
        events.isEmpty ? nil : events.removeFirst()
    }

    private var isOpen: Bool { state == .connecting || state == .connected }

    // MARK: Records

    /// Returns whether the record was of use.
    private mutating func take(
        _ record: DTLSRecord,
        of datagram: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        if let handshake {
            let isOfUse = [
                handshake.handle(record, of: datagram, now: now),
                rival?.handle(record, of: datagram, now: now) == true,
            ]
            if let hello = handshake.takeOtherHello(), hello != rival?.hello {
                rival = handshake.rival(to: hello, now: now)
            }
            follow(to: source, into: &queue)
            return isOfUse.contains(true)
        }
        guard gate.admits(record, of: datagram) else { return false }
        return record.content == .applicationData
            ? takeData(record, of: datagram) : takeControl(record, of: datagram, from: source, into: &queue)
    }

    private mutating func takeData(_ record: DTLSRecord, of datagram: RawSpan) -> Bool {
        guard let protection, records.append({ protection.open(record, of: datagram, into: $0) }) else {
            return false
        }
        // Whoever sends data has our last flight.
        finalFlight = nil
        return true
    }

    /// Takes an alert or a handshake message.
    private mutating func takeControl(
        _ record: DTLSRecord,
        of datagram: RawSpan,
        from source: SocketAddress,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard let protection else { return false }
        let opened = withUnsafeTemporaryAllocation(byteCount: record.body.count, alignment: 1) { buffer in
            protection.open(record, of: datagram, into: buffer)
                .map { count in (first: count > 0 ? buffer[0] : 0, second: count > 1 ? buffer[1] : 0) }
        }
        guard let (first, second) = opened else { return false }
        switch (record.content, first) {
        case (.alert, _) where second == Self.closeNotify.description:
            // Answered in kind (RFC 5246 §7.2.1).
            sendAlert(Self.closeNotify, to: source, into: &queue)
            end(.closed)
            events.append(.closed)
        case (.alert, 2):
            fail(.peerAlert(second))
        case (.handshake, Self.finished):
            // The client has not got our last flight.
            finalFlight?.send(to: source, protection: protection, into: &queue)
            return finalFlight != nil
        case (.handshake, role == .server ? Self.clientHello : Self.helloRequest):
            sendAlert(Self.noRenegotiation, to: source, into: &queue)
        default:
            return false
        }
        return true
    }

    /// The one record of application data that `datagram` may be.
    private func applicationData(in datagram: RawSpan) -> DTLSRecord? {
        guard
            state == .connected,
            let record = DTLSRecord(datagram, at: 0), record.content == .applicationData,
            record.range.upperBound == datagram.byteCount, gate.admits(record, of: datagram)
        else { return nil }
        return record
    }

    private func seal(
        _ content: DTLSRecord.Content,
        _ bytes: RawSpan,
        to destination: SocketAddress,
        into queue: inout TransmitQueue
    ) throws(DTLSError) {
        guard let protection else { throw .notConnected }
        try queue.append(to: destination) { out throws(DTLSError) in
            guard protection.seal(content, bytes, into: &out) else { throw .lastLibraryError() }
        }
    }

    private func sendAlert(
        _ alert: (level: UInt8, description: UInt8),
        to destination: SocketAddress,
        into queue: inout TransmitQueue
    ) {
        let bytes: [UInt8] = [alert.level, alert.description]
        // Nobody waits for it: it is as good as lost.
        try? seal(.alert, bytes.span.bytes, to: destination, into: &queue)
    }

    // MARK: State

    /// Sends what the handshake has to say, and takes over what has come of it.
    private mutating func follow(to destination: SocketAddress, into queue: inout TransmitQueue) {
        handshake?.flush(to: destination, into: &queue)
        rival?.flush(to: destination, into: &queue)
        switch (handshake?.outcome, rival?.outcome) {
        case (.connected, _), (_, nil): break
        case (_, .connected), (.failed, _): handshake = rival
        case (_, .failed), (_, .closed): rival = nil
        }
        if case .failed = handshake?.outcome, let rival { handshake = rival }
        if handshake === rival { rival = nil }
        deadline = [handshake?.deadline, rival?.deadline].compactMap(\.self).min()
        guard let handshake else { return }
        switch handshake.outcome {
        case nil:
            return
        case .closed:
            end(.closed)
            events.append(.closed)
        case .failed(let failure):
            fail(failure)
        case .connected(let keys, let protection):
            self.handshake = nil
            rival = nil
            self.protection = protection
            deadline = nil
            gate.stage = .connected(protection.suite)
            if role == .server { finalFlight = handshake.sent }
            state = .connected
            events.append(.connected(keys))
            // Data that has overtaken Finished.
            for datagram in handshake.takeHeld() where records.hasRoom {
                let bytes = datagram.span.bytes
                if let record = applicationData(in: bytes) { _ = takeData(record, of: bytes) }
            }
        }
    }

    private mutating func fail(_ failure: DTLSFailure) {
        end(.failed)
        events.append(.failed(failure))
    }

    private mutating func end(_ state: DTLSState) {
        self.state = state
        handshake = nil
        rival = nil
        protection = nil
        finalFlight = nil
        deadline = nil
    }

    private static let closeNotify: (level: UInt8, description: UInt8) = (1, 0)
    private static let noRenegotiation: (level: UInt8, description: UInt8) = (1, 100)
    private static let helloRequest: UInt8 = 0
    private static let clientHello: UInt8 = 1
    private static let finished: UInt8 = 20

    /// A path that loses a thousand records in a row is not one to be followed.
    private static let longestLead: UInt64 = 1_024

    /// Record header, explicit nonce and tag of AES-GCM, the longest of our cipher suites (RFC 5288 §3).
    private static let recordOverhead = 13 + 8 + 16
}
