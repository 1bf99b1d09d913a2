package import Wire

/// Puts one person's Opus packets in order and says, whenever more is to be played, what comes next.
///
/// Pure: ``handle(_:of:at:now:)`` takes what arrives, ``next(now:)`` is asked by whoever plays, at the pace of their clock.
/// Between the two lies a delay, the least that the path's jitter allows (RFC 3550 §6.4.1), 40 to 80 ms. It is
/// corrected where nobody hears it: ``correction`` says which way, whoever plays does so in a quiet frame, and says so
/// (``handleDropped()``, ``handleInserted()``). Thereby clocks may differ: 100 ppm is a frame in three minutes.
///
/// Times are in samples at 48 kHz. Bounded: ``most`` packets.
package struct JitterBuffer {
    /// What is to be played.
    package enum Next: Hashable, Sendable {
        /// Nothing is heard of the person, or not long enough yet.
        case nothing
        /// A packet, to be decoded.
        case packet([UInt8])
        /// A packet is missing, and the one after it, which this is, may have it once more (RFC 6716 §2.1.7).
        case repaired(by: [UInt8], samples: Int)
        /// A packet is missing: what comes before is to be drawn out.
        case concealed(samples: Int)
    }

    /// What is to be done about the delay in a quiet frame.
    package enum Correction: Hashable, Sendable {
        case none
        /// Leave the frame out.
        case drop
        /// Leave it out even where it is heard.
        case dropNow
        /// Play it once more.
        case insert
    }

    package struct Counts: Hashable, Sendable {
        package var received = 0
        /// Twice, or too late.
        package var unused = 0
        package var concealed = 0
        package var repaired = 0
        package var dropped = 0
        package var inserted = 0
    }

    private struct Packet {
        var sequence: UInt16
        var timestamp: UInt32
        var payload: [UInt8]
        var samples: Int
    }

    package private(set) var counts = Counts()
    package private(set) var correction = Correction.none
    /// In the order of their timestamps.
    private var packets: [Packet] = []
    private var ssrc: UInt32?
    /// The timestamp that is to be played next; `nil` while nothing is.
    private var playout: UInt32?
    /// Up to where it was played before the last silence: what is older comes too late.
    private var played: UInt32?
    /// When what has begun to arrive is played.
    private var start = Instant(nanoseconds: 0)
    /// The last packet that was played.
    private var last: (sequence: UInt16, samples: Int) = (0, 960)
    /// Samples that were made up since a packet was there.
    private var drawnOut = 0
    private var jitter = 0.0
    private var transit: Int64?
    /// The least that there was to play since ``windowEnd`` was set, and until when that counts.
    private var least = Int.max
    private var windowEnd: Instant?

    package init() {}

    /// Samples between a packet's arrival and its being played, at least.
    package var target: Int { min(max(960 + Int(3 * jitter), Self.shortest), Self.longest) }

    /// Takes a packet's payload.
    ///
    /// - Parameter sequence: Of RTP, as is the timestamp.
    package mutating func handle(
        _ payload: [UInt8],
        of ssrc: UInt32,
        sequence: UInt16,
        at timestamp: UInt32,
        now: Instant
    ) {
        guard let samples = OpusPayload.duration(of: payload.span.bytes) else { return counts.unused += 1 }
        if self.ssrc != ssrc {
            self = JitterBuffer(ssrc, counts)
        }
        counts.received += 1
        if let playout {
            let ahead = Int(Int32(bitPattern: timestamp &- playout))
            // Another clock, or a pause of which nothing was sent.
            if abs(ahead) > Self.furthest {
                restart()
            } else if ahead < 0, now >= start {
                return counts.unused += 1
            }
        }
        if let played, (-Self.furthest..<0).contains(Int(Int32(bitPattern: timestamp &- played))) {
            return counts.unused += 1
        }
        measure(timestamp, now)
        let packet = Packet(sequence: sequence, timestamp: timestamp, payload: payload, samples: samples)
        if playout == nil {
            playout = timestamp
            start = now + Interval(samples: target)
        }
        guard insert(packet) else { return counts.unused += 1 }
        if packets.count > Self.most {
            packets.removeFirst()
            counts.unused += 1
            playout = packets[0].timestamp
        }
    }

    /// What is to be played now, after all that was said before.
    package mutating func next(now: Instant) -> Next {
        guard let playout, now >= start else { return .nothing }
        note(depth(from: playout), now: now)
        guard let first = packets.first else { return drawOut() }
        let gap = Int(Int32(bitPattern: first.timestamp &- playout))
        if gap <= 0 {
            packets.removeFirst()
            last = (first.sequence, first.samples)
            self.playout = first.timestamp &+ UInt32(first.samples)
            drawnOut = 0
            return .packet(first.payload)
        }
        guard first.sequence != last.sequence &+ 1, gap <= Self.longestGap else {
            // Nothing was lost: nothing was said.
            played = playout
            self.playout = first.timestamp
            start = max(start, now + Interval(samples: max(0, target - depth(from: first.timestamp))))
            correction = .none
            windowEnd = nil
            return .nothing
        }
        let samples = min(gap, last.samples)
        self.playout = playout &+ UInt32(samples)
        last.sequence &+= 1
        guard first.sequence == last.sequence &+ 1, gap == samples else {
            counts.concealed += 1
            return .concealed(samples: samples)
        }
        counts.repaired += 1
        return .repaired(by: first.payload, samples: samples)
    }

    /// A frame was left out.
    package mutating func handleDropped() {
        counts.dropped += 1
        settle()
    }

    /// A frame is played once more.
    package mutating func handleInserted() {
        counts.inserted += 1
        settle()
    }

    private init(_ ssrc: UInt32, _ counts: Counts) {
        self.ssrc = ssrc
        self.counts = counts
    }

    /// Nothing has come in time: for a moment it is drawn out, and the packet is not given up.
    private mutating func drawOut() -> Next {
        guard drawnOut < Self.longestDrawing else {
            let played = playout
            restart()
            self.played = played
            return .nothing
        }
        drawnOut += last.samples
        counts.concealed += 1
        return .concealed(samples: last.samples)
    }

    /// What comes next begins anew.
    private mutating func restart() {
        counts.unused += packets.count
        packets = []
        playout = nil
        played = nil
        drawnOut = 0
        transit = nil
        settle()
    }

    /// Returns `false` for a packet that is there.
    private mutating func insert(_ packet: Packet) -> Bool {
        var place = packets.endIndex
        while place > 0, Int32(bitPattern: packet.timestamp &- packets[place - 1].timestamp) < 0 {
            place -= 1
        }
        guard place == 0 || packets[place - 1].timestamp != packet.timestamp else { return false }
        // What is older than that from which playing was to begin is the beginning.
        if place == 0, let playout, Int32(bitPattern: packet.timestamp &- playout) < 0 {
            self.playout = packet.timestamp
        }
        packets.insert(packet, at: place)
        return true
    }

    /// Samples from there to the end of what has arrived.
    private func depth(from timestamp: UInt32) -> Int {
        guard let newest = packets.last else { return 0 }
        return Int(Int32(bitPattern: newest.timestamp &- timestamp)) + newest.samples
    }

    // MARK: The delay

    /// RFC 3550 §A.8.
    private mutating func measure(_ timestamp: UInt32, _ now: Instant) {
        let transit = now.nanoseconds / 1_000 * 48 / 1_000 - Int64(timestamp)
        if let before = self.transit {
            let change = abs(Double(Int32(truncatingIfNeeded: transit - before)))
            jitter += (min(change, Double(Self.longest)) - jitter) / 16
        }
        self.transit = transit
    }

    private mutating func note(_ depth: Int, now: Instant) {
        guard let windowEnd else {
            least = depth
            return self.windowEnd = now + Self.window
        }
        least = min(least, depth)
        guard now >= windowEnd else { return }
        switch least {
        case ..<Self.reserve: correction = .insert
        case (target + Self.excess)...: correction = .dropNow
        case (target + Self.slack)...: correction = .drop
        default: correction = .none
        }
        self.windowEnd = now + Self.window
        least = depth
    }

    /// The delay is another one: it is measured anew.
    private mutating func settle() {
        correction = .none
        windowEnd = nil
    }

    /// Packets that wait at most: 1.2 s of frames of 20 ms.
    package static let most = 60
    /// Samples: 40 ms.
    package static let shortest = 1_920
    /// Samples: 80 ms.
    package static let longest = 3_840
    /// Over how long the delay is judged.
    private static let window = Interval.seconds(2)
    /// Samples more than the target that are not worth a correction: 20 ms.
    private static let slack = 960
    /// Samples more than the target that are corrected in sound: 80 ms.
    private static let excess = 3_840
    /// Samples that are to be there at least when one frame is taken: 20 ms.
    private static let reserve = 961
    /// Samples for which the last sound is drawn out: 60 ms.
    private static let longestDrawing = 2_880
    /// Samples that can be missing in the midst of sound: 120 ms.
    private static let longestGap = 5_760
    /// Samples from what is played to what arrives: 1.5 s.
    private static let furthest = 72_000
}

extension Interval {
    /// At 48 kHz.
    package init(samples: Int) {
        self.init(nanoseconds: Int64(samples) * 1_000_000_000 / 48_000)
    }
}
