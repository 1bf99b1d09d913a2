internal import Wire

/// The only handshake of a connection, up to the keys.
///
/// Nothing protects its messages, and one that does not fit makes OpenSSL give up. So OpenSSL is kept from
/// them until they are beyond doubt:
///
/// - A client's hello can be anybody's. If OpenSSL refuses it, nobody is told, and OpenSSL starts anew: the
///   client repeats its hello. If there are two that OpenSSL takes, both are answered, and the client's next
///   flight tells which is genuine. There is no cookie (RFC 8842 §5), so one thing remains: the answer to a
///   forged hello that reaches a client which waits for the answer to its own makes the client give up.
/// - The peer's flight is collected until it is whole and proves that whoever sent it has received ours
///   (``DTLSFlightProof``). What does not prove it is forgotten, and the peer repeats it.
/// - ChangeCipherSpec carries no information: the peer's is ignored, and OpenSSL is given one of our own.
/// - Finished, and what else epoch 1 protects, has to be authentic.
/// - An alert in plain text is believed when nothing has gone on for two seconds.
/// - A client is asked for a cookie twice, the second time after it has repeated its hello.
///
/// All of it is bounded: 8 KiB of messages, four records of epoch 1, one attempt in 5 ms to prove something, 25
/// seconds. Forging 20 000 datagrams costs no more memory than one does.
final class DTLSHandshake {
    enum Outcome {
        case closed
        case connected(SRTPKeyingMaterial, DTLSRecordProtection)
        case failed(DTLSFailure)
    }

    /// How it ended.
    private(set) var outcome: Outcome?
    /// What has been sent last; a server sends it again to a client that has not got it.
    private(set) var sent = DTLSSentFlight()
    /// What a server answers.
    private(set) var hello: DTLSFlight.Message?

    private let role: DTLSRole
    private let makeEndpoint: () throws(DTLSError) -> DTLSEndpoint
    private var endpoint: DTLSEndpoint
    private var gate: DTLSRecordGate
    /// The peer's, as far as it has come.
    private var flight: DTLSFlight
    private var protection: DTLSRecordProtection?
    private var repetition = DTLSRepetition()
    /// Records of epoch 1 that came before their keys.
    private var held: [[UInt8]] = []
    /// Of those that OpenSSL has been given.
    private var nextNumber: UInt64 = 0
    /// A server's: the client's hello and the flight that answers it.
    private var transcript: [UInt8] = []
    /// A hello beside the one that is answered.
    private var otherFlight = DTLSFlight(DTLSFlight.hello)
    private var otherHello: DTLSFlight.Message?
    /// Whether there is another hello, and nobody knows which is genuine.
    private var isContested = false
    private var nextRepetition: Instant?
    private var requestFlight = DTLSFlight(DTLSFlight.verifyRequest)
    private var verifyRequests = 0
    /// A fatal alert that may be forged.
    private var objection: (alert: UInt8, deadline: Instant)?
    /// What OpenSSL had against the last hello.
    private var refusal: DTLSFailure?
    private var nextAttempt: Instant?
    private var limit: Instant?
    /// Whether ``sent`` has not gone out.
    private var hasOutput = false

    convenience init(
        certificate: DTLSCertificate,
        role: DTLSRole,
        remoteFingerprints: [DTLSFingerprint],
        mtu: Int
    ) throws(DTLSError) {
        try self.init(role) { () throws(DTLSError) in
            try DTLSEndpoint(
                certificate: certificate,
                role: role,
                remoteFingerprints: remoteFingerprints,
                mtu: mtu
            )
        }
    }

    private init(
        _ role: DTLSRole,
        makeEndpoint: @escaping () throws(DTLSError) -> DTLSEndpoint
    ) throws(DTLSError) {
        self.role = role
        self.makeEndpoint = makeEndpoint
        endpoint = try makeEndpoint()
        gate = DTLSRecordGate(role: role, stage: role == .server ? .hello : .flight)
        flight = DTLSFlight(role == .server ? DTLSFlight.hello : DTLSFlight.server)
    }

    /// The hello that came beside the one that is answered, if there is a new one.
    func takeOtherHello() -> DTLSFlight.Message? {
        defer { otherHello = nil }
        return otherHello
    }

    /// Answers another hello beside this one's; `nil` if OpenSSL refuses it.
    ///
    /// Either answer is from now on repeated only when its hello is: the answer to another hello would end the
    /// genuine client's handshake.
    func rival(to hello: DTLSFlight.Message, now: Instant) -> DTLSHandshake? {
        guard let rival = try? DTLSHandshake(role, makeEndpoint: makeEndpoint) else { return nil }
        rival.limit = limit
        rival.sent = DTLSSentFlight(numbers: sent.numbers)
        rival.isContested = true
        rival.answer(hello, now: now)
        guard rival.hello != nil else { return nil }
        isContested = true
        repetition.stop()
        return rival
    }

