#if canImport(GstBridge)
import GstBridge
import Wire
#endif

/// libFuzzer's entry point: whatever comes on the link for voices, a message is read one way, and the jitter buffer keeps a
/// bounded number of packets, plays no packet twice without a new beginning, and comes to rest.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzVoices(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: count)
    if case .packet(_, let range) = VoiceMessage(parsing: bytes) { precondition(range.upperBound == count) }
    _ = OpusPayload.duration(of: bytes)

    // Five bytes for a step: what happens, and the packet's sequence number and timestamp.
    var buffer = JitterBuffer()
    var now = Instant(nanoseconds: 0)
    var place = 0
    while place + 5 <= count {
        let (kind, sequence) = unsafe (start[place], UInt16(start[place + 1]) << 8 | UInt16(start[place + 2]))
        let timestamp = unsafe UInt32(start[place + 3]) << 8 | UInt32(start[place + 4])
        place += 5
        now += .milliseconds(Int64(kind & 0x1f))
        switch kind >> 5 {
        case 0..<5:
            let contents = UInt8(truncatingIfNeeded: sequence)
            buffer.handle(
                [contents, kind],
                of: kind == 0 ? 1 : 2,
                sequence: sequence,
                at: timestamp << UInt32(kind & 7),
                now: now
            )
        case 5: buffer.handleDropped()
        case 6: buffer.handleInserted()
        default: _ = buffer.next(now: now)
        }
        precondition((JitterBuffer.shortest...JitterBuffer.longest).contains(buffer.target))
    }
    // More than its bound it cannot have, and at the end there is silence. (A gap is made up for in steps of 2.5 ms.)
    var steps = 0
    while steps < 20_000 {
        now += .milliseconds(20)
        steps += 1
        if case .nothing = buffer.next(now: now + .seconds(10)),
            case .nothing = buffer.next(now: now + .seconds(20))
        {
            break
        }
    }
    precondition(steps < 20_000)
    return 0
}
