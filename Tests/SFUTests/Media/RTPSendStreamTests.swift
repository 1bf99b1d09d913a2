import SFU
import Testing
import WebRTC
import Wire

/// A stream to a plain peer, packet by packet.
@Suite struct RTPSendStreamTests {
    private let room: WayRoom
    private let transport: PlainTransport
    private let producer: Producer
    private let outbox = Outbox()

    init() throws {
        room = try WayRoom()
        transport = try room.makePlain()
        try transport.connect(to: SocketAddress(ipv4: 0x7f00_0001, port: 6_000), now: room.now)
        producer = try room.core.producer(room.producer)
    }

    @Test func aPacketLeavesWithThePayloadThatItsSourceHasAndCounts() throws {
        var stream = try Stream(producer)
        try send(&stream, isKey: true)
        let sent = try #require(outbox.drain().first)
        #expect(sent.header?.ssrc == 7 && sent.header?.payloadType == 100)
        #expect(sent.payload == stream.last.map { Array($0.dropFirst(12)) })
        #expect(stream.out.statistics.packets == 1)
        #expect(stream.out.statistics.bytes == 200)
    }

    @Test func whatItsSourceHasNotKeptIsNotSent() throws {
        var stream = try Stream(producer)
        try send(&stream, source: 5_000)
        #expect(outbox.drain().isEmpty)
        #expect(stream.out.statistics.packets == 0)
    }

    @Test func aRepetitionIsAStreamOfItsOwnWhereThatWasAgreed() throws {
        var stream = try Stream(producer, rtx: true)
        try send(&stream)
        let first = try #require(outbox.drain().first)
        #expect(stream.out.allowsResending(isProbe: true, as: stream.format, through: transport.egress))
        #expect(try resend(&stream))
        let second = try #require(outbox.drain().first)
        #expect(second.header?.ssrc == 8 && second.header?.payloadType == 101)
        let number = try #require(first.header?.sequenceNumber)
        #expect(second.payload == [UInt8(number >> 8), UInt8(number & 0xff)] + first.payload)
        #expect(stream.out.statistics.retransmitted == 1 && stream.out.statistics.packets == 1)
        #expect(try resend(&stream, isProbe: true))
        #expect(stream.out.statistics.retransmitted == 1 && stream.out.statistics.probes == 1)
    }

    @Test func otherwiseItIsThePacketAsItWas() throws {
        var stream = try Stream(producer)
        try send(&stream)
        let egress = transport.egress
        #expect(stream.out.allowsResending(isProbe: false, as: stream.format, through: egress))
        #expect(!stream.out.allowsResending(isProbe: true, as: stream.format, through: egress))
        #expect(try resend(&stream))
        let sent = outbox.drain()
        #expect(sent.count == 2 && sent[0].bytes == sent[1].bytes)
    }

    @Test func whatHasNoPacketIsAnsweredWithNothingInIt() throws {
        var stream = try Stream(producer, rtx: true)
        try send(&stream)
        _ = outbox.drain()
        stream.out.sendEmpty(
            0x0304,
            as: stream.format,
            through: transport.egress,
            now: room.now,
            into: &outbox.queue
        )
        let sent = try #require(outbox.drain().first)
        #expect(sent.header?.ssrc == 8 && sent.payload == [3, 4])
    }

    @Test func nothingIsRepairedTwiceWithinARoundTrip() throws {
        var stream = try Stream(producer, rtx: true)
        // Until a report tells, 40 ms; and a little less, for receivers ask again after just one.
        let answers = [0, 29, 30, 59, 60].map {
            stream.out.allowsRepair(9, now: room.now + .milliseconds($0))
        }
        #expect(answers == [true, false, true, false, true])
        #expect(stream.out.repairs(of: 9) == 3)
        #expect(!stream.out.isDelivered(9))
        stream.out.handleDelivered(9)
        #expect(stream.out.isDelivered(9))
    }

    @Test func theEndIsRepeatedUntilTheReceiverReportsIt() throws {
        var stream = try Stream(producer)
        try send(&stream)
        stream.out.handleForwarded(now: room.now)
        var repeats = 0
        for _ in 0..<2 {
            let due = try #require(stream.out.tailDue)
            if stream.out.pollTail(now: due) == .repeatNewest { repeats += 1 }
        }
        #expect(repeats == 2)
        #expect(!stream.out.isReported)
        #expect(!report(&stream, highest: stream.newest))
        #expect(stream.out.isReported)
        #expect(stream.out.tailDue == nil)
    }

