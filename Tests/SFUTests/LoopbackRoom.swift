import IO
import NetworkSimulation
import Participant
import SFU
import WebRTC
import Wire

/// A Worker with its thread and its sockets on loopback, and the loop that its peers run on.
final class LoopbackRoom {
    struct Person {
        var id: TransportID
        var socket: ParticipantSocket
    }

    let worker: Worker
    let loop = ParticipantLoop()
    var random = SplitMix64(seed: 1)
    private let takesConnections: Bool
    private let certificate: DTLSCertificate

    /// - Parameter takesConnections: Whether peers come by TCP.
    init(takesConnections: Bool = false) throws {
        self.takesConnections = takesConnections
        var configuration = WorkerConfiguration.loopback
        configuration.takesConnections = takesConnections
        worker = try Worker(configuration)
        certificate = try DTLSCertificate()
        worker.start()
    }

    var port: UInt16 { worker.localAddress.port }
    var address: SocketAddress { SocketAddress(ipv4: 0x7f00_0001, port: port) }

    func finish() {
        let worker = worker
        // The Worker's thread ends by itself; nothing of the test waits for it.
        Task { await worker.stop() }
    }

    /// - Parameter address: Of the room.
    func join(_ router: RouterID, at address: SocketAddress) async throws -> Person {
        let parameters = try await worker.makeWebRTCTransport(on: router)
        let participant = try Participant(
            ParticipantConfiguration(
                certificate: certificate,
                remote: parameters.iceCredentials,
                remoteAddress: address,
                remoteFingerprints: [parameters.fingerprint],
                seed: random.next()
            )
        )
        participant.isRecording = true
        try await worker.connect(
            parameters.id,
            dtls: DTLSParameters(role: .client, fingerprints: [certificate.fingerprint]),
            ice: participant.ice.local
        )
        let socket =
            takesConnections
            ? try ParticipantSocket(participant, connectingTo: address) : try ParticipantSocket(participant)
        socket.act { participant, queue in participant.start(now: .now(), into: &queue) }
        loop.add(socket)
        return Person(id: parameters.id, socket: socket)
    }
}

extension WorkerConfiguration {
    static var loopback: Self {
        var configuration = Self()
        configuration.announcedAddresses = [SocketAddress(ipv4: 0x7f00_0001, port: 0)]
        return configuration
    }
}
