package import WebRTC
package import Wire

/// Everything behind the Worker's sockets, without the sockets: the tables of objects, and the way of a
/// datagram through them.
///
/// The Worker calls ``handle(_:from:now:into:)`` for each datagram, then ``forward(now:into:)`` until it
/// returns `false`, and ``handleTimeout(now:into:)`` once a wake-up; then it takes ``events``. No clock and
/// no socket, so tests run it on virtual time.
package final class WorkerCore {
    let certificate: DTLSCertificate
    let shared: SharedState

    var routers = RouterTable()
    var table: TransportTable
    var producers: [ProducerID: Producer] = [:]
    var consumers = ConsumerTable()
    var producerObservers = ProducerObservers()
    var data = DataTable()
    package var events: [WorkerEvent] = []
    /// Whether messages have come since ``takeMessages(where:)``.
    package internal(set) var hasMessages = false
    package internal(set) var statistics = WorkerStatistics()
    /// What transports, producers and consumers had done that are gone.
    var departed = MediaTotals()
    var random: RandomSource

    var addresses = AddressTable()
    private var nextEgress = 0
    /// Whether some have had their turn and others not yet.
    private var isForwarding = false
    var hasReceived = false
    /// When it was first asked whether what was received should be kept back; `nil`: nothing is.
    private var keptSince: Instant?
    /// How long the port may wait to be looked at.
    package var coalescing = InterruptCoalescing()
    var rebinding = RebindingCandidates()
    /// How STUN servers see the port.
    var discoveries: [AddressDiscovery] = []
    var watched = WatchedLayers()
    private var silence = SilenceWatch()

    /// - Parameters:
    ///   - wallClockOffset: Nanoseconds from the monotonic clock to Unix time.
    ///   - random: Of everything that is taken at random here and below: the same seed gives the same bytes, but for
    ///     those that OpenSSL makes.
    package init(
        limits: WorkerConfiguration.Limits,
        certificate: DTLSCertificate,
        wallClockOffset: Int64,
        random: RandomSource
    ) {
        self.certificate = certificate
        shared = SharedState(limits: limits, wallClockOffset: wallClockOffset)
        table = TransportTable(deadlines: shared.deadlines)
        self.random = random
    }

    var limits: WorkerConfiguration.Limits { shared.limits }

    /// In order of making.
    package var transports: [Transport] { table.all }

    // MARK: Datagrams

    /// Takes a datagram that arrived at the open port.
    package func handle(
        _ datagram: inout MutableRawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        statistics.datagramsReceived += 1
        statistics.bytesReceived += UInt64(datagram.byteCount)
        guard let kind = PacketKind(of: datagram.bytes) else {
            statistics.datagramsUnclaimed += 1
            return
        }
        guard let transport = transport(kind, datagram.bytes, source) else {
            if kind == .stun, handleDiscovery(datagram.bytes, from: source, now: now) { return }
            if !handleShared(datagram.bytes, kind: kind, from: source, now: now, into: &queue),
                !handleRebound(datagram.bytes, kind: kind, from: source, now: now, into: &queue)
            {
                statistics.datagramsUnclaimed += 1
            }
            return
        }
        if kind == .rtp || kind == .dtls && transport.isShakingHands { coalescing.handleMedia() }
        transport.handle(&datagram, kind: kind, from: source, now: now, into: &queue)
        if kind == .rtp { hasReceived = true } else { collect() }
        if kind == .stun { addresses.claim(source, for: transport) }
    }

    /// Takes a datagram that arrived at a plain or pipe transport's port.
    package func handlePlain(
        _ datagram: RawSpan,
        at transport: TupleTransport,
        on port: TransportPort = .rtp,
        from source: SocketAddress,
        now: Instant
    ) {
        transport.handle(datagram, from: source, at: port, now: now)
        hasReceived = true
    }

    /// An address stands for the transport whose peer has proved to be there; a check names its transport, wherever it
    /// comes from, and the answer to one of ours is known by its number.
    ///
    /// `nil` for an address that several have proved, or one alone has claimed.
    private func transport(
        _ kind: PacketKind,
        _ datagram: RawSpan,
        _ source: SocketAddress
    ) -> WebRTCTransport? {
        if kind == .stun, let name = STUNMessage.localUsernameFragment(of: datagram) {
            return addresses.transport(named: name)
        }
        if kind == .stun, let id = STUNMessage.answeredTransaction(of: datagram) {
            return addresses.transports.first { $0.ice.isAnswered(by: id, from: source) }
                ?? addresses.owner(of: source)
        }
        return addresses.owner(of: source)
    }

    /// Takes over what happened on transports.
    package func collect() {
        let news = shared.news
        guard !news.isEmpty else { return }
        for (address, transport) in news.provenSources { addresses.learn(address, of: transport) }
        if news.hasGrants { watched.handleChange() }
        var piped: [(DataProducerID, DataMessage)] = []
        for event in news.events {
            switch event {
            case .dataProducerOpened(let transport, let id, let parameters):
                data.add(id, parameters, on: table[transport])
            case .dataProducerClosed(_, let id):
                data.remove(id)
            case .dataConsumerClosed(_, let id):
                data.remove(id)
            case .dataMessage(_, let id, let message):
                coalescing.handleMessage()
                hasMessages = true
                if data.isRouted(id) { piped.append((id, message)) }
            case .layersChanged: watched.handleChange()
            default: break
            }
        }
        events += news.events
        news.removeAll()
        for (id, message) in piped { data.forward(message, of: id) }
    }

    package func restartICE(_ transport: WebRTCTransport) -> ICECredentials {
        let credentials = transport.restartICE()
        addresses.rename(transport)
        return credentials
    }

    // MARK: Forwarding and time

    /// Everything that was at the open port was handled.
    package func endReceiving(now: Instant) {
        coalescing.endReceiving(isCrowd: table.viewers >= Self.crowd, now: now)
    }

    /// Sends to every consumer what was received since the last time; `true`: flush the queue and call again.
    ///
    /// Consumers are served transport by transport, so that what goes to one peer lies together in the queue.
    package func forward(now: Instant, into queue: inout TransmitQueue) -> Bool {
        guard hasReceived else {
            settleLayers(now: now)
            return false
        }
        if !isForwarding { beginForwarding(now: now) }
        // With so many what is needed for each does not stay in the processor's cache.
        let isPrefetching = table.count >= Self.manyTransports
        while nextEgress < table.egresses.count {
            if isPrefetching { Egress.prefetch(from: nextEgress, of: table.egresses) }
            guard table.egresses[nextEgress].forward(now: now, into: &queue) else { return true }
            nextEgress += 1
        }
        collect()
        nextEgress = 0
        hasReceived = false
        isForwarding = false
        keptSince = nil
        for transport in table.publishers {
            for producer in transport.producers { endWakeUp(of: producer, now: now) }
        }
        settleLayers(now: now)
        return false
    }

    private func beginForwarding(now: Instant) {
        isForwarding = true
        routers.observe(table.publishers, now: now)
        for transport in table.publishers {
            for producer in transport.producers { producer.beginForwarding() }
        }
    }

    @inline(__always)
    private func settleLayers(now: Instant) {
        for event in watched.settle(table.publishers, now: now) {
            events.append(event)
            producerObservers.tell(event)
        }
    }

    private func endWakeUp(of producer: Producer, now: Instant) {
        if producer.kind == .video, producer.hasReceived { silence.handleReceived(now: now) }
        producer.endWakeUp()
    }

    /// Until when what was received should be kept back because the rest of a picture is about to come, or
    /// `nil`.
    ///
    /// Packets of one picture that are sent together are one message to each viewer. Half of a picture is of
    /// no use to anybody, so waiting for the other half costs no latency.
    package func burstEnd(now: Instant) -> Instant? {
        guard hasReceived else { return nil }
        // Another picture that begins meanwhile makes nobody wait for longer.
        let since = keptSince ?? now
        keptSince = since
        guard now - since < PictureBurst.longest else { return nil }
        var end: Instant?
        for transport in table.publishers {
            guard let began = transport.pictureBegan, now - began < PictureBurst.longest else { continue }
            end = min(end ?? .never, min(began, since) + PictureBurst.longest)
        }
        return end
    }

    package func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        silence.handleTimeout(table.publishers, now: now)
        if !discoveries.isEmpty { pollDiscoveries(now: now, into: &queue) }
        while let orphan = data.pollOrphan() { try? close(orphan, now: now, into: &queue) }
        var place = 0
        while let due = table.deadlines.firstDue(from: place, now: now) {
            table.all[due].handleTimeout(now: now, into: &queue)
            place = due + 1
        }
        collect()
        routers.handleTimeout(now: now, into: &events)
        // What a path carries has just been looked at.
        settleLayers(now: now)
        // After all of them: a consumer of a later transport may have asked a producer of an earlier one.
        for transport in table.publishers { transport.sendKeyFrameRequests(now: now, into: &queue) }
    }

    package func pollTimeout() -> Instant? {
        var next = min(watched.due, silence.due, table.deadlines.earliest, routers.due)
        for discovery in discoveries { next = min(next, discovery.pollTimeout()) }
        return next == .never ? nil : next
    }

    /// Viewers, from which on each cannot be waited for.
    private static let crowd = 12
    private static let manyTransports = 24
}
