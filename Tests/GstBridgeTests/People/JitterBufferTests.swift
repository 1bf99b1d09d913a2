import GstBridge
import Testing
import Wire

/// Packets of 20 ms; each has its number in it.
@Suite struct JitterBufferTests {
    @Test func packetsArePlayedInOrderAfterTheLeastDelay() {
        var path = Path()
        for number in 0..<50 { path.send(number) }
        path.play(until: .milliseconds(1_160))
        #expect(path.played == Array(0..<50))
        #expect(path.firstPlayed == .milliseconds(40))
        #expect(path.buffer.counts.concealed == 3, "the end is drawn out for 60 ms")
    }

    @Test func whatComesInAnotherOrderIsPlayedInItsOwn() {
        var path = Path()
        for number in 0..<50 { path.send(number, late: number % 5 == 2 ? .milliseconds(30) : .zero) }
        path.play(until: .milliseconds(1_040))
        #expect(path.played == Array(0..<50))
        #expect(path.buffer.counts.concealed == 0)
    }

    @Test func aPacketThatIsMissingIsRepairedByTheNextAndTwoAreConcealedFirst() {
        var path = Path()
        for number in 0..<30 where ![10, 20, 21].contains(number) { path.send(number) }
        path.play(until: .milliseconds(640))
        #expect(path.played == Array(0..<10) + Array(11..<20) + Array(22..<30))
        #expect(path.repaired == [11, 22])
        #expect(path.buffer.counts.repaired == 2)
        #expect(path.buffer.counts.concealed == 1)
    }

    @Test func whatComesTwiceOrTooLateIsNotPlayed() {
        var path = Path()
        for number in 0..<30 {
            path.send(number, late: number == 10 ? .milliseconds(200) : .zero)
            path.send(number, late: number == 10 ? .milliseconds(210) : .milliseconds(5))
        }
        path.play(until: .milliseconds(640))
        #expect(path.played == Array(0..<10) + Array(11..<30))
        #expect(path.buffer.counts.unused == 31)
    }

    @Test func afterSilenceItBeginsAnewWithTheWholeDelay() {
        var path = Path()
        for number in 0..<10 { path.send(number) }
        // 800 ms later, as with DTX: numbers go on, and timestamps with the time.
        for number in 10..<20 {
            path.send(number, timestamp: number + 40, at: .milliseconds(Int64(number + 40) * 20))
        }
        path.play(until: .milliseconds(2_000))
        #expect(path.played == Array(0..<20))
        #expect(path.timesPlayed[10] == .milliseconds(1_040))
        #expect(path.buffer.counts.repaired == 0)
    }

    @Test func aPauseInTimestampsIsNoLoss() {
        var path = Path()
        for number in 0..<10 { path.send(number) }
        for number in 10..<20 {
            path.send(number, timestamp: number + 4, at: .milliseconds(Int64(number) * 20))
        }
        path.play(until: .milliseconds(700))
        #expect(path.played == Array(0..<20))
        #expect(path.buffer.counts.repaired == 0)
    }

    @Test(arguments: [UInt32(7), 9]) func anotherStreamAndAnotherClockBeginAnew(_ ssrc: UInt32) {
        var path = Path()
        for number in 0..<10 { path.send(number) }
        for number in 10..<20 {
            path.send(
                number,
                timestamp: number + 1_000_000,
                ssrc: ssrc,
                at: .milliseconds(Int64(number) * 20)
            )
        }
        path.play(until: .milliseconds(700))
        #expect(path.played.suffix(10) == Array(10..<20))
    }

    @Test func sequenceNumbersAndTimestampsGoRound() {
        var path = Path()
        path.firstSequence = 65_530
        path.firstTimestamp = UInt32.max - 3_000
        for number in 0..<50 where number != 8 { path.send(number) }
        path.play(until: .milliseconds(1_040))
        #expect(path.played == Array(0..<8) + Array(9..<50))
        #expect(path.buffer.counts.repaired == 1)
    }

    /// For an hour, with a moment of quiet now and then.
    @Test(arguments: [-100.0, 100]) func aClockThatIsOffIsFollowedWithoutANoise(_ partsPerMillion: Double) {
        var path = Path()
        path.isQuiet = { $0 % 50 == 0 }
        let scale = 1 + partsPerMillion / 1e6
        let packets = 180_000
        for number in 0..<packets {
            path.send(number, at: Interval(nanoseconds: Int64(Double(number) * 20_000_000 / scale)))
        }
        path.play(until: Interval(nanoseconds: Int64(Double(packets) * 20_000_000 / scale)))
        // 100 ppm of an hour are 18 frames.
        let corrections = partsPerMillion > 0 ? path.buffer.counts.dropped : path.buffer.counts.inserted
        #expect((15...21).contains(corrections))
        #expect(path.buffer.counts.concealed <= 1)
        #expect(path.longestDelay <= .milliseconds(85))
    }

    @Test func aClockThatIsOffIsFollowedWhereThereIsNeverQuiet() {
        var path = Path()
        let scale = 1.005
        for number in 0..<9_000 {
            path.send(number, at: Interval(nanoseconds: Int64(Double(number) * 20_000_000 / scale)))
        }
        path.play(until: .milliseconds(179_000))
        #expect(path.buffer.counts.dropped > 30)
        #expect(path.longestDelay <= .milliseconds(170))
    }

