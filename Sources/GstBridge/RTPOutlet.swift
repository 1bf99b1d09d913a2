internal import IO
internal import Wire

/// The packets of one stream on their way to the room, and the count of them: what the lock of an ``RTPSender`` keeps.
///
/// `@unchecked Sendable`: it alone has its socket and its memory, and cannot be copied. Region isolation would say so
/// too, but takes every C pointer that is read beside it for a part of it.
struct RTPOutlet: ~Copyable, @unchecked Sendable {
    let ssrc: UInt32
    let payloadType: UInt8
    /// Where everything goes.
    let room: SocketAddress
    /// Are told of each picture that has gone; `nil`: nobody is.
    private let effects: InputEffects?

    var socket: UDPSocket
    /// The packets of the frame that is being sent: what ``TransmitQueue/isNearlyFull`` lets come before a flush, and
    /// as many again.
    var queue = TransmitQueue(capacity: 2 * TransmitQueue.headroom)
    var statistics = StreamStatistics()
    private(set) var payloadBytes = 0
    private var frameBytes = 0
    /// Of the last frame that its encoder made.
    private(set) var lastFrameBytes = Int.max
    /// The last frame's place on both clocks.
    private(set) var reference: (timestamp: UInt32, time: Instant)?
    private(set) var latencies = RecentMedian()
    /// Of the next packet, where no payloader counts.
    private var sequenceNumber = UInt16.random(in: 0...0x7fff)
    /// The pictures of H.264.
    var pictures = H264Stream()

    init(
        _ configuration: CaptureStreamConfiguration,
        to room: SocketAddress,
        _ effects: InputEffects?,
        _ socket: consuming UDPSocket
    ) {
        self.effects = effects
        ssrc = configuration.ssrc
        payloadType = configuration.payloadType & 0x7f
        self.room = room
        self.socket = socket
    }

    mutating func flush() { socket.flush(&queue) }

    /// Appends a packet with this payload, if it fits.
    mutating func append(_ payload: RawSpan, timestamp: UInt32, isMarked: Bool) {
        let size = Self.headerSize + payload.byteCount
        guard size <= TransmitQueue.datagramCapacity else { return }
        if queue.isNearlyFull { flush() }
        let header = RTPHeader(
            payloadType: payloadType,
            sequenceNumber: sequenceNumber,
            timestamp: timestamp,
            ssrc: ssrc,
            isMarked: isMarked,
            payloadLength: payload.byteCount
        )
        queue.append(to: room) { packet in
            header.write(hasExtensions: false, into: &packet)
            packet.append(copying: payload)
        }
        sequenceNumber &+= 1
        countPacket(size)
    }

    mutating func countPacket(_ size: Int) {
        statistics.packets += 1
        statistics.bytes += size
        payloadBytes += size - Self.headerSize
        frameBytes += size
    }

    /// Sends what waits; the frame was captured at `date`.
    ///
    /// - Parameter isPatch: Whether its encoder did not make it.
    mutating func endFrame(_ timestamp: UInt32, _ date: Instant?, isPatch: Bool = false) {
        flush()
        statistics.frames += 1
        if !isPatch { lastFrameBytes = frameBytes }
        frameBytes = 0
        guard let date else { return }
        reference = (timestamp, date)
        let now = Instant.now()
        latencies.append(now - date)
        effects?.handleSent(date, at: now)
    }

    static let headerSize = RTPHeader.fixedLength
}
