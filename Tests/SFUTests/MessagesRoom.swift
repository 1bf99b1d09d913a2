import Dispatch
import Glibc
import IO
import NetworkSimulation
import Participant
import SFU
import WebRTC
import Wire

/// A Worker on loopback with a desk, somebody who sends messages and speaks, and viewers of both.
///
/// The media thread can be held, so that what is sent meanwhile meets it all at once, whatever the machine does.
final class MessagesRoom {
    let worker: Worker
    private(set) var viewers: [ParticipantSocket] = []
    /// What each viewer hears the person's microphone under.
    private(set) var microphones: [UInt32] = []
    /// The person's, for messages.
    private(set) var channel = DataProducerID(0)
    private let loop = ParticipantLoop()
    private let desk: PlainPublisher
    private let router: RouterID
    private let certificate: DTLSCertificate
    private var person: ParticipantSocket?
    private var stream: UInt16 = 0
    private var messages: AsyncStream<WorkerEvent>.Iterator
    private var pictures: [UInt32] = []
    private var random = SplitMix64(seed: 1)

    init(viewers count: Int) async throws {
        var configuration = WorkerConfiguration()
        configuration.announcedAddresses = [SocketAddress(ipv4: 0x7f00_0001, port: 0)]
        worker = try Worker(configuration)
        certificate = try DTLSCertificate()
        worker.start()
        messages = worker.events.makeAsyncIterator()
        router = await worker.makeRouter()
        let plain = try await worker.makePlainTransport(on: router)
        var parameters = PublishedStream.Parameters.desk()
        parameters.packetsPerKeyFrame = Self.packetsPerKeyFrame
        let picture = try await worker.produce(on: plain.id, kind: .video, parameters: .plain(parameters))
        desk = try PlainPublisher(PublishedStream(parameters, random: &random), to: plain.localAddress)
        desk.stream.start(now: .now())
        loop.add(desk)

        let (transport, person) = try await join()
        self.person = person
        guard loop.run(limit: .seconds(10), until: { person.participant.channelsState == .connected }) else {
            throw SFUError.invalidState("the person does not connect")
        }
        let voice = PublishedStream.Parameters.camera(.opus)
        let sound = try await worker.produce(on: transport, kind: .audio, parameters: .published(voice))
        person.participant.publish(voice, now: .now())
        try await openChannel()
        for _ in 0..<count {
            let (transport, viewer) = try await join()
            viewer.participant.sendsTransportFeedback = false
            pictures.append(try await view(picture, on: transport, viewer))
            microphones.append(try await view(sound, on: transport, viewer))
            viewers.append(viewer)
        }
        guard run(until: { self.keyFrames.allSatisfy { $0 > 0 } }) else {
            throw SFUError.invalidState("not everybody sees the desk")
        }
    }

    func finish() {
        let worker = worker
        // The Worker's thread ends by itself; nothing of the test waits for it.
        Task { await worker.stop() }
    }

    // MARK: What people do

    func sendMessage(_ byte: UInt8) throws {
        try person?.act { participant, queue throws(DataChannelError) in
            try participant.send([byte], on: stream, now: .now(), into: &queue)
        }
    }

    func sendKeyFrame() {
        desk.stream.requestKeyFrame(now: .now())
        desk.handleTimeout(now: .now())
    }

    /// Everybody does what is due, for a while.
    func settle() { loop.run(limit: .milliseconds(100)) }

    func run(until condition: () -> Bool) -> Bool { loop.run(limit: .seconds(10), until: condition) }

    /// Of each viewer.
    var keyFrames: [Int] {
        zip(viewers, pictures).map { $0.participant.stream($1)?.statistics.keyFrames ?? 0 }
    }

    // MARK: The media thread

    func makeReader() -> Reader { Reader(on: worker.executor, viewers.map(\.descriptor)) }