    /// When ``handleTimeout(now:)`` is next due.
    var deadline: Instant? {
        [repetition.deadline, objection?.deadline, limit].compactMap(\.self).min()
    }

    /// A client says hello; a server waits for it.
    func start(now: Instant) {
        limit = now + Self.timeLimit
        if role == .client { advance(nil, now: now) }
    }

    /// Takes one record; returns whether it may have been of use.
    func handle(_ record: DTLSRecord, of datagram: RawSpan, now: Instant) -> Bool {
        guard outcome == nil, gate.admits(record, of: datagram) else { return false }
        return switch (record.epoch, record.content) {
        case (0, .handshake): handleFragments(record, of: datagram, now: now)
        case (0, .alert): handlePlainAlert(record, of: datagram, now: now)
        case (0, _): true  // ChangeCipherSpec
        default: handleProtected(record, of: datagram, now: now)
        }
    }

    func handleTimeout(now: Instant) {
        guard outcome == nil else { return }
        if let objection, now >= objection.deadline {
            outcome = .failed(.peerAlert(objection.alert))
        } else if let limit, now >= limit {
            outcome = .failed(refusal ?? .timedOut)
        } else if let due = repetition.deadline, now >= due {
            if repetition.advance(now: now) { hasOutput = true } else { outcome = .failed(.timedOut) }
        }
    }

    /// Sends what there is to be sent.
    func flush(to destination: SocketAddress, into queue: inout TransmitQueue) {
        guard hasOutput else { return }
        hasOutput = false
        sent.send(to: destination, protection: protection, into: &queue)
    }

    /// Gives up the records of epoch 1 that have not been looked at.
    func takeHeld() -> [[UInt8]] {
        defer { held = [] }
        return held
    }

    // MARK: Records

    private func handleFragments(_ record: DTLSRecord, of datagram: RawSpan, now: Instant) -> Bool {
        if let nextAttempt, now < nextAttempt { return false }
        var offset = record.body.lowerBound
        var isOfUse = false
        while let fragment = DTLSFragment(datagram, at: offset, end: record.body.upperBound) {
            let isFlights = flight.insert(fragment, of: datagram)
            let isOthers = hello != nil && otherFlight.insert(fragment, of: datagram)
            let isRequests = role == .client && requestFlight.insert(fragment, of: datagram)
            isOfUse = isOfUse || isFlights || isOthers || isRequests
            offset = fragment.body.upperBound
        }
        switch (role, gate.stage) {
        case (.server, .hello): handleHello(now: now)
        case (.server, .flight):
            handleOtherHello(now: now)
            handleClientFlight(now: now)
        case (.client, .flight):
            handleVerifyRequest(now: now)
            handleServerFlight(now: now)
        case (_, .finished), (_, .connected), (.client, .hello): break
        }
        return isOfUse
    }

    private func handlePlainAlert(_ record: DTLSRecord, of datagram: RawSpan, now: Instant) -> Bool {
        let level = datagram.bigEndian(UInt8.self, at: record.body.lowerBound)
        let alert = datagram.bigEndian(UInt8.self, at: record.body.lowerBound + 1)
        // A goodbye ends a handshake, too.
        guard let alert, level == 2 || alert == 0 else { return false }
        if objection == nil { objection = (alert, now + Self.doubt) }
        return true
    }

    private func handleProtected(_ record: DTLSRecord, of datagram: RawSpan, now: Instant) -> Bool {
        guard let protection, record.content != .applicationData else {
            if held.count == Self.mostHeld { held.removeFirst() }
            held.append(datagram.extracting(record.range).withUnsafeBytes { Array($0) })
            return true
        }
        var plaintext = [UInt8](repeating: 0, count: record.body.count)
        let count = plaintext.withUnsafeMutableBytes { protection.open(record, of: datagram, into: $0) }
        guard let count else { return false }
        switch record.content {
        case .handshake:
            // OpenSSL checks what it says of the transcript.
            advance(datagram.extracting(record.range).withUnsafeBytes { Array($0) }, now: now)
        case .alert where count == 2:
            if plaintext[1] == 0 {
                outcome = .closed
            } else if plaintext[0] == 2 {
                outcome = .failed(.peerAlert(plaintext[1]))
            }
        default: return false
        }
        return true
    }

    // MARK: Flights

    private func handleHello(now: Instant) {
        guard let hello = flight.complete?.first else { return }
        answer(hello, now: now)
    }

