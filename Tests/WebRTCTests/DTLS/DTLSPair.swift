import Testing
import WebRTC
import Wire

/// A client and a server on virtual time, with a path between them that takes 20 ms and can lose datagrams.
struct DTLSPair: ~Copyable {
    var client: DTLSSession
    var server: DTLSSession
    var now = Self.start

    /// Called with every datagram that is sent; what it returns is delivered, in order.
    var path: (Datagram) -> [Datagram] = { [$0] }

    private(set) var clientEvents: [DTLSSession.Event] = []
    private(set) var serverEvents: [DTLSSession.Event] = []
    private(set) var clientReceived: [[UInt8]] = []
    private(set) var serverReceived: [[UInt8]] = []

    /// Every datagram that was sent, lost or not.
    private(set) var sent: [Datagram] = []

    private var inFlight: [(due: Instant, datagram: Datagram)] = []

    struct Datagram: Hashable {
        /// How many datagrams were sent before.
        var index: Int
        var sender: DTLSRole
        var bytes: [UInt8]

        /// The one handshake message of this datagram, in records of at most `length` bytes of it (RFC 6347
        /// §4.2.3).
        ///
        /// ```
        /// record:    type (1) · version (2) · epoch (2) · sequence number (6) · length (2)
        /// handshake: type (1) · length (3) · message sequence (2) · fragment offset (3) · fragment length (3)
        /// ```
        func fragments(of length: Int) -> [Self] {
            let body = bytes.dropFirst(25)
            return stride(from: 0, to: body.count, by: length).map { offset in
                let part = body.dropFirst(offset).prefix(length)
                var fragment = self
                fragment.bytes = Array(bytes[0..<25]) + part
                // Numbers that the sender does not use; those that it does use remain in the replay window of
                // 64.
                fragment.bytes[10] = UInt8(40 + offset / length)
                fragment.bytes[11] = 0
                fragment.bytes[12] = UInt8(12 + part.count)
                fragment.bytes.replaceSubrange(19..<25, with: [0, 0, UInt8(offset), 0, 0, UInt8(part.count)])
                return fragment
            }
        }
    }

    static let start = Instant(nanoseconds: 1_000_000_000)

    static let address = SocketAddress(ipv4: 0x7f00_0001, port: 9)

    init(
        client: DTLSCertificate,
        server: DTLSCertificate,
        fingerprintAtClient: DTLSFingerprint? = nil,
        fingerprintAtServer: DTLSFingerprint? = nil,
        mtu: Int = 1_200
    ) throws {
        let first = try DTLSSession(
            certificate: client,
            role: .client,
            remoteFingerprints: [fingerprintAtClient ?? server.fingerprint],
            mtu: mtu
        )
        let second = try DTLSSession(
            certificate: server,
            role: .server,
            remoteFingerprints: [fingerprintAtServer ?? client.fingerprint],
            mtu: mtu
        )
        self.client = first
        self.server = second
    }

    /// A pair that has shaken hands.
    static func connected(client: DTLSCertificate, server: DTLSCertificate) throws -> Self {
        var pair = try Self(client: client, server: server)
        pair.start()
        pair.run()
        try #require(pair.client.state == .connected)
        try #require(pair.server.state == .connected)
        return pair
    }

    /// Whether each side has connected once, with the keys of the other.
    var agreesOnKeys: Bool {
        guard
            clientEvents.count == 1, serverEvents.count == 1,
            case .connected(let client) = clientEvents[0],
            case .connected(let server) = serverEvents[0]
        else { return false }
        return client.localKey == server.remoteKey && client.remoteKey == server.localKey
    }

    /// Both sides are connected, have nothing else to report, and reach each other.
    mutating func expectStanding() {
        let received = (client: clientReceived.count, server: serverReceived.count)
        #expect(throws: Never.self) {
            try send([7], from: .client)
            try send([8], from: .server)
        }
        run()
        let states = [client.state, server.state]
        #expect(states == [.connected, .connected])
        let agrees = agreesOnKeys
        #expect(agrees)
        #expect(clientReceived.dropFirst(received.client) == [[8]])
        #expect(serverReceived.dropFirst(received.server) == [[7]])
    }

    /// Starts both sides.
    mutating func start() {
        var queue = TransmitQueue(capacity: 64)
        server.start(now: now, to: Self.address, into: &queue)
        precondition(queue.isEmpty, "a server waits")
        client.start(now: now, to: Self.address, into: &queue)
        take(&queue, from: .client)
    }

    /// Lets time pass until nothing is on its way and nobody waits, or for `limit`.
    mutating func run(for limit: Interval = .seconds(60)) {
        let end = now + limit
        while let next = [inFlight.first?.due, client.pollTimeout(), server.pollTimeout()].compactMap(\.self)
            .min(),
            next <= end
        {
            now = max(now, next)
            step()
        }
    }

    /// Hands `bytes` to `receiver` as a datagram that has just come in.
    mutating func deliver(_ bytes: [UInt8], to receiver: DTLSRole) {
        var queue = TransmitQueue(capacity: 64)
        switch receiver {
        case .client: client.handle(bytes.span.bytes, from: Self.address, now: now, into: &queue)
        case .server: server.handle(bytes.span.bytes, from: Self.address, now: now, into: &queue)
        }
        take(&queue, from: receiver)
    }

    mutating func send(_ bytes: [UInt8], from sender: DTLSRole) throws(DTLSError) {
        var queue = TransmitQueue(capacity: 4)
        switch sender {
        case .client: try client.send(bytes.span.bytes, to: Self.address, into: &queue)
        case .server: try server.send(bytes.span.bytes, to: Self.address, into: &queue)
        }
        take(&queue, from: sender)
    }

    mutating func close(_ side: DTLSRole) {
        var queue = TransmitQueue(capacity: 4)
        switch side {
        case .client: client.close(to: Self.address, into: &queue)
        case .server: server.close(to: Self.address, into: &queue)
        }
        take(&queue, from: side)
    }

    private mutating func step() {
        var queue = TransmitQueue(capacity: 64)
        if let due = client.pollTimeout(), due <= now {
            client.handleTimeout(now: now, to: Self.address, into: &queue)
            take(&queue, from: .client)
        }
        if let due = server.pollTimeout(), due <= now {
            server.handleTimeout(now: now, to: Self.address, into: &queue)
            take(&queue, from: .server)
        }
        while let first = inFlight.first, first.due <= now {
            inFlight.removeFirst()
            deliver(first.datagram.bytes, to: first.datagram.sender == .client ? .server : .client)
        }
    }

    /// Puts the datagrams of `sender` on their way, and collects what it has to report.
    private mutating func take(_ queue: inout TransmitQueue, from sender: DTLSRole) {
        for index in 0..<queue.count {
            let bytes = queue.withBytes(at: index) { $0.withUnsafeBytes { Array($0) } }
            let datagram = Datagram(index: sent.count, sender: sender, bytes: bytes)
            sent.append(datagram)
            for arriving in path(datagram) {
                inFlight.append((now + .milliseconds(20), arriving))
            }
        }
        queue.removeAll()
        while let event = client.pollEvent() { clientEvents.append(event) }
        while let event = server.pollEvent() { serverEvents.append(event) }
        while client.pollApplicationData({ clientReceived.append($0.withUnsafeBytes { Array($0) }) }) {}
        while server.pollApplicationData({ serverReceived.append($0.withUnsafeBytes { Array($0) }) }) {}
    }
}
