internal import Participant
internal import WebRTC
internal import Wire

/// A process that forwards the desk's RTP to viewers: the room, a peer, or the floor.
protocol Forwarder: AnyObject {
    var name: String { get }
    var process: ProcessUnderTest { get }
    /// Where the desk's picture and sound go.
    var videoAddress: SocketAddress { get }
    var audioAddress: SocketAddress { get }
    /// Joins one more viewer.
    func addViewer(to loop: Loop, _ context: Context) throws
    func stop()
}

/// What every viewer shares.
final class Context {
    let certificate: DTLSCertificate
    let latencies = LatencyHistogram()
    var random = SplitMix64(seed: 1)
    /// Whether viewers let the kernel glue packets together (`UDP_GRO`).
    var gluesPackets = true
    /// Where the room is reached; the feed and the peers are always at IPv4's loopback.
    var room = SocketAddress(ipv4: loopback, port: 0)
    /// Every so manyth packet is decrypted.
    var decryptionInterval = 50

    init() throws {
        certificate = try DTLSCertificate()
    }

    func makeParticipant(
        _ credentials: ICECredentials,
        _ address: SocketAddress,
        _ fingerprint: DTLSFingerprint,
        local: ICECredentials = .random(),
        isICELite: Bool = false
    ) throws -> Participant {
        var configuration = ParticipantConfiguration(
            certificate: certificate,
            local: local,
            remote: credentials,
            remoteAddress: address,
            remoteFingerprints: [fingerprint],
            seed: random.next()
        )
        configuration.hasDataChannels = false
        configuration.isICELite = isICELite
        configuration.decryptionInterval = decryptionInterval
        let participant = try Participant(configuration)
        participant.latencies = latencies
        return participant
    }

    static let loopback: UInt32 = 0x7f00_0001
}