    /// Holds the media thread during `body`, before which nothing is left for it to do, and then does `rest` beside it.
    func whileThreadIsHeld(
        by reader: Reader,
        _ body: () throws -> Void,
        andThen rest: () throws -> Void = {}
    ) async throws {
        // What was there before has been handled when the second call is.
        await reader.doNothing()
        let released = DispatchSemaphore(value: 0)
        let (held, emit) = AsyncStream<Void>.makeStream()
        let hold = Task { await reader.hold(emit, until: released) }
        for await _ in held {}
        for viewer in viewers { viewer.receive(now: .now()) }
        do {
            defer { released.signal() }
            try body()
        }
        try rest()
        await hold.value
    }

    /// Blocks the thread it is called on, too: nothing else of the test may run.
    func wait(for semaphore: DispatchSemaphore) throws {
        guard semaphore.wait(timeout: .now() + 120) == .success else {
            throw SFUError.invalidState("the media thread does not do what is waited for")
        }
    }

    /// Reads messages on the media thread, and looks who of the viewers has been sent a key frame by then.
    actor Reader {
        nonisolated let executor: EventLoop
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

        private(set) var bytes: [[UInt8]] = []
        /// With each message: viewers whose sockets have not got a picture.
        private(set) var unserved: [Int] = []
        private let sockets: [CInt]

        init(on executor: EventLoop, _ sockets: [CInt]) {
            self.executor = executor
            self.sockets = sockets
        }

        func handle(_ message: DataMessage) {
            bytes.append(message.bytes)
            unserved.append(sockets.count { Self.memory(of: $0) < MessagesRoom.packetsPerKeyFrame * 1_000 })
        }

        func readFirst(of messages: AsyncStream<DataMessage>) async {
            for await message in messages { return handle(message) }
        }

        func doNothing() {}

        func hold(_ held: AsyncStream<Void>.Continuation, until released: DispatchSemaphore) {
            held.finish()
            _ = released.wait(timeout: .now() + 120)
        }

        /// Bytes of what waits at a socket to be read, with the kernel's share.
        private static func memory(of socket: CInt) -> Int {
            var values: [UInt32] = Array(repeating: 0, count: 9)
            var length = socklen_t(values.count * MemoryLayout<UInt32>.size)
            // `SO_MEMINFO`, and in it `SK_MEMINFO_RMEM_ALLOC`.
            guard getsockopt(socket, SOL_SOCKET, 55, &values, &length) == 0 else { return 0 }
            return Int(values[0])
        }
    }

    // MARK: Joining

    private func join() async throws -> (TransportID, ParticipantSocket) {
        let parameters = try await worker.makeWebRTCTransport(on: router)
        let participant = try Participant(
            ParticipantConfiguration(
                certificate: certificate,
                remote: parameters.iceCredentials,
                remoteAddress: SocketAddress(ipv4: 0x7f00_0001, port: worker.localAddress.port),
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
        let socket = try ParticipantSocket(participant)
        socket.act { participant, queue in participant.start(now: .now(), into: &queue) }
        loop.add(socket)
        return (parameters.id, socket)
    }

    private func view(
        _ producer: ProducerID,
        on transport: TransportID,
        _ viewer: ParticipantSocket
    ) async throws -> UInt32 {
        let options = ConsumerOptions(capabilities: .browser)
        let consumer = try await worker.consume(producer, on: transport, options: options)
        viewer.participant.receive(ReceivedStream.Parameters(consumer))
        return consumer.ssrc
    }

    private func openChannel() async throws {
        stream =
            try person?.act { participant, queue throws(DataChannelError) in
                try participant.openChannel(
                    DataChannelParameters(label: "control"),
                    now: .now(),
                    into: &queue
                )
            } ?? 0
        settle()
        while let event = await messages.next() {
            guard case .dataProducerOpened(_, let id, _) = event else { continue }
            channel = id
            return
        }
    }

    private static let packetsPerKeyFrame = 40
}
