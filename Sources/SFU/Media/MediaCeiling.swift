internal import Wire

/// The most that a producer, or a person in all, may send: what is beyond is dropped, so that nobody's viewers get it.
///
/// By bytes and by packets. A congested path delivers a second or two of a stream at once, and is not punished for it.
final class MediaCeiling {
    /// Whose it is; `nil`: a person's.
    let producer: ProducerID?
    private var bytes: Allowance
    private var packets: Allowance

    /// - Parameters:
    ///   - bitrate: Bits per second, RTP headers included; 1 or more.
    ///   - packetRate: Packets a second; 1 or more.
    init(of producer: ProducerID?, bitrate: Int, packetRate: Int) {
        self.producer = producer
        bytes = Allowance(rate: bitrate / 8)
        packets = Allowance(rate: packetRate)
    }

    /// Whether a packet of so many bytes is below the ceiling; if so, it counts.
    @inline(__always)
    func takes(_ size: Int, now: Instant) -> Bool {
        let payment = bytes.payment(for: size, now: now)
        guard payment <= now.nanoseconds, packets.takes(1, now: now) else { return false }
        bytes.take(payingUntil: payment)
        return true
    }
}

extension MediaCeiling {
    /// A producer's, by its kind and what was negotiated.
    convenience init(
        of producer: ProducerID,
        _ kind: MediaKind,
        _ parameters: RTPParameters,
        _ limits: WorkerConfiguration.Limits
    ) {
        switch kind {
        case .audio:
            // Of redundancy (RFC 2198) each packet has its block and the one before.
            let copies = parameters.codecs.contains { $0.codec == .red } ? 2 : 1
            let negotiated = parameters.codecs.lazy.compactMap { $0.parameters["maxaveragebitrate"] }.first
            // An average, and without headers: a packet every 10 ms has as much of them.
            let own = negotiated.flatMap { Int($0) }.map { 2 * max(6_000, $0) } ?? limits.audioBitrate
            self.init(
                of: producer,
                bitrate: min(own, limits.audioBitrate) * copies,
                packetRate: Self.audioPackets
            )
        case .video:
            let bitrate = limits.videoBitrate
            self.init(of: producer, bitrate: bitrate, packetRate: max(500, bitrate / Self.smallVideoPacket))
        }
    }

    /// A person's in all.
    convenience init(_ limits: WorkerConfiguration.Limits) {
        let bitrate = limits.personBitrate
        self.init(of: nil, bitrate: bitrate, packetRate: max(1_000, bitrate / Self.smallVideoPacket))
    }

    /// Opus has packets of 2.5 ms and more; browsers send 50 or 100 a second.
    private static let audioPackets = 400
    /// Bits: mostly they are three times as long.
    private static let smallVideoPacket = 3_200
}