    private func answer(_ hello: DTLSFlight.Message, now: Instant) {
        flight = DTLSFlight(first: 1, DTLSFlight.client)
        switch endpoint.handshake(plain(.handshake, hello.unfragmented)) {
        case .wantsRecord:
            adoptOutput(now: now)
            transcript = hello.unfragmented + sent.transcript
            self.hello = hello
            gate.stage = .flight
        case .failed(let failure):
            refusal = failure
            startAnew(now: now)
        case .closedByPeer, .done:
            startAnew(now: now)
        }
    }

    private func handleOtherHello(now: Instant) {
        guard let other = otherFlight.complete?.first else { return }
        otherFlight = DTLSFlight(DTLSFlight.hello)
        if other != hello {
            nextAttempt = now + Self.pause
            otherHello = other
        } else if isContested, now >= nextRepetition ?? now {
            nextRepetition = now + Self.repetition
            hasOutput = true
        }
    }

    private func startAnew(now: Instant) {
        flight = DTLSFlight(DTLSFlight.hello)
        nextNumber = 0
        nextAttempt = now + Self.pause
        do { endpoint = try makeEndpoint() } catch { outcome = .failed(refusal ?? .timedOut) }
    }

    private func handleClientFlight(now: Instant) {
        guard let messages = flight.complete else { return }
        take(messages, isProven: DTLSFlightProof.isClients(messages, after: transcript), now: now)
    }

    private func handleServerFlight(now: Instant) {
        guard let messages = flight.complete else { return }
        let isProven = DTLSFlightProof.isServers(messages, clientRandom: endpoint.clientRandom)
        take(messages, isProven: isProven, now: now)
    }

    private func handleVerifyRequest(now: Instant) {
        guard let request = requestFlight.complete?.first else { return }
        requestFlight = DTLSFlight(DTLSFlight.verifyRequest)
        verifyRequests += 1
        guard verifyRequests > 1, repetition.count > 0, flight.first == 0 else { return }
        flight = DTLSFlight(first: 1, DTLSFlight.server)
        advance(plain(.handshake, request.unfragmented), now: now)
    }

    /// Gives OpenSSL the peer's flight, which is followed by Finished.
    private func take(_ messages: [DTLSFlight.Message], isProven: Bool, now: Instant) {
        flight = DTLSFlight(first: flight.first, flight.types)
        guard isProven else {
            nextAttempt = now + Self.pause
            return
        }
        objection = nil
        isContested = false
        for message in messages where outcome == nil {
            advance(plain(.handshake, message.unfragmented), now: now)
        }
        guard outcome == nil else { return }
        advance(plain(.changeCipherSpec, [1]), now: now)
        guard outcome == nil else { return }
        guard let protection = endpoint.recordProtection(role: role) else {
            outcome = .failed(.protocolViolation(0))
            return
        }
        self.protection = protection
        gate.stage = .finished(protection.suite)
        for datagram in takeHeld() {
            let bytes = datagram.span.bytes
            if let record = DTLSRecord(bytes, at: 0) { _ = handle(record, of: bytes, now: now) }
        }
    }

    // MARK: OpenSSL

    /// Gives OpenSSL a record that cannot be forged, and takes what comes of it.
    private func advance(_ record: [UInt8]?, now: Instant) {
        let result = endpoint.handshake(record)
        adoptOutput(now: now)
        switch result {
        case .wantsRecord:
            return
        case .closedByPeer:
            outcome = .closed
        case .failed(let failure):
            outcome = .failed(failure)
        case .done:
            repetition.stop()
            // Both were checked when the certificate came (`DTLSEndpoint.verifyPeer`).
            guard endpoint.isPeerVerified, let protection, let keys = endpoint.keyingMaterial(role: role)
            else {
                outcome = .failed(.noSRTPProfile)
                return
            }
            outcome = .connected(keys, protection)
        }
    }

    private func adoptOutput(now: Instant) {
        let output = endpoint.bio.takeOutput()
        guard !output.isEmpty else { return }
        sent.replace(with: output, own: endpoint.recordProtection(role: role == .client ? .server : .client))
        if !isContested { repetition.start(now: now) }
        hasOutput = true
    }

    private func plain(_ content: DTLSRecord.Content, _ body: [UInt8]) -> [UInt8] {
        defer { nextNumber += 1 }
        return DTLSRecord.plain(content, number: nextNumber, body)
    }

    /// How long the handshake may take in all.
    private static let timeLimit = Interval.seconds(25)
    /// How long an alert in plain text waits: anything genuine that comes meanwhile shows that it was forged.
    private static let doubt = Interval.seconds(2)
    /// After an attempt that came to nothing: whoever sends nothing else must not keep the processor busy.
    private static let pause = Interval.milliseconds(5)
    /// At most that often is a hello answered again.
    private static let repetition = Interval.milliseconds(100)
    private static let mostHeld = 4
}
