package import Participant
package import SFU
package import WebRTC
package import Wire

/// A Worker's core, plain sources and participants on a network with faults, in virtual time.
///
/// It loses, delays, reorders and repeats datagrams. The same seed gives the same run.
package final class SimulatedNetwork {
    /// A participant, where it is, and the paths to and from it.
    package final class Peer {
        package let participant: Participant
        package let transport: TransportID
        package var address: SocketAddress
        package var up = Path()
        package var down = Path()
        /// Datagrams that it was sent, before loss.
        package var offered = 0
        package var events: [Participant.Event] = []

        package init(_ participant: Participant, transport: TransportID, address: SocketAddress) {
            self.participant = participant
            self.transport = transport
            self.address = address
        }
    }

    /// A process that sends plain RTP.
    package final class Source {
        package let transport: PlainTransport
        package var stream: PublishedStream
        package var address: SocketAddress
        /// RTCP packets from the room, whatever they say.
        package var feedback = 0
        /// When it reports next; `nil`: never.
        package var nextReport: Instant?

        package init(_ transport: PlainTransport, _ stream: PublishedStream, address: SocketAddress) {
            self.transport = transport
            self.stream = stream
            self.address = address
        }
    }

    private struct Datagram {
        enum Way {
            case toPeer(Peer)
            case toSource(Source)
            case toPort
            case toPlain(PlainTransport)
        }
        var due: Instant
        var order: Int
        var way: Way
        var source: SocketAddress
        var bytes: [UInt8]
    }

    package static let port = SocketAddress(ipv4: 0xc000_0201, port: 5_000)
    private static let certificate = try? DTLSCertificate()

    package let core: WorkerCore
    package let router: RouterID
    package private(set) var now = Instant(nanoseconds: 1_000_000_000_000)
    package private(set) var peers: [Peer] = []
    package private(set) var sources: [Source] = []
    package private(set) var events: [WorkerEvent] = []
    /// Datagrams that the Worker sent from its port.
    package private(set) var sent = 0
    package private(set) var wakeUps = 0
    package var random: SplitMix64
    /// Told of what the Worker sends to an address where nobody is.
    package var overhears: ((SocketAddress, RawSpan) -> Void)?

    /// Called when the Worker has received what there is, before it forwards.
    package var endsReceiving: (() -> Void)?
    /// Told of everything that is sent, before loss: where from, and the bytes.
    package var observes: ((SocketAddress, RawSpan) -> Void)?

    private var queue = TransmitQueue(capacity: 4_096)
    private var plainQueue = TransmitQueue(capacity: 256)
    private var flying: [Datagram] = []
    private var launched = 0
    private var nextHost: UInt32 = 0x0a00_0001

    package init(seed: UInt64 = 1, limits: WorkerConfiguration.Limits = WorkerConfiguration.Limits()) throws {
        guard let certificate = Self.certificate else { throw DTLSError.noFingerprint }
        random = SplitMix64(seed: seed)
        core = WorkerCore(
            limits: limits,
            certificate: certificate,
            wallClockOffset: 1_700_000_000_000_000_000,
            random: RandomSource(seed: seed)
        )
        router = core.makeRouter()
    }

    // MARK: Making

    /// A participant that signalling has told everything; it begins at once.
    ///
    /// - Parameters:
    ///   - connects: Whether the Worker is told too.
    ///   - seed: Of what the participant takes at random: its SSRC, too.
    package func join(
        connects: Bool = true,
        role: DTLSRole = .client,
        up: Path = Path(),
        down: Path = Path(),
        seed: UInt64? = nil
    ) throws -> Peer {
        let transport = try core.makeWebRTCTransport(on: router, now: now)
        guard let certificate = Self.certificate else { throw DTLSError.noFingerprint }
        var configuration = ParticipantConfiguration(
            certificate: certificate,
            remote: transport.ice.local,
            remoteAddress: Self.port,
            remoteFingerprints: [certificate.fingerprint],
            seed: seed ?? random.next()
        )
        configuration.role = role
        let participant = try Participant(configuration)
        participant.isRecording = true
        let peer = Peer(participant, transport: transport.id, address: newAddress())
        peer.up = up
        peer.down = down
        peers.append(peer)
        if connects { try connect(peer) }
        participant.start(now: now, into: &queue)
        launch(from: peer)
        return peer
    }

    /// - Parameter tellsICE: Whether the Worker is told the participant's ICE credentials.
    package func connect(_ peer: Peer, tellsICE: Bool = true) throws {
        guard let certificate = Self.certificate else { throw DTLSError.noFingerprint }
        let role = peer.participant.configuration.role
        try core.webRTCTransport(peer.transport).connect(
            DTLSParameters(role: role, fingerprints: [certificate.fingerprint]),
            ice: tellsICE ? peer.participant.ice.local : nil,
            sctp: SCTPParameters(),
            now: now,
            into: &queue
        )
        finishCall()
    }

    /// A process that sends `stream` to a plain transport of its own, and the producer of it.
    package func addSource(
        _ parameters: PublishedStream.Parameters
    ) throws -> (source: Source, producer: ProducerID) {
        let transport = try core.makePlainTransport(on: router)
        let source = Source(transport, PublishedStream(parameters, random: &random), address: newAddress())
        source.stream.start(now: now)
        sources.append(source)
        let producer = try core.produce(
            on: transport.id,
            kind: parameters.codec.isVideo ? .video : .audio,
            parameters: .plain(parameters),
            streamID: "desk"
        )
        return (source, producer)
    }

    /// A process that sends one picture in several encodings to one plain transport, from a port each, and the
    /// producer of them.
    ///
    /// It makes the last; the others wait to be made active.
    package func addSource(
        encodings: [(parameters: PublishedStream.Parameters, maximumBitrate: Int)]
    ) throws -> (sources: [Source], producer: ProducerID) {
        let transport = try core.makePlainTransport(on: router)
        var sources: [Source] = []
        for (index, encoding) in encodings.enumerated() {
            let stream = PublishedStream(encoding.parameters, random: &random)
            let source = Source(transport, stream, address: newAddress())
            source.stream.isActive = index == encodings.count - 1
            if source.stream.isActive { source.nextReport = now + .seconds(1) }
            source.stream.start(now: now)
            sources.append(source)
        }
        self.sources += sources
        var parameters = RTPParameters.plain(encodings[0].parameters)
        parameters.encodings = encodings.map {
            RTPEncodingParameters(ssrc: $0.parameters.ssrc, maximumBitrate: $0.maximumBitrate)
        }
        let producer = try core.produce(
            on: transport.id,
            kind: .video,
            parameters: parameters,
            streamID: "desk"
        )
        return (sources, producer)
    }

    /// Has `peer` receive `producer`; the participant is told what to expect.
    @discardableResult
    package func view(
        _ producer: ProducerID,
        by peer: Peer,
        options: ConsumerOptions = ConsumerOptions(capabilities: .browser)
    ) throws -> ConsumerParameters {
        let consumer = try core.consume(producer, on: peer.transport, options: options, now: now)
        peer.participant.receive(ReceivedStream.Parameters(consumer))
        finishCall()
        return consumer
    }

    package func newAddress() -> SocketAddress {
        nextHost += 1
        return SocketAddress(ipv4: nextHost, port: 40_000)
    }

    /// A process that takes the place of `source`'s: the same SSRC, other numbers, another port.
    package func restart(_ source: Source, sequence: UInt16, timestamp: UInt32) {
        source.address = newAddress()
        source.stream.restart(sequence: sequence, timestamp: timestamp)
        source.stream.start(now: now)
    }

    // MARK: Time

    package func run(for interval: Interval) {
        let end = now + interval
        while step(until: end) {}
        now = end
    }

    /// Runs until `condition` holds; `false` if it does not within `limit`.
    package func run(limit: Interval = .seconds(10), until condition: () -> Bool) -> Bool {
        let end = now + limit
        while !condition() {
            guard step(until: end) else { return false }
        }
        return true
    }

    /// Runs until every participant has keys.
    package func connectAll() -> Bool {
        run { peers.allSatisfy { $0.participant.isConnected } && self.allDTLSConnected }
    }

    private var allDTLSConnected: Bool {
        core.transports.allSatisfy {
            !($0 is WebRTCTransport) || $0.currentStatistics().dtlsState == .connected
        }
    }

    /// What happens next: everything that is due at one instant, and one wake-up of the Worker for it.
    private func step(until end: Instant) -> Bool {
        var next = Instant(nanoseconds: .max)
        func consider(_ due: Instant?) { if let due { next = min(next, due) } }
        consider(flying.last?.due)
        consider(core.pollTimeout())
        for peer in peers { consider(peer.participant.pollTimeout()) }
        for source in sources {
            consider(source.stream.pollTimeout())
            consider(source.nextReport)
        }
        guard next <= end else { return false }
        now = max(now, next)

        var isForWorker = core.pollTimeout().map { now >= $0 } ?? false
        while let datagram = flying.last, datagram.due <= now {
            flying.removeLast()
            if deliver(datagram) { isForWorker = true }
        }
        for peer in peers where peer.participant.pollTimeout().map({ now >= $0 }) ?? false {
            peer.participant.handleTimeout(now: now, into: &queue)
            launch(from: peer)
        }
        for source in sources where source.stream.pollTimeout().map({ now >= $0 }) ?? false {
            source.stream.writeFrame(now: now) { _, packet in
                fly(
                    packet,
                    .toPlain(source.transport),
                    from: source.address,
                    path: Path(delay: .microseconds(50))
                )
            }
        }
        for source in sources where source.nextReport.map({ now >= $0 }) ?? false {
            source.nextReport = now + .seconds(1)
            sendReport(of: source)
        }
        if isForWorker {
            endsReceiving?()
            core.handleTimeout(now: now, into: &queue)
            finishWakeUp()
        }
        return true
    }

    private func sendReport(of source: Source) {
        let wallClock = NTPTime(unixNanoseconds: 1_700_000_000_000_000_000 + now.nanoseconds)
        plainQueue.append(to: Self.port) {
            source.stream.writeReport(wallClock: wallClock, now: now, into: &$0)
        }
        for index in plainQueue.datagrams.indices {
            plainQueue.withBytes(at: index) {
                guard $0.byteCount > 0 else { return }
                let path = Path(delay: .microseconds(50))
                fly($0, .toPlain(source.transport), from: source.address, path: path)
            }
        }
        plainQueue.removeAll()
    }

    /// Whether the Worker got it.
    private func deliver(_ datagram: Datagram) -> Bool {
        var bytes = datagram.bytes
        switch datagram.way {
        case .toPort:
            var span = bytes.mutableSpan
            var raw = span.mutableBytes
            core.handle(&raw, from: datagram.source, now: now, into: &queue)
            launchFromPort()
            return true
        case .toPlain(let transport):
            core.handlePlain(bytes.span.bytes, at: transport, from: datagram.source, now: now)
            return true
        case .toPeer(let peer):
            var span = bytes.mutableSpan
            var raw = span.mutableBytes
            peer.participant.handle(&raw, from: datagram.source, now: now, into: &queue)
            launch(from: peer)
        case .toSource(let source):
            source.feedback += 1
            source.stream.handlePlainFeedback(bytes.span.bytes, now: now)
        }
        return false
    }

    // MARK: The Worker's part

    /// What the Worker does after a call, and its loop right after that.
    package func finishCall() {
        finishWakeUp()
        core.handleTimeout(now: now, into: &queue)
        finishWakeUp()
    }

    private func finishWakeUp() {
        wakeUps += 1
        while core.forward(now: now, into: &queue) { launchFromPort() }
        launchFromPort()
        for source in sources {
            source.transport.sendFeedback(now: now, into: &plainQueue)
            for index in plainQueue.datagrams.indices {
                let destination = plainQueue.datagrams[index].destination
                guard let source = sources.first(where: { $0.address == destination }) else { continue }
                plainQueue.withBytes(at: index) { bytes in
                    fly(bytes, .toSource(source), from: Self.port, path: Path(delay: .microseconds(50)))
                }
            }
            plainQueue.removeAll()
        }
        events += core.events
        core.events.removeAll(keepingCapacity: true)
    }

    /// Gives `body` the Worker's queue, for a call that sends; then the Worker finishes.
    package func call<Result>(_ body: (inout TransmitQueue) throws -> Result) rethrows -> Result {
        let result = try body(&queue)
        finishCall()
        return result
    }

    /// Gives `body` a participant's queue.
    package func act<Result>(
        _ peer: Peer,
        _ body: (Participant, inout TransmitQueue) throws -> Result
    ) rethrows -> Result {
        let result = try body(peer.participant, &queue)
        launch(from: peer)
        return result
    }

    /// Sends bytes to the Worker's port as they are.
    package func inject(_ bytes: [UInt8], from source: SocketAddress) {
        fly(bytes.span.bytes, .toPort, from: source, path: Path())
    }

    // MARK: Flight

    private func launchFromPort() {
        sent += queue.count
        for index in queue.datagrams.indices {
            let destination = queue.datagrams[index].destination
            guard let peer = peers.first(where: { $0.address == destination }) else {
                if let overhears { queue.withBytes(at: index) { overhears(destination, $0) } }
                continue
            }
            peer.offered += 1
            queue.withBytes(at: index) { fly($0, .toPeer(peer), from: Self.port, path: peer.down) }
        }
        queue.removeAll()
    }

    private func launch(from peer: Peer) {
        for index in queue.datagrams.indices {
            queue.withBytes(at: index) { fly($0, .toPort, from: peer.address, path: peer.up) }
        }
        queue.removeAll()
        while let event = peer.participant.pollEvent() { peer.events.append(event) }
    }

    private func fly(_ bytes: RawSpan, _ way: Datagram.Way, from source: SocketAddress, path: Path) {
        observes?(source, bytes)
        if path.drops?(bytes) == true || path.bursts?.loses(using: &random) == true { return }
        let copies = Double.random(in: 0..<1, using: &random) < path.duplication ? 2 : 1
        for _ in 0..<copies where Double.random(in: 0..<1, using: &random) >= path.loss {
            var jitter =
                path.jitter.nanoseconds > 0
                ? Int64.random(in: 0...path.jitter.nanoseconds, using: &random) : 0
            if path.reordering > 0, Double.random(in: 0..<1, using: &random) < path.reordering {
                jitter += path.detour.nanoseconds
            }
            let departure: Instant
            if let link = path.link {
                guard let through = link.handle(bytes.byteCount, now: now) else { continue }
                departure = through
            } else {
                departure = now
            }
            launched += 1
            let datagram = Datagram(
                due: departure + path.delay + Interval(nanoseconds: jitter),
                order: launched,
                way: way,
                source: source,
                bytes: bytes.withUnsafeBytes { [UInt8]($0) }
            )
            // Latest first: what is due next is at the end.
            var low = 0
            var high = flying.count
            while low < high {
                let middle = (low + high) / 2
                if (flying[middle].due, flying[middle].order) > (datagram.due, datagram.order) {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            flying.insert(datagram, at: low)
        }
    }
}