    @Test(arguments: 1...5) func jitterIsWaitedForAndNoMore(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var path = Path()
        path.isQuiet = { $0 % 10 == 0 }
        for number in 0..<3_000 {
            path.send(number, late: .microseconds(Int64.random(in: 0...25_000, using: &random)))
        }
        path.play(until: .milliseconds(60_000))
        #expect(path.buffer.counts.concealed + path.buffer.counts.repaired < 30)
        #expect(path.longestDelay <= .milliseconds(140))
        #expect(path.buffer.target > JitterBuffer.shortest)
        #expect(path.buffer.target <= JitterBuffer.longest)
    }

    @Test(arguments: 1...20) func whateverArrivesItIsPlayedOnceAndInOrder(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var path = Path()
        path.isQuiet = { $0 % 7 == 0 }
        for number in 0..<1_000 {
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                path.send(number, late: .milliseconds(Int64.random(in: 0...250, using: &random)))
            }
        }
        path.play(until: .milliseconds(21_000))
        #expect(path.played == path.played.sorted())
        #expect(Set(path.played).count == path.played.count)
        #expect(path.played.count > 300)
    }

    @Test func noMoreIsKeptThanASecond() {
        var buffer = JitterBuffer()
        for number in 0..<1_000 {
            buffer.handle(
                Path.payload(number),
                of: 7,
                sequence: UInt16(number),
                at: UInt32(number * 960),
                now: Instant(nanoseconds: 0)
            )
        }
        var played = 0
        while case .packet = buffer.next(now: Instant(nanoseconds: 1_000_000_000)) { played += 1 }
        #expect(played <= JitterBuffer.most)
    }
}

/// A path from a person to the buffer, and whoever plays: every 20 ms one frame, beginning with the first packet's arrival.
private struct Path {
    private struct Arrival {
        var time: Interval
        var number: Int
        var timestamp: Int
        var ssrc: UInt32
    }

    var buffer = JitterBuffer()
    var firstSequence: UInt16 = 100
    var firstTimestamp: UInt32 = 5_000
    /// Whether a packet can be left out unheard, or played twice.
    var isQuiet: (Int) -> Bool = { _ in false }
    private(set) var played: [Int] = []
    private(set) var timesPlayed: [Int: Interval] = [:]
    private(set) var repaired: [Int] = []
    private(set) var longestDelay = Interval.zero
    private var arrivals: [Arrival] = []

    var firstPlayed: Interval? { played.first.flatMap { timesPlayed[$0] } }

    static func payload(_ number: Int) -> [UInt8] {
        [0xf8, UInt8(number >> 16 & 0xff), UInt8(number >> 8 & 0xff), UInt8(number & 0xff)]
    }

    mutating func send(
        _ number: Int,
        timestamp: Int? = nil,
        ssrc: UInt32 = 7,
        at time: Interval? = nil,
        late: Interval = .zero
    ) {
        let time = (time ?? .milliseconds(Int64(number) * 20)) + late
        arrivals.append(Arrival(time: time, number: number, timestamp: timestamp ?? number, ssrc: ssrc))
    }

    mutating func play(until end: Interval) {
        let start = Instant(nanoseconds: 1_000_000_000)
        // Sorting keeps the order of what arrives at once.
        let order = arrivals.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }
        var sent: [Int: Interval] = [:]
        var next = 0
        var time = Interval.zero
        while time < end {
            while next < order.count, order[next].element.time <= time {
                let arrival = order[next].element
                next += 1
                sent[arrival.number] = sent[arrival.number] ?? arrival.time
                buffer.handle(
                    Self.payload(arrival.number),
                    of: arrival.ssrc,
                    sequence: firstSequence &+ UInt16(truncatingIfNeeded: arrival.number),
                    at: firstTimestamp &+ UInt32(truncatingIfNeeded: arrival.timestamp * 960),
                    now: start + arrival.time
                )
            }
            let isTwice = playFrame(start + time, time, sent)
            time = time + (isTwice ? .milliseconds(40) : .milliseconds(20))
        }
    }

    /// Plays one frame, or leaves one out before it; returns whether it is played twice.
    private mutating func playFrame(_ now: Instant, _ time: Interval, _ sent: [Int: Interval]) -> Bool {
        while true {
            switch buffer.next(now: now) {
            case .nothing, .concealed: return false
            case .repaired(let payload, let samples):
                #expect(samples == 960)
                repaired.append(Self.number(payload))
                return false
            case .packet(let payload):
                let number = Self.number(payload)
                played.append(number)
                timesPlayed[number] = time
                if let sent = sent[number] { longestDelay = max(longestDelay, time - sent) }
                switch buffer.correction {
                case .drop where isQuiet(number), .dropNow: buffer.handleDropped()
                case .insert where isQuiet(number):
                    buffer.handleInserted()
                    return true
                default: return false
                }
            }
        }
    }

    private static func number(_ payload: [UInt8]) -> Int {
        Int(payload[1]) << 16 | Int(payload[2]) << 8 | Int(payload[3])
    }
}
