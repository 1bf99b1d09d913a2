package import Wire

/// One SCTP association over DTLS: the subset of RFC 9260 that browsers use, with RFC 3758, RFC 6525 and RFC
/// 7053.
///
/// Drive it like ``DataChannels``, which owns it. Both sides may call ``connect(now:)``.
///
/// ```
///   send ───▶ SendQueue ────▶ OutstandingData ─▶ pollPacket    CongestionController, RetransmissionTimeout
///   handle ─▶ ReceivedTSNs ─▶ ReassemblyQueue ─▶ pollEvent     StreamResetter, ControlChunk
/// ```
package struct SCTPAssociation: Sendable {
    /// RFC 9260 §4, where CLOSED is two: `idle` before anything, `closed` for good.
    package enum State: Hashable, Sendable {
        case idle, cookieWait, cookieEchoed, established
        case shutdownPending, shutdownSent, shutdownReceived, shutdownAckSent
        case closed
    }

    package enum Event: Hashable, Sendable {
        case closed
        case connected
        case message(ReassemblyQueue.Message)
        /// The peer has started these streams anew; empty: all.
        case incomingReset([UInt16])
        /// This side's streams start anew, or the peer refused.
        case outgoingReset([UInt16])
        /// The peer has set up the association again: everything queued and every stream is gone (§5.2.4.1).
        case restarted
    }

    package struct Configuration: Sendable {
        package var localPort: UInt16
        package var remotePort: UInt16
        /// Longest message accepted, in bytes.
        package var maximumMessageSize: Int

        package init(localPort: UInt16 = 5_000, remotePort: UInt16 = 5_000, maximumMessageSize: Int = 262_144)
        {
            self.localPort = localPort
            self.remotePort = remotePort
            self.maximumMessageSize = maximumMessageSize
        }
    }

    package let configuration: Configuration
    package internal(set) var state = State.idle
    package internal(set) var statistics = DataChannels.Statistics()

    // Who talks to whom.
    let cookieKey: StateCookie.Key
    var local: SCTPInitiation
    /// What the peer has said of itself; `nil` before the handshake.
    var remote: SCTPInitiation?
    var cookieToEcho: [UInt8] = []
    /// Tags for restarts; RFC 9260 §5.3.1 wants them random, DTLS keeps strangers out.
    var tags: TagGenerator

    // Outgoing.
    var control = Fifo<ControlChunk>()
    var sendQueue = SendQueue()
    var outstanding: OutstandingData
    var congestion = CongestionController(packetLength: Self.maximumPacketLength)
    var timeout = RetransmissionTimeout()
    /// The peer's window when it was last told, in bytes.
    var remoteWindow = 0
    var forwardTSN = ForwardState()
    /// The first retransmission after a loss does not ask the congestion window (§7.2.4).
    var mayExceedWindow = false

    // Incoming.
    var received: ReceivedTSNs
    var reassembly: ReassemblyQueue
    var inboundStreams = Self.maximumStreams
    var needsSack = false
    /// The window told by the last SACK, in bytes.
    var advertisedWindow = 0

    var resetter: StreamResetter

    // Timers.
    /// T1-init, T1-cookie or T2-shutdown, by state.
    var handshakeDeadline: Instant?
    var handshakeInterval = RetransmissionTimeout.initial
    /// T3-rtx.
    var retransmissionDeadline: Instant?
    /// T5-shutdown-guard.
    var shutdownGuard: Instant?
    var heartbeatDeadline: Instant?
    var heartbeatSent: Instant?

    private var events = Fifo<Event>()
    private var eventBytes = 0

    package init(_ configuration: Configuration, using random: inout RandomSource) {
        self.configuration = configuration
        cookieKey = StateCookie.Key(using: &random)
        tags = TagGenerator(random.fork())
        let initialTSN = TSN(.random(in: .min ... .max, using: &random))
        local = SCTPInitiation(
            tag: tags.next(),
            receiverWindow: UInt32(Self.receiveWindow(for: configuration)),
            outboundStreams: Self.maximumStreams,
            inboundStreams: Self.maximumStreams,
            initialTSN: initialTSN
        )
        outstanding = OutstandingData(firstTSN: initialTSN)
        received = ReceivedTSNs(cumulative: TSN(0))
        reassembly = ReassemblyQueue(maximumMessageSize: configuration.maximumMessageSize)
        resetter = StreamResetter(localInitialTSN: initialTSN, remoteInitialTSN: TSN(0))
    }

    // MARK: Getters

    /// Streams on which this side may send; before the handshake, on which it would like to.
    package var outboundStreams: UInt16 { min(local.outboundStreams, remote?.inboundStreams ?? .max) }

    /// Bytes of user data kept: queued, or not yet acknowledged.
    package var bufferedBytes: Int { sendQueue.bytes + outstanding.bytes }

    package func bufferedBytes(of stream: UInt16) -> Int { sendQueue.bytes(of: stream) }
    package func messageCount(of stream: UInt16) -> Int { sendQueue.messageCount(of: stream) }

    /// Whether the peer can be asked to reset a stream; assumed before the handshake.
    package var supportsReset: Bool { remote?.supportsReconfiguration != false }

    // MARK: Commands

    /// Queues a message; allowed before the association is established.
    package mutating func send(_ message: OutgoingMessage) {
        guard canQueue else { return }
        var message = message
        if remote?.supportsForwardTSN == false {
            // The peer could not be told to go on without it.
            message.maximumRetransmits = nil
            message.expiry = nil
        }
        sendQueue.append(message)
    }

    /// Has this side's half of a stream reset once what is queued on it is sent.
    package mutating func resetStream(_ stream: UInt16) {
        guard canQueue, supportsReset else { return }
        resetter.reset(stream)
    }

    /// Forgets the messages of a stream that have not begun to be sent.
    package mutating func dropQueued(on stream: UInt16) {
        sendQueue.dropAll(on: stream)
    }

    // MARK: Output

    /// The next event; what a message takes counts against the receive window until it is released.
    package mutating func pollEvent() -> Event? { events.popFirst() }

    /// Takes note that the owner keeps `count` bytes less of a message.
    package mutating func shrinkMessage(by count: Int) { eventBytes -= count }

    /// Takes note that the owner is done with a message of `count` bytes.
    package mutating func releaseMessage(ofLength count: Int) {
        eventBytes -= count + ReassemblyQueue.overhead
        // A sender that stands before a closed window learns that it is open again (§6.2).
        guard isReceiving, advertisedWindow < Self.maximumPacketLength,
            receiveWindow >= 2 * Self.maximumPacketLength
        else { return }
        needsSack = true
    }

    package func pollTimeout() -> Instant? {
        var earliest = handshakeDeadline
        func consider(_ deadline: Instant?) {
            if let deadline { earliest = min(earliest ?? deadline, deadline) }
        }
        consider(retransmissionDeadline)
        consider(shutdownGuard)
        consider(heartbeatDeadline)
        // No longer asked for once the association ends.
        if state == .established { consider(resetter.deadline) }
        return earliest
    }

    // MARK: Steps

    /// Bytes that may still be received.
    var receiveWindow: Int {
        max(0, Self.receiveWindow(for: configuration) - reassembly.bytes - eventBytes)
    }

    /// Whether DATA is taken in this state.
    var isReceiving: Bool { state == .established || state == .shutdownPending || state == .shutdownSent }

    /// Whether DATA is sent in this state.
    var isSending: Bool { state == .established || state == .shutdownPending || state == .shutdownReceived }

    private var canQueue: Bool {
        switch state {
        case .idle, .cookieWait, .cookieEchoed, .established: true
        case .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent, .closed: false
        }
    }

    mutating func emit(_ event: Event) {
        if case .message(let message) = event { eventBytes += message.bytes.count + ReassemblyQueue.overhead }
        events.append(event)
    }

    /// Queues a control chunk; beyond the bound the peer asks faster than it is answered and goes without.
    mutating func queue(_ chunk: ControlChunk) {
        // Before the handshake there is nobody to bundle chunks for.
        guard control.count < Self.maximumControlChunks, chunk.isAlone || remote != nil else {
            statistics.rejected += 1
            return
        }
        control.append(chunk)
    }

    private static func receiveWindow(for configuration: Configuration) -> Int {
        max(512 << 10, 2 * configuration.maximumMessageSize)
    }

    /// Leaves room for DTLS, UDP and IPv6 headers in a path MTU of 1,280 bytes, the least IPv6 has.
    package static let maximumPacketLength = 1_150
    /// What Chromium uses at most; bounds the state a peer can make us keep.
    static let maximumStreams: UInt16 = 1_024
    private static let maximumControlChunks = 16
}

/// Random verification tags, none of them zero.
struct TagGenerator: Sendable {
    private var random: RandomSource

    init(_ random: RandomSource) {
        self.random = random
    }

    mutating func next() -> UInt32 { max(UInt32(truncatingIfNeeded: random.next() >> 16), 1) }
}

/// How far the peer has been told to skip (RFC 3758 §3.5).
struct ForwardState: Sendable {
    var isNeeded = false
    var lastSent: (tsn: TSN, at: Instant)?
}
