internal import WebRTC
internal import Wire

/// What every kind of transport is to the Worker's core: a place in its table, the producers that it receives, and
/// a way out (``Egress``).
package class Transport {
    package final let id: TransportID
    final let router: RouterID
    package final let egress: Egress
    /// Whether it receives from this machine: nothing is lost on the way, and no ceiling is needed.
    final let isTrusted: Bool
    private(set) final var producers: [Producer] = []
    /// What was received, and how the path and the association are.
    final var statistics = TransportStatistics()

    init(_ id: TransportID, router: RouterID, egress: Egress, isTrusted: Bool) {
        self.id = id
        self.router = router
        self.egress = egress
        self.isTrusted = isTrusted
    }

    /// When ``handleTimeout(now:into:)`` is next due, and why.
    package final var due: Deadline {
        get { egress.due }
        set { egress.due = newValue }
    }

    /// What is known now, of both directions.
    package func currentStatistics() -> TransportStatistics {
        var statistics = statistics
        egress.addStatistics(to: &statistics)
        return statistics
    }

    // MARK: Producers

    final func add(_ producer: Producer) { producers.append(producer) }

    func remove(_ producer: Producer) { producers.removeAll { $0 === producer } }

    // MARK: Life

    /// Whether consumers can be made here.
    var canConsume: Bool { true }

    /// Recomputes ``due`` after anything but the sending of media.
    func rearm(now: Instant) {}

    /// - Parameter queue: Of the Worker's port.
    func handleTimeout(now: Instant, into queue: inout TransmitQueue) {}

    /// Passes on the requests for key frames that other transports' consumers have made in this wake-up.
    func sendKeyFrameRequests(now: Instant, into queue: inout TransmitQueue) {}

    /// When the first packet of a picture came whose last one is about to; `nil` between pictures, and where that is
    /// not known.
    var pictureBegan: Instant? { nil }

    /// Tells the peer that this is the end.
    func close(now: Instant, into queue: inout TransmitQueue) {}

    // MARK: Data channels

    /// Opens a channel toward the peer.
    func consumeData(
        _ parameters: DataChannelParameters,
        as id: DataConsumerID,
        now: Instant
    ) throws(SFUError) {
        throw .unsupported("this kind of transport has no data channels")
    }

    /// Sends a message on a channel that the remote side opened.
    func send(_ bytes: RawSpan, isBinary: Bool, on id: DataProducerID, now: Instant) throws(SFUError) {
        throw .notFound
    }

    /// Sends a message on a channel that this side opened.
    func send(_ bytes: RawSpan, isBinary: Bool, on id: DataConsumerID, now: Instant) throws(SFUError) {
        throw .notFound
    }

    func close(_ id: DataProducerID, now: Instant) throws(SFUError) { throw .notFound }
    func close(_ id: DataConsumerID, now: Instant) throws(SFUError) { throw .notFound }

    /// Sends what the data channels have to say.
    func flushData(now: Instant, into queue: inout TransmitQueue) {}
}

extension Instant {
    /// Later than anything.
    static let never = Instant(nanoseconds: .max)
    /// Earlier than anything.
    static let past = Instant(nanoseconds: .min / 2)
}
