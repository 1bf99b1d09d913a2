internal import Wire

/// One person's voice: what arrives of it, and what is to be played at the pace of whoever asks.
///
/// ``handle(_:_:now:)`` takes packets, ``add(to:now:)`` is asked for sound; in any order, on one thread.
struct Voice: ~Copyable {
    private(set) var buffer = JitterBuffer()
    private let decoder: OpusDecoder
    /// What has been decoded, and how much of it is to be played yet.
    private var sound = [Int16](repeating: 0, count: OpusPayload.longest)
    private var place = 0
    private var end = 0
    /// Whether it is to be played once more.
    private var isRepeated = false
    /// The beginning of a frame that was left out: from there it goes over into the next one.
    private var fade: [Int16] = []

    init() throws(PipelineError) {
        decoder = try OpusDecoder()
    }

    /// Takes an RTP packet.
    mutating func handle(_ header: RTPHeader, _ packet: RawSpan, now: Instant) {
        let payload = packet.extracting(header.payload)
        buffer.handle(
            payload.withUnsafeBytes { [UInt8]($0) },
            of: header.ssrc,
            sequence: header.sequenceNumber,
            at: header.timestamp,
            now: now
        )
    }

    /// Adds the next samples to others'.
    mutating func add(to sum: inout [Int32], now: Instant) {
        var done = 0
        while done < sum.count {
            if place == end, !advance(now: now) { return }
            let count = min(sum.count - done, end - place)
            for index in 0..<count { sum[done + index] += Int32(sound[place + index]) }
            place += count
            done += count
        }
    }

    /// Makes the next frame; returns `false` if there is none.
    private mutating func advance(now: Instant) -> Bool {
        if isRepeated {
            isRepeated = false
            place = 0
            return true
        }
        // At most one frame is left out before the one that is played.
        for _ in 0..<2 {
            place = 0
            switch buffer.next(now: now) {
            case .nothing: end = 0
            case .packet(let packet): end = decoder.decode(packet, into: &sound)
            case .repaired(let packet, let samples):
                end = decoder.conceal(samples, before: packet, into: &sound)
            case .concealed(let samples): end = decoder.conceal(samples, before: nil, into: &sound)
            }
            guard end > 0 else {
                fade = []
                return false
            }
            guard fade.isEmpty, leavesOut else { break }
            fade = Array(sound[..<min(Self.fading, end)])
            buffer.handleDropped()
        }
        for (index, sample) in fade.enumerated() where index < end {
            let old = Int32(sample) * Int32(fade.count - index)
            sound[index] = Int16((old + Int32(sound[index]) * Int32(index)) / Int32(fade.count))
        }
        fade = []
        if buffer.correction == .insert, isQuiet {
            isRepeated = true
            buffer.handleInserted()
        }
        return true
    }

    private var leavesOut: Bool {
        switch buffer.correction {
        case .drop: isQuiet
        case .dropNow: true
        case .insert, .none: false
        }
    }

    private var isQuiet: Bool { sound[..<end].allSatisfy { $0.magnitude < Self.quiet } }

    /// Samples: 5 ms.
    private static let fading = 240
    /// Some 44 dB below the loudest.
    private static let quiet: UInt16 = 200
}
