internal import Glibc
internal import SFU
internal import WebRTC
internal import Wire

/// The process under test: a Worker, and nothing else, that its parent sets up in words over standard input
/// and output.
///
///     bench-room HASH DIGEST        the fingerprint of every viewer's certificate, as in SDP
///
/// It says `ready PORT HASH DIGEST` and then answers each line with one line:
///
///     plain KIND SSRC               →  plain PRODUCER PORT
///     transport UFRAG PASSWORD      →  transport ID UFRAG PASSWORD
///     produce ID KIND SSRC RTX      →  producer ID
///     consume ID PRODUCER           →  consumer SSRC RTX
///     driver UFRAG PASSWORD         →  transport ID UFRAG PASSWORD     one with data channels: whoever reads them, reads
///                                      the one that is called direct at once, and in-turn in a turn of its own
///     input                         →  input, and of both COUNT P50 P99 P99.9 LONGEST since the last time, nanoseconds
///     close ID                      →  closed
///     statistics PRODUCER…          →  statistics SENT CALLS UNSENT WAKE-UPS RECEIVED KEY-FRAME-REQUESTS MESSAGES
///                                       REPEATED PROBES
///
/// It ends with its standard input.
@main
struct BenchRoom {
    private let worker: Worker
    private let router: RouterID
    private let remote: DTLSFingerprint
    private let desk: DeskEnd
    private var transports: [UInt32: TransportID] = [:]
    private var producers: [UInt32: ProducerID] = [:]
    private var consumers: [TransportID: [ConsumerID]] = [:]

    static func main() async throws {
        guard let remote = DTLSFingerprint(sdp: CommandLine.arguments.dropFirst().joined(separator: " "))
        else {
            fatalError("bench-room HASH DIGEST")
        }
        var configuration = WorkerConfiguration()
        configuration.announcedAddresses = [SocketAddress(ipv4: 0x7f00_0001, port: 0)]
        configuration.limits.transports = 4_096
        // Everybody is heard: the peers' numbers are of rooms that choose nobody.
        configuration.limits.forwardedMicrophones = 256
        let worker = try Worker(configuration)
        worker.start()
        let desk = try DeskEnd(on: worker.executor)
        // Kept until they are read, like a session does.
        Task {
            for await event in worker.events {
                guard case .dataProducerOpened(_, let channel, let parameters) = event else { continue }
                try await desk.read(channel, parameters.label, of: worker)
            }
        }
        var room = BenchRoom(
            worker: worker,
            router: await worker.makeRouter(),
            remote: remote,
            desk: desk
        )
        say("ready \(worker.localAddress.port) \(worker.fingerprint.sdp)")
        while let line = readLine() {
            do {
                say(try await room.answer(line.split(separator: " ").map(String.init)))
            } catch {
                say("error \(error)")
            }
        }
        await worker.stop()
    }

    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    private init(worker: Worker, router: RouterID, remote: DTLSFingerprint, desk: DeskEnd) {
        self.desk = desk
        self.worker = worker
        self.router = router
        self.remote = remote
    }

    private mutating func answer(_ words: [String]) async throws -> String {
        let numbers = words.compactMap { UInt32($0) }
        switch (words.first, numbers.count) {
        case ("plain", 1):
            return try await makePlain(words.contains("audio") ? .audio : .video, ssrc: numbers[0])
        case ("transport", _) where words.count == 3: return try await makeTransport(words[1], words[2])
        case ("driver", _) where words.count == 3:
            return try await makeTransport(words[1], words[2], sctp: SCTPParameters())
        case ("input", _): return "input " + (await desk.report()).map(String.init).joined(separator: " ")
        case ("produce", 3):
            guard let transport = transports[numbers[0]] else { throw SFUError.notFound }
            let isAudio = words.contains("audio")
            let id = try await worker.produce(
                on: transport,
                kind: isAudio ? .audio : .video,
                parameters: isAudio ? .microphone(numbers[1]) : .camera(numbers[1], rtx: numbers[2])
            )
            producers[id.rawValue] = id
            return "producer \(id.rawValue)"
        case ("consume", 2):
            guard let transport = transports[numbers[0]], let producer = producers[numbers[1]] else {
                throw SFUError.notFound
            }
            let options = ConsumerOptions(capabilities: .browser, playoutDelay: 0...0)
            let consumer = try await worker.consume(producer, on: transport, options: options)
            consumers[transport, default: []].append(consumer.id)
            let encoding = consumer.rtp.encodings[0]
            return "consumer \(encoding.ssrc ?? 0) \(encoding.rtxSSRC ?? 0)"
        case ("close", 1):
            guard let transport = transports.removeValue(forKey: numbers[0]) else { throw SFUError.notFound }
            consumers[transport] = nil
            try await worker.close(transport)
            return "closed"
        case ("statistics", _): return try await statistics(numbers)
        default: return "error unknown command"
        }
    }

    private mutating func makePlain(_ kind: MediaKind, ssrc: UInt32) async throws -> String {
        let plain = try await worker.makePlainTransport(on: router)
        let id = try await worker.produce(on: plain.id, kind: kind, parameters: .desk(kind, ssrc))
        producers[id.rawValue] = id
        return "plain \(id.rawValue) \(plain.localAddress.port)"
    }

    private mutating func makeTransport(
        _ fragment: String,
        _ password: String,
        sctp: SCTPParameters? = nil
    ) async throws -> String {
        let made = try await worker.makeWebRTCTransport(on: router)
        try await worker.connect(
            made.id,
            dtls: DTLSParameters(role: .client, fingerprints: [remote]),
            ice: ICECredentials(usernameFragment: fragment, password: password),
            sctp: sctp
        )
        transports[made.id.rawValue] = made.id
        return
            "transport \(made.id.rawValue) \(made.iceCredentials.usernameFragment) \(made.iceCredentials.password)"
    }

    private func statistics(_ ids: [UInt32]) async throws -> String {
        let worker = await worker.statistics()
        var requests: UInt64 = 0
        for id in ids {
            guard let producer = producers[id] else { throw SFUError.notFound }
            requests += try await self.worker.statistics(of: producer).keyFrameRequests
        }
        var (repeated, probes) = (UInt64(0), UInt64(0))
        for consumer in consumers.values.joined() {
            let statistics = try await self.worker.statistics(of: consumer)
            repeated += statistics.retransmitted
            probes += statistics.probes
        }
        let values = [
            worker.datagramsSent, worker.sendCalls, worker.datagramsUnsent, worker.wakeUps,
            worker.datagramsReceived, requests, worker.messagesSent, repeated, probes,
        ]
        return "statistics " + values.map(String.init).joined(separator: " ")
    }
}
