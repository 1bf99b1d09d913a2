import SFU
import Testing
import Wire

/// How a stream begins, of a producer with two encodings that nobody else watches.
@Suite struct StreamStartTests {
    private let room: WayRoom
    private let producer: Producer
    private let format: ConsumerFormat

    init() throws {
        room = try WayRoom(encodings: 2)
        producer = try room.core.producer(room.producer)
        format = try ConsumerFormat(
            producer,
            options: ConsumerOptions(capabilities: WayRoom.capabilities()),
            mid: "0",
            ssrc: 7,
            rtxSSRC: 8,
            cname: "room"
        )
    }

    @Test func aKeyFrameThatIsNotThereIsAskedForAndWaitedFor() throws {
        var start = StreamStart(needsKeyFrame: true, only: nil)
        request(&start)
        #expect(start.current == nil && start.awaited == 0)
        room.wakeUp()
        #expect(room.keyFrameRequests(0) == 1)
        try room.take()
        let tooSoon = start.takeBeginning(of: producer.streams[0], format, now: room.now)
        #expect(tooSoon?.header.sequenceNumber == nil)
        try room.take(isKey: true)
        let taken = start.takeBeginning(of: producer.streams[0], format, now: room.now)
        let first = try #require(taken)
        #expect(first.header.sequenceNumber == 1_001)
        start.switched(to: 0, with: first, now: room.now)
        #expect(start.current == 0 && start.awaited == nil)
    }

    @Test func soundBeginsAtOnce() {
        let start = StreamStart(needsKeyFrame: false, only: nil)
        #expect(start.current == 0 && start.awaited == nil)
    }

    @Test func whoComesALittleLateBeginsWithTheKeyFrameThatOthersWereSent() throws {
        try sendWithKey(packets: 4)
        var start = StreamStart(needsKeyFrame: true, only: nil)
        request(&start)
        #expect(start.isBeginning)
        room.wakeUp()
        #expect(room.keyFrameRequests(0) == 0)
        try begin(&start)
        #expect(start.isCatchingUp)
        #expect(pollAll(&start) == [1_001, 1_002, 1_003])
        #expect(!start.isCatchingUp)
    }

    @Test func whoHasSeenSomethingNewerWaitsForTheNextOne() throws {
        try sendWithKey(packets: 4)
        var start = StreamStart(needsKeyFrame: true, only: nil)
        request(&start, isFirst: false)
        #expect(!start.isBeginning)
        room.wakeUp()
        #expect(room.keyFrameRequests(0) == 1)
    }

    @Test func whoComesTooLateWaitsForTheNextOne() throws {
        try sendWithKey(packets: 4)
        room.run(for: .milliseconds(1_300))
        var start = StreamStart(needsKeyFrame: true, only: nil)
        request(&start)
        #expect(!start.isBeginning)
        room.wakeUp()
        #expect(room.keyFrameRequests(0) == 1)
    }

    @Test func whatIsKeptWaitsForRoom() throws {
        try sendWithKey(packets: 3)
        var start = StreamStart(needsKeyFrame: true, only: nil)
        request(&start)
        try begin(&start)
        let none = poll(&start, hasRoom: false)
        #expect(none == nil)
        #expect(start.isCatchingUp)
        #expect(try #require(start.due) > room.now)
        #expect(pollAll(&start) == [1_001, 1_002])
    }

    /// A second of the desk at one blow would fill the queue in front of a narrow link.
    @Test(arguments: [false, true])
    func noMoreIsSentAtOnceThanALargeKeyFrameUnlessItIsPacedAnyhow(isPaced: Bool) throws {
        try sendWithKey(packets: 81, size: 1_200)
        var start = StreamStart(needsKeyFrame: true, only: nil)
        request(&start)
        try begin(&start)
        let count = pollAll(&start, isPaced: isPaced).count
        #expect(isPaced ? count == 80 : (50...60).contains(count))
        #expect(start.isCatchingUp == !isPaced)
    }

    @Test func whatTheKeyFrameHasOvertakenIsLate() throws {
        for _ in 0..<3 { try room.take() }
        let packets = producer.streams[0].received
        var start = StreamStart(needsKeyFrame: true, only: nil)
        start.switched(to: 0, with: packets[1], now: room.now)
        #expect(packets.map { start.isLate($0) } == [true, true, false])
    }

    @Test func theBestEncodingThatIsWantedIsWaitedForWhileAnotherIsShown() throws {
        try room.take(0, isKey: true)
        try room.take(1)
        var start = StreamStart(needsKeyFrame: true, only: nil)
        start.switched(to: 0, with: producer.streams[0].received[0], now: room.now)
        start.choose(among: producer, upTo: 0, isFirst: false, now: room.now)
        #expect(start.current == 0 && start.awaited == nil)
        start.choose(among: producer, upTo: .max, isFirst: false, now: room.now)
        #expect(start.current == 0 && start.awaited == 1)
        room.wakeUp()
        #expect(room.keyFrameRequests(1) == 1)
        start.choose(among: producer, upTo: 0, isFirst: false, now: room.now)
        #expect(start.awaited == nil, "it is not wanted any more")
    }

    @Test func aKeyFrameThatHasJustComeIsNotAskedFor() throws {
        try room.take(0, isKey: true)
        try room.take(1, isKey: true)
        var start = StreamStart(needsKeyFrame: true, only: nil)
        start.switched(to: 0, with: producer.streams[0].received[0], now: room.now)
        start.choose(among: producer, upTo: .max, isFirst: false, now: room.now)
        #expect(start.awaited == 1)
        room.wakeUp()
        #expect(room.keyFrameRequests(1) == 0)
    }

    @Test func theOnlyEncodingIsShownWhateverOthersThereAre() throws {
        try room.take(0)
        try room.take(1)
        var start = StreamStart(needsKeyFrame: true, only: 0)
        start.choose(among: producer, upTo: .max, isFirst: true, now: room.now)
        #expect(start.awaited == 0)
    }

    @Test func whatWasLostBeginsAnewWithTheSameEncoding() throws {
        try sendWithKey(packets: 3)
        var start = StreamStart(needsKeyFrame: true, only: nil)
        request(&start)
        try begin(&start)
        start.lose(needsKeyFrame: true)
        #expect(start.current == nil && start.awaited == 0)
        #expect(!start.isCatchingUp)
    }

    // MARK: Private

    private func sendWithKey(packets: Int, size: Int = 200) throws {
        for index in 0..<packets { try room.send(isKey: index == 0, size: size) }
    }

    private func request(_ start: inout StreamStart, isFirst: Bool = true) {
        start.requestKeyFrame(of: producer, upTo: 0, isFirst: isFirst, now: room.now)
    }

    private func begin(_ start: inout StreamStart) throws {
        let taken = start.takeBeginning(of: producer.streams[0], format, now: room.now)
        let first = try #require(taken)
        #expect(first.header.sequenceNumber == 1_000 && first.startsKeyFrame)
        start.switched(to: 0, with: first, now: room.now)
    }

    private func poll(_ start: inout StreamStart, hasRoom: Bool = true, isPaced: Bool = false) -> UInt16? {
        start.pollKept(
            of: producer.streams[0],
            format,
            hasRoom: hasRoom,
            isPaced: isPaced,
            now: room.now
        )?.header.sequenceNumber
    }

    private func pollAll(_ start: inout StreamStart, isPaced: Bool = false) -> [UInt16] {
        var numbers: [UInt16] = []
        while let number = poll(&start, isPaced: isPaced) { numbers.append(number) }
        return numbers
    }
}
