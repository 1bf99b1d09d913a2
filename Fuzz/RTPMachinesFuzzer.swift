#if canImport(WebRTC)
import WebRTC
#endif
#if canImport(Wire)
import Wire
#endif

/// Drives the RTP machines with whatever the bytes say arrives and elapses: none traps, and each keeps its
/// bounds.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRTPMachines(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var room = Machines()
    var offset = 0
    // Eight bytes a step.
    while offset + 8 <= count {
        let field = { (index: Int) in Int(start[offset + index]) }
        room.step(
            command: field(0),
            sequence: UInt16(field(1) << 8 | field(2)),
            timestamp: UInt32(field(3) << 24 | field(4) << 16 | field(5) << 8),
            elapsed: Int64(field(6) << 8 | field(7))
        )
        offset += 8
    }
    return 0
}

private struct Machines: ~Copyable {
    var now = Instant(nanoseconds: 0)
    var sequence: UInt16 = 0
    var nack = NackGenerator()
    var statistics = ReceiveStatistics(clockRate: 90_000)
    var sender = SenderStatistics(clockRate: 90_000)
    var feedback = TransportFeedbackGenerator()
    var rewriter = RTPStreamRewriter(clockRate: 90_000, firstSequence: 65_000, firstTimestamp: 0)
    var store = RetransmissionStore(capacity: 4_000, lifetime: .seconds(2))
    var history = RetransmissionHistory()
    var buffer = [UInt8](repeating: 0, count: 2_048)

    mutating func step(command: Int, sequence field: UInt16, timestamp: UInt32, elapsed: Int64) {
        // Microseconds, or, rarely, minutes.
        now += command & 0x80 == 0 ? .microseconds(elapsed) : .seconds(60 * elapsed)
        // Mostly the next packet, or one close by.
        switch command & 3 {
        case 0: sequence &+= 1
        case 1: sequence = sequence &+ field & 0xff
        case 2: sequence = sequence &- field & 0xff
        default: sequence = field
        }
        repair(isKeyFrame: command & 0x40 != 0, interval: elapsed)
        report(timestamp: timestamp)
        rewrite(timestamp: timestamp, command: command >> 2 & 7)
        keep()
    }

    mutating func repair(isKeyFrame: Bool, interval: Int64) {
        nack.retryInterval = .milliseconds(interval)
        nack.handle(SequenceNumber(sequence), isKeyFrame: isKeyFrame, now: now)
        nack.handleTimeout(now: now)
        var asked = 0
        while let number = nack.pollRequest(now: now) {
            asked += 1
            precondition(asked <= 256 && number != SequenceNumber(sequence))
        }
        if let due = nack.pollTimeout() { precondition(due > now, "the loop would spin") }
        if nack.needsKeyFrame { nack.needsKeyFrame = false }
    }

    mutating func report(timestamp: UInt32) {
        let bytes: [UInt8] =
            [0x80, 96, UInt8(sequence >> 8), UInt8(sequence & 0xff)]
            + stride(from: 24, through: 0, by: -8).map { UInt8(timestamp >> UInt32($0) & 0xff) } + [
                0, 0, 0, 1,
            ]
        guard let header = try? RTPHeader(parsing: bytes.span.bytes) else { fatalError("a header of ours") }
        let before = statistics.packets
        let arrival = statistics.handle(header, size: 1_200, now: now)
        precondition(statistics.packets == before + (arrival == .unconfirmed ? 0 : 1))
        precondition(statistics.jitterSeconds.isFinite && statistics.jitterSeconds >= 0)
        if let block = statistics.makeReportBlock(1, now: now) {
            sender.handle(block, wallClock: NTPTime(unixNanoseconds: now.nanoseconds))
        }
        sender.handle(timestamp: timestamp, payload: 1_200, now: now)
        let wallClock = NTPTime(unixNanoseconds: now.nanoseconds)
        if sequence & 7 == 0, let report = sender.makeReport(1, wallClock: wallClock, now: now) {
            statistics.handle(report, now: now)
        }

        feedback.handle(SequenceNumber(sequence), now: now)
        var isDue = true
        var messages = 0
        while isDue {
            let length = buffer.withUnsafeMutableBytes { buffer in
                var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
                isDue = feedback.pollFeedback(from: 1, about: 2, now: now, into: &out)
                return out.finalize(for: buffer)
            }
            precondition(length <= 1_200 && isDue == (length > 0))
            messages += 1
            precondition(messages <= 4_002)
        }
        if let due = feedback.pollTimeout() { precondition(due > now, "the loop would spin") }
    }

    mutating func rewrite(timestamp: UInt32, command: Int) {
        let before = rewriter.newest
        switch command {
        case 0: rewriter.resynchronise(at: sequence, timestamp: timestamp, now: now)
        case 1: rewriter.skip(sequence)
        case 2 where sequence & 0xf == 0: rewriter.desynchronise()
        default: break
        }
        precondition(rewriter.newest == before)
        guard let outgoing = rewriter.map(sequence: sequence, timestamp: timestamp, now: now) else { return }
        precondition(rewriter.isSynchronised)
        guard let newest = rewriter.newest else { fatalError("a number was given out") }
        precondition(SequenceNumber(outgoing.sequence).distance(to: newest) >= 0, "the newest is behind")
        precondition(rewriter.source(of: outgoing.sequence) == sequence, "a NACK finds another packet")
        if command == 0, let before { precondition(outgoing.sequence == before.advanced(by: 1).rawValue) }
    }

    mutating func keep() {
        let length = Int(sequence % 1_400) + 1
        let packet = [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: length)
        store.store(packet.span.bytes, sequence: sequence, now: now)
        for number in [sequence, sequence &- 1, sequence &- 2_048] {
            let isKept = store.withPacket(number, now: now) { packet in
                precondition(packet.byteCount == Int(number % 1_400) + 1)
                let last = packet.bigEndian(UInt8.self, at: packet.byteCount - 1)
                precondition(last == UInt8(truncatingIfNeeded: number), "another packet")
            }
            precondition(isKept || number != sequence)
        }
        if history.allows(sequence, roundTrip: .milliseconds(50), now: now) {
            precondition(!history.allows(sequence, roundTrip: .milliseconds(50), now: now))
        }
    }
}
