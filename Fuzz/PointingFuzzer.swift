#if canImport(RemoteControl)
import RemoteControl
import Wire
#endif

/// libFuzzer's entry point: whatever pages send, messages have one encoding, and who points is bounded, and told in order.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPointing(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: count)
    if let message = try? PointersMessage(parsing: bytes) {
        precondition(message.encoded().count == count)
    }
    var pointers = Pointers()
    var now = Instant(nanoseconds: 0)
    let viewers = (0..<4).map { Pointers.Viewer(ParticipantID($0), seesDesk: $0 != 3) }
    // A byte for who does what and when, and a message.
    var place = 0
    while place + 1 + PointingMessage.length <= count {
        let kind = unsafe start[place]
        let part = bytes.extracting((place + 1)..<(place + 1 + PointingMessage.length))
        place += 1 + PointingMessage.length
        now += .milliseconds(Int64(kind) * 4)
        let person = ParticipantID(UInt64(kind & 7))
        switch kind >> 3 & 3 {
        case 0: pointers.handleDeparture(of: person, now: now)
        case 1: pointers.handleOpened(of: person)
        default:
            if let message = try? PointingMessage(parsing: part) {
                precondition(message.encoded().count == PointingMessage.length)
                pointers.handle(message, from: person, on: (Int(kind), 600), now: now)
            }
        }
        for (viewer, message) in pointers.pollMessages(for: viewers, now: now) {
            precondition(!message.pointers.contains { $0.person == viewer })
            precondition(viewer != viewers[3].id || message.pointers.isEmpty)
            precondition(
                message.pointers.allSatisfy { $0.point.x < max(1, Int(kind) + 256) && $0.point.y < 600 }
            )
        }
    }
    return 0
}
