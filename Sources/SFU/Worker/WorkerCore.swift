package import WebRTC
package import Wire

/// Everything behind the Worker's sockets, without the sockets: the tables of objects, and the way of a
/// datagram through them.
///
/// The Worker calls ``handle(_:from:now:into:)`` for each datagram, then ``forward(now:into:)`` until it
/// returns `false`, and ``handleTimeout(now:into:)`` once a wake-up; then it takes ``events``. No clock and
/// no socket, so tests run it on virtual time.
package final class WorkerCore {
    let limits: WorkerConfiguration.Limits
    let certificate: DTLSCertificate
    let wallClockOffset: Int64

    var routers: Set<RouterID> = []
    /// In order of making; walked when there is something to forward, and not for timers.
    package private(set) var transports: [WebRTCTransport] = []
    /// Those that have a producer.
    private(set) var publishers: [WebRTCTransport] = []
    let deadlines = TransportDeadlines()
    package var plainTransports: [PlainTransport] = []
    var producers: [ProducerID: Producer] = [:]
    var consumers: [ConsumerID: WebRTCTransport] = [:]
    var dataConsumers: [DataConsumerID: WebRTCTransport] = [:]
    var dataProducers: [DataProducerID: WebRTCTransport] = [:]
    package var events: [WorkerEvent] = []
    package internal(set) var statistics = WorkerStatistics()
    let identifiers = IdentifierSource()
    let scratch = Scratch()
    var random: SplitMix64

    var addresses = AddressTable()
    private var byUsernameFragment: [String: WebRTCTransport] = [:]
    private var nextTransport = 0
    var hasReceived = false
    /// How long the port may wait to be looked at.
    package var patience = Patience()
    var strays = StrayBudget()
    /// Whether the speakers have been told of what was received since the last time.
    var hasObserved = false
    /// One a router.
    ///
    /// Not a dictionary: it is gone through on every wake-up.
    var observers: [ActiveSpeakerObserver] = []
    /// Whether something has changed that ``settleLayers(now:)`` looks at, and when it looks by itself.
    var hasLayerNews = false
    var nextLayerRemoval = Instant.never
    /// When to look for streams that have fallen silent.
    var nextSilence = Instant.never

    /// - Parameter wallClockOffset: Nanoseconds from the monotonic clock to Unix time.
    package init(
        limits: WorkerConfiguration.Limits,
        certificate: DTLSCertificate,
        wallClockOffset: Int64,
        seed: UInt64
    ) {
        self.limits = limits
        self.certificate = certificate
        self.wallClockOffset = wallClockOffset
        random = SplitMix64(seed: seed)
    }

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
            if !handleShared(datagram.bytes, kind: kind, from: source, now: now, into: &queue),
                !handleStray(datagram.bytes, kind: kind, from: source, now: now, into: &queue)
            {
                statistics.datagramsUnclaimed += 1
            }
            return
        }
        if kind == .rtp || kind == .dtls && transport.isShakingHands { patience.handleMedia() }
        transport.handle(&datagram, kind: kind, from: source, now: now, into: &queue)
        if kind == .rtp { hasReceived = true } else { collect(transport) }
        if kind == .stun { addresses.claim(source, for: transport) }
    }

    /// Takes a datagram that arrived at a plain transport's port.
    package func handlePlain(
        _ datagram: RawSpan,
        at transport: PlainTransport,
        from source: SocketAddress,
        now: Instant
    ) {
        transport.handle(datagram, from: source, now: now)
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
            return byUsernameFragment[name]
        }
        if kind == .stun, let id = STUNMessage.answeredTransaction(of: datagram) {
            return transports.first { $0.ice.isAnswered(by: id, from: source) } ?? addresses.owner(of: source)
        }
        return addresses.owner(of: source)
    }

    /// Takes over what happened on a transport.
    package func collect(_ transport: WebRTCTransport) {
        guard transport.hasNews else { return }
        if !transport.newSources.isEmpty {
            for source in transport.newSources { addresses.learn(source, of: transport) }
            transport.newSources.removeAll(keepingCapacity: true)
        }
        if transport.hasGrants {
            transport.hasGrants = false
            hasLayerNews = true
        }
        for event in transport.events {
            switch event {
            case .dataProducerOpened(_, let id, _): dataProducers[id] = transport
            case .dataProducerClosed(_, let id): dataProducers[id] = nil
            case .dataConsumerClosed(_, let id): dataConsumers[id] = nil
            case .dataMessage: patience.handleMessage()
            case .layersChanged: hasLayerNews = true
            default: break
            }
        }
        events += transport.events
        transport.events.removeAll(keepingCapacity: true)
        transport.hasNews = false
    }

    // MARK: Names of paths

    func add(_ transport: WebRTCTransport) {
        transports.append(transport)
        byUsernameFragment[transport.ice.local.usernameFragment] = transport
    }

    package func restartICE(_ transport: WebRTCTransport) -> ICECredentials {
        let credentials = transport.restartICE()
        // Those that the agent no longer answers to are forgotten, or every restart would add one.
        byUsernameFragment = byUsernameFragment.filter {
            $0.value !== transport || transport.ice.answers(to: $0.key)
        }
        byUsernameFragment[credentials.usernameFragment] = transport
        return credentials
    }

    func remove(_ transport: WebRTCTransport) {
        if let index = transports.firstIndex(where: { $0 === transport }) {
            transports.remove(at: index)
            deadlines.remove(at: index)
            transport.place = TransportDeadlines.nowhere
            for place in index..<transports.count { transports[place].place = place }
        }
        findPublishers()
        byUsernameFragment = byUsernameFragment.filter { $0.value !== transport }
        addresses.remove(transport)
    }

    func findPublishers() {
        publishers = transports.filter { !$0.producers.isEmpty }
    }

    // MARK: Forwarding and time

    /// Whether there are so many viewers that what is needed for each does not stay in the processor's cache, and that
    /// each cannot be waited for.
    private var isCrowd: Bool { transports.count >= Self.crowd }

    /// Everything that was at the open port was handled.
    package func endReceiving(now: Instant) { patience.endReceiving(isCrowd: isCrowd, now: now) }

    /// Sends to every consumer what was received since the last time; `true`: flush the queue and call again.
    ///
    /// Consumers are served transport by transport, so that what goes to one peer lies together in the queue.
    package func forward(now: Instant, into queue: inout TransmitQueue) -> Bool {
        guard hasReceived else {
            settleLayers(now: now)
            return false
        }
        if !hasObserved { observeSpeakers(now: now) }
        while nextTransport < transports.count {
            let transport = transports[nextTransport]
            if isCrowd { WebRTCTransport.prefetch(from: nextTransport, of: transports) }
            guard transport.forward(now: now, into: &queue) else { return true }
            collect(transport)
            nextTransport += 1
        }
        nextTransport = 0
        hasReceived = false
        hasObserved = false
        for transport in publishers {
            for producer in transport.producers { endWakeUp(of: producer, now: now) }
        }
        for transport in plainTransports {
            for producer in transport.producers { endWakeUp(of: producer, now: now) }
        }
        settleLayers(now: now)
        return false
    }

    private func endWakeUp(of producer: Producer, now: Instant) {
        if producer.kind == .video, producer.hasReceived { expectSilence(now: now) }
        producer.endWakeUp()
    }

    /// Until when what was received should be kept back because the rest of a picture is about to come, or
    /// `nil`.
    ///
    /// Packets of one picture that are sent together are one message to each viewer. Half of a picture is of
    /// no use to anybody, so waiting for the other half costs no latency.
    package func gathering(now: Instant) -> Instant? {
        guard hasReceived else { return nil }
        var end: Instant?
        for transport in plainTransports {
            guard let began = transport.pictureBegan, now - began < Self.longestGathering else { continue }
            end = min(end ?? .never, began + Self.longestGathering)
        }
        return end
    }

    package func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        handleSilence(now: now)
        var place = 0
        while let due = deadlines.firstDue(from: place, now: now) {
            transports[due].handleTimeout(now: now, into: &queue)
            collect(transports[due])
            place = due + 1
        }
        for transport in plainTransports { transport.handleTimeout(now: now) }
        handleSpeakersTimeout(now: now)
        // What a path carries has just been looked at.
        settleLayers(now: now)
        // After all of them: a consumer of a later transport may have asked a producer of an earlier one.
        for transport in publishers { transport.sendKeyFrameRequests(now: now, into: &queue) }
    }

    package func pollTimeout() -> Instant? {
        var next = min(nextLayerRemoval, nextSilence, deadlines.earliest)
        for transport in plainTransports { next = min(next, transport.pollTimeout()) }
        for index in observers.indices {
            if let due = observers[index].pollTimeout() { next = min(next, due) }
        }
        return next == .never ? nil : next
    }

    /// From this machine a picture comes within some tens of microseconds.
    private static let longestGathering = Interval.microseconds(500)
    private static let crowd = 24
}

/// Numbers for everything that leaves the Worker by name.
final class IdentifierSource {
    private var last: UInt32 = 0

    func next() -> UInt32 {
        last += 1
        return last
    }
}
