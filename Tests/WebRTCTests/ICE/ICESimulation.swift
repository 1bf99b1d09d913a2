import Participant
import WebRTC
import Wire

/// A controlling agent and a lite agent on a network with latency and loss, in virtual time.
final class ICESimulation {
    static let clientCredentials = ICECredentials(usernameFragment: "peer", password: "password of the peer")
    static let server = SocketAddress(ipv4: 0xc633_6401, port: 443)
    static let latency = Interval.milliseconds(20)

    private(set) var now = Instant(nanoseconds: 1_000)
    var client: ICEControllingAgent
    var agent = ICELiteAgent(local: ICECheck.local)
    /// Where the client's datagrams seem to come from; those for another address are lost, as behind a NAT.
    var clientAddress = SocketAddress.peer(1)
    /// The share of datagrams that are lost, 0 to 1.
    var loss: Double
    private(set) var clientEvents: [ICEState] = []
    private(set) var agentEvents: [ICELiteAgent.Event] = []
    /// When the client sent, one entry for each datagram.
    private(set) var sent: [Instant] = []

    private var clientQueue = TransmitQueue(capacity: 8)
    private var agentQueue = TransmitQueue(capacity: 8)
    private var flying: [Datagram] = []
    private var generator: SplitMix64

    private struct Datagram {
        var arrival: Instant
        var source: SocketAddress
        var destination: SocketAddress
        var bytes: [UInt8]
    }

    init(seed: UInt64 = 1, loss: Double = 0, remote: ICECredentials = ICECheck.local) {
        client = ICEControllingAgent(
            local: Self.clientCredentials,
            remote: remote,
            remoteAddress: Self.server,
            tieBreaker: seed,
            seed: seed
        )
        self.loss = loss
        generator = SplitMix64(seed: seed)
    }

    func start() {
        client.start(now: now, into: &clientQueue)
        flush()
    }

    func changePath(to address: SocketAddress) {
        clientAddress = address
        client.changePath(now: now, into: &clientQueue)
        flush()
    }

    func restartClient(local: ICECredentials, remote: ICECredentials) {
        client.restart(local: local, remote: remote, now: now, into: &clientQueue)
        flush()
    }

    /// The agent's owner has got something authentic that is no check from where the client is.
    func hearFromClient() {
        agent.checkAddress(clientAddress, receiving: 60, now: now, into: &agentQueue)
        flush()
    }

    func run(seconds: Int64) { run(for: .seconds(seconds)) }

    /// Lets time pass, from one timer or arrival to the next.
    func run(for interval: Interval) {
        let end = now + interval
        while true {
            let next = [flying.first?.arrival, client.pollTimeout(), agent.pollTimeout()].compactMap { $0 }
                .min()
            guard let next, next <= end else { break }
            now = max(now, next)
            if let datagram = flying.first, datagram.arrival <= now {
                flying.removeFirst()
                deliver(datagram)
            } else {
                client.handleTimeout(now: now, into: &clientQueue)
                agent.handleTimeout(now: now)
            }
            flush()
        }
        now = end
    }

    private func deliver(_ datagram: Datagram) {
        if datagram.destination == Self.server {
            agent.handle(datagram.bytes.span.bytes, from: datagram.source, now: now, into: &agentQueue)
            // Whoever is there shows it by something else, where the agent does not know the client.
            if agent.remote == nil { agent.handleProof(of: datagram.source, now: now) }
        } else if datagram.destination == clientAddress {
            client.handle(datagram.bytes.span.bytes, from: datagram.source, now: now, into: &clientQueue)
        }
    }

    private func flush() {
        sent += Array(repeating: now, count: clientQueue.count)
        launch(&clientQueue, from: clientAddress)
        launch(&agentQueue, from: Self.server)
        while case .stateChanged(let state)? = client.pollEvent() { clientEvents.append(state) }
        while let event = agent.pollEvent() { agentEvents.append(event) }
    }

    private func launch(_ queue: inout TransmitQueue, from source: SocketAddress) {
        for index in queue.datagrams.indices where Double.random(in: 0..<1, using: &generator) >= loss {
            flying.append(
                Datagram(
                    arrival: now + Self.latency,
                    source: source,
                    destination: queue.datagrams[index].destination,
                    bytes: queue.withBytes(at: index) { bytes in bytes.withUnsafeBytes { Array($0) } }
                )
            )
        }
        queue.removeAll()
    }
}
