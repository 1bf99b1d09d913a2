import SFU
import Testing
import WebRTC
import Wire

/// A transport that hands packets to a reader in this process, as a recorder is.
@Suite struct DirectTransportTests {
    private struct Packet {
        var described: DirectPacket
        var bytes: [UInt8]
    }
    private let packets = Recorded<Packet>()
    private let reports = Recorded<[UInt8]>()

    private func reader() -> DirectReader {
        let (packets, reports) = (packets, reports)
        return DirectReader(
            rtp: { packets.append(Packet(described: $0, bytes: bytes(of: $1))) },
            rtcp: { reports.append(bytes(of: $0)) }
        )
    }

    @Test func aReaderIsGivenEveryPacketInOrderFromAKeyFrameOn() throws {
        let room = try WayRoom()
        let transport = try room.core.makeDirectTransport(on: room.router, reader: reader(), now: room.now)
        try room.send()
        let consumer = try room.consume(on: transport.id)
        try room.send()
        #expect(packets.all.isEmpty)
        try room.send(isKey: true)
        for _ in 0..<30 { try room.send() }
        try room.send(isKey: true)
        #expect(packets.all.count == 32)
        #expect(
            packets.all.map(\.described.startsKeyFrame) == [true] + Array(repeating: false, count: 30) + [
                true
            ]
        )
        for packet in packets.all {
            let header = packet.described.header
            #expect(packet.described.consumer == consumer.id && packet.described.encoding == 0)
            #expect(try RTPHeader(parsing: packet.bytes.span.bytes) == header)
            #expect(header.payloadType == 100 && header.ssrc == consumer.rtp.encodings[0].ssrc)
            #expect(header.payload.count == 200 && packet.bytes[header.payload.lowerBound] == 0x10)
        }
        for (before, after) in zip(packets.all, packets.all.dropFirst()) {
            #expect(after.described.header.sequenceNumber == before.described.header.sequenceNumber &+ 1)
            #expect(after.described.header.timestamp == before.described.header.timestamp &+ 2_970)
        }
    }

    @Test func theSourcesReportsTellWhenAPacketWasMade() throws {
        let room = try WayRoom()
        let transport = try room.core.makeDirectTransport(on: room.router, reader: reader(), now: room.now)
        _ = try room.consume(on: transport.id)
        try room.send(isKey: true)
        #expect(packets.all.last?.described.clock == nil)
        let ntp = NTPTime(unixNanoseconds: 1_234_567_890_000_000_000)
        // The next packet's timestamp stands for this moment.
        try room.report(ntp: ntp)
        try room.send()
        let last = try #require(packets.all.last?.described)
        #expect(last.clock == MediaClockMapping(ntpTime: ntp, timestamp: last.header.timestamp))
        try room.send()
        let next = try #require(packets.all.last?.described)
        #expect(next.clock?.timestamp == next.header.timestamp &- 2_970)
    }

    @Test func aKeyFrameCanBeAskedFor() throws {
        let room = try WayRoom()
        let transport = try room.core.makeDirectTransport(on: room.router, reader: reader(), now: room.now)
        let consumer = try room.consume(on: transport.id)
        try room.send(isKey: true)
        let before = room.keyFrameRequests()
        room.run(for: .seconds(1))
        try room.core.requestKeyFrame(consumer.id, now: room.now)
        room.wakeUp()
        #expect(room.keyFrameRequests() == before + 1)
        try room.send(isKey: true)
        room.run(for: .seconds(1))
        let ssrc = try #require(consumer.rtp.encodings[0].ssrc)
        var queue = TransmitQueue(capacity: 2)
        let request = written { PictureLossIndication.write(from: 9, about: ssrc, into: &$0) }
        try room.core.sendRTCP(request.span.bytes, on: transport.id, now: room.now, into: &queue)
        room.wakeUp()
        #expect(room.keyFrameRequests() == before + 2)
        let isQuiet = queue.isEmpty
        #expect(isQuiet, "nothing goes to a socket")
    }

    /// As a recorder does that begins with another file: it has everything, and needs a key frame.
    @Test func soItCanByAReaderThatHasEverythingOfAStillPicture() throws {
        let room = try WayRoom()
        let transport = try room.core.makeDirectTransport(on: room.router, reader: reader(), now: room.now)
        let consumer = try room.consume(on: transport.id)
        try room.send(isKey: true)
        let ssrc = try #require(consumer.rtp.encodings[0].ssrc)
        let block = ReportBlock(
            ssrc: ssrc,
            fractionLost: 0,
            cumulativeLost: 0,
            highestSequence: UInt32(try #require(packets.all.last?.described.header.sequenceNumber)),
            jitter: 0,
            lastSenderReport: 0,
            delaySinceLastSenderReport: 0
        )
        var queue = TransmitQueue(capacity: 2)
        let report = written { block.writeReceiverReport(from: 9, into: &$0) }
        try room.core.sendRTCP(report.span.bytes, on: transport.id, now: room.now, into: &queue)
        room.run(for: .seconds(4))
        let before = room.keyFrameRequests()
        let request = written { PictureLossIndication.write(from: 9, about: ssrc, into: &$0) }
        try room.core.sendRTCP(request.span.bytes, on: transport.id, now: room.now, into: &queue)
        room.wakeUp()
        #expect(room.keyFrameRequests() == before + 1)
    }

    @Test func aStillPictureCostsNoKeyFrames() throws {
        let room = try WayRoom()
        let transport = try room.core.makeDirectTransport(on: room.router, reader: reader(), now: room.now)
        _ = try room.consume(on: transport.id)
        try room.send(isKey: true)
        let before = room.keyFrameRequests()
        room.run(for: .seconds(30))
        #expect(room.keyFrameRequests() == before)
        #expect(packets.all.count == 1)
    }

    @Test func reportsOfTheConsumersAreHandedOut() throws {
        let room = try WayRoom()
        let transport = try room.core.makeDirectTransport(on: room.router, reader: reader(), now: room.now)
        let consumer = try room.consume(on: transport.id)
        try room.send(isKey: true)
        room.run(for: .milliseconds(1_500))
        #expect(
            reports.all.contains { compound in
                elements(of: compound).contains {
                    $0.type == RTCPType.senderReport
                        && word(compound, at: $0.body.lowerBound) == consumer.rtp.encodings[0].ssrc
                }
            }
        )
    }

    @Test func anotherEncodingIsTold() throws {
        let room = try WayRoom(encodings: 2)
        let transport = try room.core.makeDirectTransport(on: room.router, reader: reader(), now: room.now)
        let consumer = try room.consume(on: transport.id)
        for encoding in 0..<2 { try room.send(encoding, isKey: true) }
        for _ in 0..<5 { for encoding in 0..<2 { try room.send(encoding) } }
        #expect(packets.all.last?.described.encoding == 1)
        try room.core.setPreferredLayers(consumer.id, spatial: 0, temporal: nil, now: room.now)
        for encoding in 0..<2 { try room.send(encoding, isKey: true) }
        for _ in 0..<5 { for encoding in 0..<2 { try room.send(encoding) } }
        #expect(packets.all.last?.described.encoding == 0)
        let sequences = packets.all.map(\.described.header.sequenceNumber)
        #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $1 == $0 &+ 1 }, "one unbroken stream")
    }

    @Test func whatIsNoPacketOfItsProducersIsRefusedAndCounted() throws {
        let room = try WayRoom()
        var queue = TransmitQueue(capacity: 2)
        var random = SplitMix64(seed: 1)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...1_600, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            #expect(throws: SFUError.self) {
                try room.core.sendRTP(bytes.span.bytes, on: room.source.id, now: room.now)
            }
            _ = try? room.core.sendRTCP(bytes.span.bytes, on: room.source.id, now: room.now, into: &queue)
        }
        #expect(room.source.currentStatistics().packetsRejected >= 950)
        #expect(throws: SFUError.notFound) {
            let transport = try room.makePlain()
            try room.core.sendRTP([0x80].span.bytes, on: transport.id, now: room.now)
        }
    }

    @Test func itsConsumersEndWithIt() throws {
        let room = try WayRoom()
        let transport = try room.core.makeDirectTransport(on: room.router, reader: reader(), now: room.now)
        let consumer = try room.consume(on: transport.id)
        try room.send(isKey: true)
        var queue = TransmitQueue(capacity: 2)
        try room.core.close(transport.id, now: room.now, into: &queue)
        let count = packets.all.count
        try room.send()
        #expect(packets.all.count == count)
        #expect(throws: SFUError.notFound) { try room.core.consumer(consumer.id) }
    }
}