    @Test func aReceiverThatLacksTheEndThoughItWasRepeatedNeedsAKeyFrame() throws {
        var stream = try Stream(producer)
        try send(&stream)
        stream.out.handleForwarded(now: room.now)
        #expect(!report(&stream, highest: stream.newest &- 1), "it is only repeated so far")
        for _ in 0..<4 { _ = stream.out.pollTail(now: try #require(stream.out.tailDue)) }
        #expect(report(&stream, highest: stream.newest &- 1))
    }

    /// Browsers ask for a key frame when a still picture has brought nothing for three seconds.
    @Test func aRequestOutOfSilenceIsAnsweredIfAnythingCanBeMissing() throws {
        var stream = try Stream(producer)
        try send(&stream)
        stream.out.handleForwarded(now: room.now)
        let later = room.now + .seconds(3)
        let unconfirmed = stream.out.handleKeyFrameRequest(now: later)
        #expect(unconfirmed, "it has not said that it has everything")
        _ = report(&stream, highest: stream.newest)
        let confirmed = stream.out.handleKeyFrameRequest(now: later)
        #expect(!confirmed)
        let again = stream.out.handleKeyFrameRequest(now: later + .seconds(1))
        #expect(again)
        #expect(stream.out.statistics.keyFrameRequests == 3)
        stream.out.handleLoss()
        let incomplete = stream.out.handleKeyFrameRequest(now: later + .seconds(30))
        #expect(incomplete)
    }

    // MARK: Private

    /// A stream, and what its owner would know of it.
    private struct Stream {
        let format: ConsumerFormat
        var out: RTPSendStream
        var spliced: SplicedStream
        /// The newest packet as it came, what it went out as, and its number there.
        var last: [UInt8]?
        var numbers: SplicedStream.Numbers?
        var newest: UInt16 { spliced.newest ?? 0 }

        init(_ producer: Producer, rtx: Bool = false) throws {
            var random = RandomSource(seed: 5)
            format = try ConsumerFormat(
                producer,
                options: ConsumerOptions(capabilities: WayRoom.capabilities(rtx: rtx)),
                mid: "0",
                ssrc: 7,
                rtxSSRC: 8,
                cname: "room"
            )
            out = RTPSendStream(.video, clockRate: WayRoom.clockRate, format, random: &random)
            spliced = SplicedStream(clockRate: WayRoom.clockRate, generation: 0, random: &random)
        }
    }

    /// Has a packet come, and sends it.
    ///
    /// - Parameter source: Where to look for its payload, if not under its own number.
    private func send(_ stream: inout Stream, isKey: Bool = false, source: UInt16? = nil) throws {
        stream.last = try room.take(isKey: isKey)
        let packet = try #require(producer.streams[0].received.last)
        if !stream.spliced.isSynchronised {
            stream.spliced.synchronise(with: packet, of: producer.streams[0], in: producer, as: 0)
        }
        let handled = stream.spliced.handle(packet, of: producer.streams[0])
        let numbers = try #require(handled)
        stream.numbers = numbers
        var header = packet.header
        header.ssrc = 7
        header.payloadType = 100
        header.sequenceNumber = numbers.sequence
        header.timestamp = numbers.timestamp
        stream.out.send(
            header,
            .unchanged,
            source: source ?? packet.header.sequenceNumber,
            audioLevel: nil,
            of: producer.streams[0],
            held: packet.came,
            isNewest: true,
            as: stream.format,
            through: transport.egress,
            now: room.now,
            into: &outbox.queue
        )
    }

    /// Sends the newest packet again.
    private func resend(_ stream: inout Stream, isProbe: Bool = false) throws -> Bool {
        let packet = try #require(stream.last)
        let numbers = try #require(stream.numbers)
        return stream.out.resend(
            try RTPHeader(parsing: packet.span.bytes),
            in: packet.span.bytes,
            of: producer.streams[0],
            numbers,
            as: numbers.sequence,
            isProbe: isProbe,
            isNewest: true,
            stream.format,
            through: transport.egress,
            now: room.now,
            into: &outbox.queue
        )
    }

    /// The receiver reports what it has; returns whether it needs a key frame.
    private func report(_ stream: inout Stream, highest: UInt16) -> Bool {
        let block = ReportBlock(
            ssrc: 7,
            fractionLost: 0,
            cumulativeLost: 0,
            highestSequence: UInt32(highest),
            jitter: 0,
            lastSenderReport: 0,
            delaySinceLastSenderReport: 0
        )
        let clock = NTPTime(unixNanoseconds: 1_700_000_000_000_000_000)
        return stream.out.handle(block, newest: stream.spliced.newest, wallClock: clock)
    }
}
