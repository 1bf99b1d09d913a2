#if canImport(RemoteControl)
import RemoteControl
#endif
#if canImport(Wire)
import Wire
#endif

/// libFuzzer's entry point: whatever the bytes, parsing returns or throws, what is accepted is written
/// back as it was, and the lease forwards nothing without a holder.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzControlEvent(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: count)
    if let event = try? ControlEvent(parsing: bytes) {
        precondition(event.encoded().count == count)
    }
    if let message = try? CursorMessage(parsing: bytes) {
        precondition(message.encoded().count == count)
    }
    if let receipt = try? TextReceipt(parsing: bytes) {
        precondition(receipt.encoded().count == count)
    }

    if let answer = try? HeldAnswer(parsing: bytes) {
        precondition(answer.encoded().count == count)
    }

    if let echo = try? TypingEcho(parsing: bytes) {
        precondition(echo.encoded().count == count)
    }

    var lease = ControlLease()
    let someone = ParticipantID(1)
    if case .forward = lease.accept(bytes, from: someone, now: Instant(nanoseconds: 0)) {
        preconditionFailure("nobody holds the lease")
    }
    _ = lease.request(by: someone)
    // Twice: what is right for the first time may be a repetition, in part.
    for _ in 0..<2 {
        if case .forward(let event) = lease.accept(bytes, from: someone, now: Instant(nanoseconds: 0)) {
            precondition((try? ControlEvent(parsing: event.encoded().span.bytes)) == event)
        }
    }
    return 0
}
