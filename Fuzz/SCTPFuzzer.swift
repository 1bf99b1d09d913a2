#if canImport(Wire)
import Wire
#endif
#if canImport(WebRTC)
import WebRTC
#endif

/// Packets of any chunks, with header and checksum put right, into an association that is connected.
///
/// The input is a sequence of packets: a byte with a step of time and a flag for a message to be sent, two
/// bytes with
/// the length, and the chunks. TSNs are relative, so that the fuzzer finds the numbers that mean something.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSCTP(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    var target = FuzzTarget()
    var offset = 0
    while offset + 3 <= input.count {
        let control = input[offset]
        let length = min(Int(input[offset + 1]) << 8 | Int(input[offset + 2]), input.count - offset - 3)
        target.advance(milliseconds: Int64(control & 0x3f) * 16)
        if control & 0x40 != 0 { target.sendMessage(length: length * 7) }
        if control & 0x80 != 0 { target.closeChannel() }
        target.deliver(Array(input[(offset + 3)..<(offset + 3 + length)]))
        offset += 3 + length
    }
    target.finish()
    return 0
}

private struct FuzzTarget {
    private var channels: DataChannels
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var random = RandomSource(seed: 1)
    private var tag: UInt32 = 0
    private var peerTSN: UInt32 = 0
    private var ourTSN: UInt32 = 0
    private var stream: UInt16 = 0

    init() {
        var client = DataChannels(isDTLSClient: true, using: &random)
        channels = DataChannels(isDTLSClient: false, maximumMessageSize: 20_000, using: &random)
        client.connect(now: now)
        if let opened = try? channels.open(DataChannelParameters(label: "a", maximumRetransmits: 1), now: now)
        {
            stream = opened
        }
        _ = try? client.open(DataChannelParameters(label: "b", isOrdered: false), now: now)
        for _ in 0..<4 {
            while let packet = Self.packet(from: &client, now: now) {
                if packet[12] == 1, let initial = packet.span.bytes.bigEndian(UInt32.self, at: 28) {
                    peerTSN = initial
                }
                if packet[12] == 10, let verification = packet.span.bytes.bigEndian(UInt32.self, at: 4) {
                    tag = verification
                }
                channels.handle(packet.span.bytes, now: now)
            }
            while let packet = Self.packet(from: &channels, now: now) {
                if packet[12] == 2, let initial = packet.span.bytes.bigEndian(UInt32.self, at: 28) {
                    ourTSN = initial
                }
                client.handle(packet.span.bytes, now: now)
            }
        }
        precondition(channels.state == .connected, "two ends of ours connect")
    }

    mutating func advance(milliseconds: Int64) {
        now += .milliseconds(milliseconds)
        if let deadline = channels.pollTimeout(), deadline <= now { channels.handleTimeout(now: now) }
    }

    mutating func sendMessage(length: Int) {
        let message = [UInt8](repeating: 1, count: length)
        try? channels.send(message.span.bytes, isBinary: true, on: stream, now: now)
    }

    mutating func closeChannel() {
        channels.close(stream: stream, now: now)
        if let opened = try? channels.open(DataChannelParameters(label: "c"), now: now) { stream = opened }
    }

    mutating func deliver(_ chunks: [UInt8]) {
        var packet: [UInt8] = [0x13, 0x88, 0x13, 0x88, 0, 0, 0, 0, 0, 0, 0, 0] + chunks
        // INIT travels with tag 0, everything else with ours.
        if chunks.first != 1 { Self.store(tag, at: 4, in: &packet) }
        makeNumbersAbsolute(in: &packet)
        Self.store(CRC32c.checksum(ofPacket: packet.span.bytes).byteSwapped, at: 8, in: &packet)
        channels.handle(packet.span.bytes, now: now)
        drain()
    }

    mutating func finish() {
        for _ in 0..<50 {
            guard let deadline = channels.pollTimeout() else { break }
            now = max(now, deadline)
            channels.handleTimeout(now: now)
            drain()
        }
    }

    private mutating func drain() {
        var count = 0
        while let packet = Self.packet(from: &channels, now: now) {
            precondition(packet.count <= DataChannels.maximumPacketLength, "packets fit")
            precondition(Self.isWellFormed(packet.span.bytes), "a right checksum, and chunks to the end")
            count += 1
            precondition(count < 5_000, "one packet does not make us send without end")
        }
        while channels.pollEvent() != nil {}
    }

    private static func isWellFormed(_ packet: RawSpan) -> Bool {
        guard (try? SCTPPacket(parsing: packet)) != nil else { return false }
        var walk = SCTPChunks()
        while !walk.isAtEnd(of: packet) {
            guard (try? walk.next(in: packet)) != nil else { return false }
        }
        return true
    }

    /// Adds the initial TSNs to the numbers in DATA, SACK, FORWARD TSN, SHUTDOWN and RE-CONFIG.
    private func makeNumbersAbsolute(in packet: inout [UInt8]) {
        var walk = SCTPChunks()
        while let chunk = try? walk.next(in: packet.span.bytes) {
            let start = chunk.value.lowerBound
            switch chunk.type {
            case .data, .forwardTSN: Self.add(peerTSN, at: start, in: &packet)
            case .sack, .shutdown: Self.add(ourTSN &- 1, at: start, in: &packet)
            case .reconfiguration:
                Self.add(
                    packet.count > start + 1 && packet[start + 1] == 16 ? ourTSN : peerTSN,
                    at: start + 4,
                    in: &packet
                )
                Self.add(peerTSN, at: start + 12, in: &packet)
            default: break
            }
        }
    }

    private static func add(_ base: UInt32, at offset: Int, in packet: inout [UInt8]) {
        guard let value = packet.span.bytes.bigEndian(UInt32.self, at: offset) else { return }
        store(value &+ base, at: offset, in: &packet)
    }

    private static func store(_ value: UInt32, at offset: Int, in packet: inout [UInt8]) {
        for index in 0..<4 {
            packet[offset + index] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(index)))
        }
    }

    private static func packet(from channels: inout DataChannels, now: Instant) -> [UInt8]? {
        withUnsafeTemporaryAllocation(byteCount: DataChannels.maximumPacketLength, alignment: 8) { buffer in
            var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
            let isPacket = channels.pollPacket(now: now, into: &out)
            let count = out.finalize(for: buffer)
            return isPacket ? [UInt8](buffer[..<count]) : nil
        }
    }
}
