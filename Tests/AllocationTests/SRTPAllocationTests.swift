import CAllocations
import Testing
import WebRTC
import Wire

/// Nothing is allocated for a packet, once its stream is known.
@Suite(.enabled(if: !_isDebugAssertConfiguration(), "code that is not optimised allocates"))
struct SRTPAllocationTests {
    private let keys = SRTPKeyingMaterial(
        profile: .aeadAES128GCM,
        localKey: [UInt8](repeating: 1, count: 16),
        localSalt: [UInt8](repeating: 2, count: 12),
        remoteKey: [UInt8](repeating: 1, count: 16),
        remoteSalt: [UInt8](repeating: 2, count: 12)
    )
    private let payload = [UInt8](repeating: 0xaa, count: 1_200)
    private let report: [UInt8] = [0x81, 201, 0, 7, 0, 0, 0, 5] + [UInt8](repeating: 0xbb, count: 24)

    @Test func theCountCounts() {
        let before = CAllocations_count()
        let block = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 1)
        defer { block.deallocate() }
        #expect(CAllocations_count() > before)
    }

    @Test func theSenderAllocatesNothing() throws {
        var sender = try SRTPSender(keys)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_500, alignment: 1)
        defer { memory.deallocate() }
        try send(sequence: 0, from: &sender, into: memory)
        let before = CAllocations_count()
        for sequence in UInt16(1)...100 {
            try send(sequence: sequence, from: &sender, into: memory)
        }
        let allocations = CAllocations_count() - before
        #expect(allocations == 0)
    }

    /// One packet of each of 100 streams, every other one a retransmission, and a report.
    private func send(
        sequence: UInt16,
        from sender: inout SRTPSender,
        into memory: UnsafeMutableRawBufferPointer
    ) throws {
        for ssrc in UInt32(0)..<100 {
            var out = OutputRawSpan(buffer: memory, initializedCount: 0)
            write(sequence: sequence, ssrc: ssrc, into: &out)
            try sender.protectRTP(
                headerLength: RTPHeader.fixedLength,
                prefix: ssrc % 2 == 0 ? sequence : nil,
                payload: payload.span.bytes,
                into: &out
            )
        }
        var out = OutputRawSpan(buffer: memory, initializedCount: 0)
        try sender.protectRTCP(report.span.bytes, into: &out)
    }

    /// Accepted packets only: Swift Testing keeps a backtrace of every error that is thrown.
    @Test func theReceiverAllocatesNothing() throws {
        var sender = try SRTPSender(keys)
        var receiver = try SRTPReceiver(keys)
        var packets: [[UInt8]] = []
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1_500, alignment: 1)
        defer { memory.deallocate() }
        for number in UInt16(0)..<1_000 {
            var out = OutputRawSpan(buffer: memory, initializedCount: 0)
            write(sequence: number, ssrc: UInt32(number % 8), into: &out)
            try sender.protectRTP(headerLength: 12, prefix: nil, payload: payload.span.bytes, into: &out)
            packets.append([UInt8](memory[..<out.finalize(for: memory)]))
        }

        var before: UInt = 0
        for position in packets.indices {
            // The first packet of each of the eight streams makes room for it.
            if position == 8 { before = CAllocations_count() }
            var span = packets[position].mutableSpan
            var raw = span.mutableBytes
            _ = try receiver.unprotectRTP(&raw)
        }
        let allocations = CAllocations_count() - before
        #expect(allocations == 0)
    }

    private func write(sequence: UInt16, ssrc: UInt32, into out: inout OutputRawSpan) {
        out.append(bigEndian: 0x8060_0000 | UInt32(sequence))
        out.append(bigEndian: UInt32(0))
        out.append(bigEndian: ssrc)
    }
}
