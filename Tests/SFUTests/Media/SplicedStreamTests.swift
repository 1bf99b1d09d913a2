import SFU
import Testing
import Wire

/// Which numbers a receiver sees, of a producer with two encodings whose packets are handed over one by one.
@Suite struct SplicedStreamTests {
    private let room: WayRoom
    private let producer: Producer

    init() throws {
        room = try WayRoom(encodings: 2)
        producer = try room.core.producer(room.producer)
    }

    @Test func anEncodingGoesOutWithoutAGap() throws {
        var spliced = makeStream()
        #expect(!spliced.isSynchronised)
        #expect(spliced.newest == nil)
        let numbers = try goOn(with: try take(0, count: 5), of: 0, in: &spliced)
        #expect(spliced.isSynchronised)
        expectUnbroken(numbers)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1.timestamp &- $0.timestamp == 2_970 })
        #expect(spliced.newest == numbers.last?.sequence)
    }

    @Test func soItDoesAcrossASwitch() throws {
        var spliced = makeStream()
        var numbers = try goOn(with: try take(0, count: 3), of: 0, in: &spliced)
        switchOver(from: 0, to: 1, in: &spliced)
        #expect(!spliced.isSynchronised)
        numbers += try goOn(with: try take(1, count: 3), of: 1, in: &spliced)
        expectUnbroken(numbers)
        #expect(
            zip(numbers, numbers.dropFirst()).allSatisfy {
                Int32(bitPattern: $1.timestamp &- $0.timestamp) > 0
            }
        )
    }

    @Test func whatIsLostOnItsWayHereKeepsItsNumber() throws {
        var spliced = makeStream()
        let packets = try take(0, count: 4)
        let numbers = try goOn(with: [packets[0], packets[1], packets[3]], of: 0, in: &spliced)
        #expect(numbers[2].sequence == numbers[1].sequence &+ 2)
        let late = spliced.handle(packets[2], of: producer.streams[0])
        #expect(late?.sequence == numbers[1].sequence &+ 1)
    }

    @Test func whatComesLateAfterASwitchHasTheNumberThatWasKeptForIt() throws {
        var spliced = makeStream()
        let packets = try take(0, count: 4)
        let numbers = try goOn(with: [packets[0], packets[1], packets[3]], of: 0, in: &spliced)
        switchOver(from: 0, to: 1, in: &spliced)
        _ = try goOn(with: try take(1, count: 2), of: 1, in: &spliced)
        #expect(spliced.hasPrevious)
        #expect(spliced.pollPrevious(of: producer, now: room.now) == [0])
        let late = spliced.handleLate(packets[2], of: producer.streams[0], at: 0, now: room.now)
        #expect(late?.sequence == numbers[1].sequence &+ 1)
        let again = spliced.handleLate(packets[2], of: producer.streams[0], at: 0, now: room.now)
        #expect(again?.sequence == nil, "once")
        let present = spliced.handleLate(packets[1], of: producer.streams[0], at: 0, now: room.now)
        #expect(present?.sequence == nil, "and nothing that has gone out before")
        #expect(spliced.pollPrevious(of: producer, now: room.now + .seconds(3)).isEmpty)
        #expect(!spliced.hasPrevious)
    }

    @Test func aNumberLeadsBackToItsEncoding() throws {
        var spliced = makeStream()
        let before = try goOn(with: try take(0, count: 3), of: 0, in: &spliced)
        switchOver(from: 0, to: 1, in: &spliced)
        let after = try goOn(with: try take(1, count: 3), of: 1, in: &spliced)
        let old = try #require(spliced.place(of: before[1].sequence, in: producer, packets: 6))
        let new = try #require(spliced.place(of: after[1].sequence, in: producer, packets: 6))
        #expect(old == .previous(0) && new == .current)
        let oldSource = spliced.source(of: before[1].sequence, at: old, current: 1)
        #expect(oldSource?.encoding == 0 && oldSource?.sequence == 1_001)
        let newSource = spliced.source(of: after[1].sequence, at: new, current: 1)
        #expect(newSource?.encoding == 1 && newSource?.sequence == 2_001)
        #expect(spliced.place(of: after[2].sequence &+ 1, in: producer, packets: 6) == nil, "not given out")
    }

    @Test func ofASourceThatHasBegunAnewNothingIsLeft() throws {
        var spliced = makeStream()
        let before = try goOn(with: try take(0, count: 3), of: 0, in: &spliced)
        switchOver(from: 0, to: 1, in: &spliced)
        _ = try goOn(with: try take(1, count: 3), of: 1, in: &spliced)
        room.restart(0)
        _ = try take(0, count: 2)
        #expect(spliced.pollPrevious(of: producer, now: room.now).isEmpty)
        #expect(spliced.place(of: before[1].sequence, in: producer, packets: 6) == .forgotten)
        #expect(spliced.source(of: before[1].sequence, at: .forgotten, current: 1)?.encoding == nil)
        let isVoid = spliced.isVoid(before[1].sequence, at: .forgotten, mayBeGivenUp: false)
        #expect(isVoid)
    }

    @Test func aSourceThatHasBegunAnewIsNoticed() throws {
        var spliced = makeStream()
        _ = try goOn(with: try take(0, count: 3), of: 0, in: &spliced)
        #expect(!spliced.isOutdated(by: producer.streams[0]))
        room.restart(0)
        _ = try take(0, count: 2)
        #expect(spliced.isOutdated(by: producer.streams[0]))
        spliced.begin(producer.streams[0])
        #expect(!spliced.isOutdated(by: producer.streams[0]))
    }

    @Test func whatWasLostBeforeAKeyFrameMayBeGivenUp() throws {
        var spliced = makeStream()
        var packets = try take(0, count: 3)
        try room.take(0, isKey: true)
        packets.append(try #require(producer.streams[0].received.last))
        let numbers = try goOn(with: [packets[0], packets[1], packets[3]], of: 0, in: &spliced)
        let lost = numbers[1].sequence &+ 1
        #expect(spliced.hasKeyFrame(at: numbers[2].sequence))
        #expect(!spliced.hasKeyFrame(at: numbers[1].sequence))
        let isVoid = [
            spliced.isVoid(lost, at: .current, mayBeGivenUp: false),
            spliced.isVoid(numbers[1].sequence, at: .current, mayBeGivenUp: true),
            spliced.isVoid(lost, at: .current, mayBeGivenUp: true),
        ]
        #expect(isVoid == [false, false, true], "what was sent is not")
        let late = spliced.handle(packets[2], of: producer.streams[0])
        #expect(late?.sequence == nil, "it comes too late")
    }

    // MARK: Private

    private func makeStream() -> SplicedStream {
        var random = RandomSource(seed: 3)
        return SplicedStream(clockRate: WayRoom.clockRate, generation: 0, random: &random)
    }

    /// The next packets of an encoding, in one wake-up.
    private func take(_ encoding: Int, count: Int) throws -> [ReceivedPacket] {
        room.wakeUp()
        for _ in 0..<count { try room.take(encoding) }
        return producer.streams[encoding].received
    }

    private func goOn(
        with packets: [ReceivedPacket],
        of encoding: Int,
        in spliced: inout SplicedStream
    ) throws -> [SplicedStream.Numbers] {
        let stream = producer.streams[encoding]
        return try packets.map { packet in
            if !spliced.isSynchronised {
                spliced.synchronise(with: packet, of: stream, in: producer, as: encoding)
            }
            let numbers = spliced.handle(packet, of: stream)
            return try #require(numbers)
        }
    }

    private func switchOver(from: Int, to encoding: Int, in spliced: inout SplicedStream) {
        spliced.breakOff(keeping: from, now: room.now)
        spliced.begin(producer.streams[encoding])
    }

    private func expectUnbroken(_ numbers: [SplicedStream.Numbers]) {
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1.sequence == $0.sequence &+ 1 })
    }
}
