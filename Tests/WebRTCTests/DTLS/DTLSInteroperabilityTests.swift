import Testing
import WebRTC
import Wire

/// Our session against OpenSSL used in the plainest way.
@Suite struct DTLSInteroperabilityTests {
    private let certificate: DTLSCertificate
    private let now = Instant(nanoseconds: 5_000_000_000)

    init() throws {
        certificate = try DTLSCertificate()
    }

    @Test(arguments: [DTLSRole.client, .server])
    func `AES-GCM is preferred, and the keys are those that OpenSSL exports`(_ role: DTLSRole) throws {
        let peer = try #require(
            OpenSSLPeer(role: role.opposite, profiles: "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_128_GCM")
        )
        var session = try session(role, with: peer)
        let event = shakeHands(&session, peer)
        guard case .connected(let keys) = event else { throw Unexpected(event: event) }
        // A client takes what the server chooses; OpenSSL as a server goes by its own order.
        #expect(keys.profile == (role == .server ? .aeadAES128GCM : .aesCM128HMACSHA1_80))
        expect(keys, role, match: peer)
    }

    @Test func `AES-CM is there for those who have nothing else`() throws {
        let peer = try #require(OpenSSLPeer(role: .client, profiles: "SRTP_AES128_CM_SHA1_80"))
        var session = try session(.server, with: peer)
        let event = shakeHands(&session, peer)
        guard case .connected(let keys) = event else { throw Unexpected(event: event) }
        #expect(keys.profile == .aesCM128HMACSHA1_80)
        #expect(keys.localSalt.count == 14)
        expect(keys, .server, match: peer)
    }

    @Test func `A peer without SRTP is refused with an alert`() throws {
        for role in [DTLSRole.client, .server] {
            let peer = try #require(OpenSSLPeer(role: role.opposite, profiles: nil))
            var session = try session(role, with: peer)
            #expect(shakeHands(&session, peer) == .failed(.noSRTPProfile))
            #expect(!peer.isConnected)
        }
    }

    @Test func `A client without a certificate gets nowhere`() throws {
        let peer = try #require(OpenSSLPeer(role: .client, profiles: "SRTP_AEAD_AES_128_GCM", isRSA: nil))
        var session = try DTLSSession(
            certificate: certificate,
            role: .server,
            remoteFingerprints: [certificate.fingerprint]
        )
        let event = shakeHands(&session, peer)
        #expect(event == nil)
        #expect(!peer.isConnected)
        #expect(wait(for: &session) == .failed(.timedOut))
    }

    @Test(arguments: [DTLSRole.client, .server])
    func `A peer with an RSA certificate is reached`(_ role: DTLSRole) throws {
        let peer = try #require(
            OpenSSLPeer(role: role.opposite, profiles: "SRTP_AEAD_AES_128_GCM", isRSA: true)
        )
        var session = try session(role, with: peer)
        let event = shakeHands(&session, peer)
        guard case .connected = event else { throw Unexpected(event: event) }
    }

    @Test(arguments: [
        "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
    ])
    func `Every suite that browsers prefer works`(_ suite: String) throws {
        let peer = try #require(
            OpenSSLPeer(role: .client, profiles: "SRTP_AEAD_AES_128_GCM", ciphers: suite)
        )
        var session = try session(.server, with: peer)
        let event = shakeHands(&session, peer)
        guard case .connected = event else { throw Unexpected(event: event) }
        var queue = TransmitQueue(capacity: 4)
        let data = [UInt8](repeating: 7, count: session.maximumApplicationData)
        try session.send(data.span.bytes, to: DTLSPair.address, into: &queue)
        #expect(queue.datagrams[0].length <= 1_200)
        #expect(peer.read(queue.withBytes(at: 0) { $0.withUnsafeBytes { Array($0) } }) == data)
        for datagram in HostileRecord.shortRecords + peer.write(data) {
            session.handle(datagram.span.bytes, from: DTLSPair.address, now: now, into: &queue)
        }
        #expect(session.discardedDatagrams == HostileRecord.shortRecords.count)
        var received: [UInt8] = []
        while session.pollApplicationData({ received += $0.withUnsafeBytes { Array($0) } }) {}
        #expect(received == data)
    }

    @Test func `A suite without authenticated encryption is refused`() throws {
        let peer = try #require(
            OpenSSLPeer(role: .client, profiles: "SRTP_AEAD_AES_128_GCM", ciphers: "ECDHE-ECDSA-AES128-SHA")
        )
        var session = try session(.server, with: peer)
        // An alert would end the handshake of somebody in whose name the hello was forged.
        let event = shakeHands(&session, peer)
        #expect(event == nil)
        #expect(!peer.isConnected)
        let end = wait(for: &session)
        guard case .failed(.protocolViolation) = end else { throw Unexpected(event: end) }
    }

    @Test func `A second handshake is refused, and the connection goes on`() throws {
        let peer = try #require(OpenSSLPeer(role: .client, profiles: "SRTP_AEAD_AES_128_GCM"))
        var session = try session(.server, with: peer)
        let event = shakeHands(&session, peer)
        guard case .connected = event else { throw Unexpected(event: event) }
        var queue = TransmitQueue(capacity: 16)
        for datagram in peer.renegotiate() {
            session.handle(datagram.span.bytes, from: DTLSPair.address, now: now, into: &queue)
        }
        #expect(session.state == .connected)
        #expect(queue.datagrams.count <= 1)  // the alert no_renegotiation
        let after = session.pollEvent()
        #expect(after == nil)
    }

    private struct Unexpected: Error {
        var event: DTLSSession.Event?
    }

    /// What becomes of the session when nobody sends anything.
    private func wait(for session: inout DTLSSession) -> DTLSSession.Event? {
        var queue = TransmitQueue(capacity: 16)
        while let due = session.pollTimeout() {
            session.handleTimeout(now: due, to: DTLSPair.address, into: &queue)
            queue.removeAll()
        }
        return session.pollEvent()
    }

    private func session(_ role: DTLSRole, with peer: OpenSSLPeer) throws -> DTLSSession {
        let fingerprint = try #require(peer.fingerprint)
        return try DTLSSession(
            certificate: certificate,
            role: role,
            // The one that fits need not be the first.
            remoteFingerprints: [certificate.fingerprint, fingerprint]
        )
    }

    /// Exchanges datagrams until nobody has anything to say; returns the session's first event.
    private func shakeHands(_ session: inout DTLSSession, _ peer: OpenSSLPeer) -> DTLSSession.Event? {
        var queue = TransmitQueue(capacity: 64)
        var toPeer: [[UInt8]] = []
        session.start(now: now, to: DTLSPair.address, into: &queue)
        var toSession = peer.advance(nil)
        repeat {
            for datagram in toSession {
                session.handle(datagram.span.bytes, from: DTLSPair.address, now: now, into: &queue)
            }
            for index in 0..<queue.count {
                toPeer.append(queue.withBytes(at: index) { $0.withUnsafeBytes { Array($0) } })
            }
            queue.removeAll()
            toSession = toPeer.flatMap { peer.advance($0) }
            toPeer = []
        } while !toSession.isEmpty
        return session.pollEvent()
    }

    private func expect(_ keys: SRTPKeyingMaterial, _ role: DTLSRole, match peer: OpenSSLPeer) {
        let (client, server) =
            role == .client
            ? ((keys.localKey, keys.localSalt), (keys.remoteKey, keys.remoteSalt))
            : ((keys.remoteKey, keys.remoteSalt), (keys.localKey, keys.localSalt))
        let block = client.0 + server.0 + client.1 + server.1
        #expect(block == peer.exportedKeys(block.count))
    }
}

extension DTLSRole {
    fileprivate var opposite: Self { self == .client ? .server : .client }
}
