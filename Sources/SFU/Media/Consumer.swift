internal import WebRTC
package import Wire

/// One producer's way to one receiver (mediasoup's *Consumer*).
///
/// ``forward(through:now:into:)`` sends what the producer received in this wake-up: each packet with a header
/// of this consumer's own and encrypted out of place. ``retransmit(_:through:now:into:)`` answers a NACK from
/// the producer's store.
///
/// Of several encodings one is on show (``EncodingSelection``), of the layers within it some
/// (``LayerFilter``); the receiver sees one unbroken stream (`RTPStreamRewriter`).
package final class Consumer {
    package let id: ConsumerID
    let producer: Producer
    /// What owns it.
    ///
    /// What sends gets it as an argument: to read this counts references.
    unowned let egress: Egress
    let parameters: ConsumerParameters
    let format: ConsumerFormat

    var statistics = ConsumerStatistics()
    var sent: SenderStatistics
    var rewriter: RTPStreamRewriter
    var filter = LayerFilter()
    var retransmitter: Retransmitter
    var idleRequests = IdleRequestFilter()
    var isPaused: Bool
    /// Of the newest packet.
    var lastTimestamp: UInt32 = 0
    /// 1…255: which of an egress's consumers comes first where the path does not carry all.
    package var priority = defaultPriority
    var adaptation = ConsumerAdaptation()

    var tail = TailLossProbe()
    /// The transport-wide number of the newest packet, as long as nobody knows whether it has arrived.
    var expectedArrival: UInt16?
    var selection: EncodingSelection
    /// Whether the stream can begin with a key frame that is kept.
    var isBeginning = false
    var backlog: Backlog?
    /// Of the encoding on show.
    var generation: Int
    /// What was sent before the switches of late, newest last: the receiver may still miss some of it.
    var previousEncodings: [PreviousEncoding] = []
    /// The number that the newest key frame began with.
    var keyFrameStart: SequenceNumber?
    /// What adds up with a timestamp of an encoding to the outgoing one for the same moment.
    ///
    /// Unlike the rewriter's, without the ticks by which a switch was put off.
    var alignment: (encoding: Int, generation: Int, offset: UInt32)?
    var preferred = MediaLayers.unlimited
    /// `nil`: nothing may be sent.
    var granted: MediaLayers? = .unlimited
    var reported: MediaLayers?
    var nextLayerRequest = Instant(nanoseconds: .min)
    /// The consumer of a pipe transport that this is one encoding of.
    let pipe: ConsumerID?

    /// - Parameters:
    ///   - encoding: The only one that it ever shows; `nil`: whichever is best.
    ///   - random: Numbers to begin with, which an observer cannot guess (RFC 3550 §5.1).
    init(
        id: ConsumerID,
        producer: Producer,
        egress: Egress,
        parameters: ConsumerParameters,
        format: ConsumerFormat,
        encoding: Int? = nil,
        pipe: ConsumerID? = nil,
        isPaused: Bool,
        random: inout RandomSource
    ) {
        self.id = id
        self.producer = producer
        self.egress = egress
        self.parameters = parameters
        self.pipe = pipe
        self.format = format
        self.isPaused = isPaused
        selection = EncodingSelection(needsKeyFrame: producer.kind == .video, only: encoding)
        generation = producer.streams[0].generation
        // In the lower half, so that a receiver's roll-over guess is right even if the first packets are
        // lost.
        rewriter = RTPStreamRewriter(
            clockRate: producer.clockRate,
            firstSequence: .random(in: 1...0x7fff, using: &random),
            firstTimestamp: .random(in: .min ... .max, using: &random)
        )
        retransmitter = Retransmitter(firstSequence: .random(in: 1...0x7fff, using: &random))
        sent = SenderStatistics(clockRate: producer.clockRate)
    }

    func owns(_ ssrc: UInt32) -> Bool { ssrc == format.ssrc || ssrc == format.rtxSSRC }

    var roundTrip: Interval? { sent.roundTrip }

    var newest: UInt16? { rewriter.newest?.rawValue }

    var kind: MediaKind { producer.kind }

    /// The encoding on show.
    var stream: RTPStream? { selection.current.map { producer.streams[$0] } }

    // MARK: Commands

    package func setPaused(_ isPaused: Bool, now: Instant) {
        guard self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        suspend(now: now)
        if !isPaused { requestKeyFrameIfNeeded(now: now) }
    }

    /// The receiver cannot be reached, or could not until now: what it misses meanwhile is not mended
    /// afterwards.
    func suspend(now: Instant) {
        beginAnew(now: now)
        selection.lose(needsKeyFrame: producer.kind == .video)
    }

    /// Something of it may be due sooner.
    func wake() { egress.wake(self) }

    // MARK: Statistics

    package func currentStatistics() -> ConsumerStatistics {
        var statistics = statistics
        statistics.isPaused = isPaused
        statistics.isLimited = isLimited
        statistics.isWaitingForKeyFrame = selection.current == nil
        guard producer.kind == .video else { return statistics }
        statistics.spatialLayer = currentLayers?.spatial
        statistics.temporalLayer = currentLayers?.temporal
        return statistics
    }

    private static let defaultPriority = 100
}
