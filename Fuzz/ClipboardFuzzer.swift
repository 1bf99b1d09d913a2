#if canImport(RemoteControl)
import RemoteControl
import Wire
#endif

/// libFuzzer's entry point: whatever pages and programs on the desk send, messages have one encoding, and neither the room's nor
/// the desk process's part traps or runs without bound.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzClipboard(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: count)
    if let message = try? ClipboardMessage(parsing: bytes) {
        precondition(message.encoded().count == count)
    }
    let policy = ClipboardPolicy(.all, limit: 4_096)
    var exchange = ClipboardExchange(policy)
    var clipboard = DeskClipboard()
    exchange.handleDesk(isThere: true)
    clipboard.handle(.policy(policy), isScreenOpen: true, now: Instant(nanoseconds: 0))

    // A byte for what happens, one for how much of the rest belongs to it.
    var now = Instant(nanoseconds: 0)
    var place = 0
    while place + 2 <= count {
        let (kind, length) = unsafe (start[place], Int(start[place + 1]))
        let end = min(count, place + 2 + length)
        let part = bytes.extracting((place + 2)..<end)
        let content = part.withUnsafeBytes { Array($0) }
        place = end
        now += .milliseconds(Int64(kind) * 8)
        let slot = kind >> 4 & 7
        switch kind & 15 {
        case 0, 1:
            exchange.handle(
                part,
                from: ParticipantID(UInt64(kind >> 4 & 3)),
                .init(mayPut: true, mayTake: true),
                now: now
            )
        case 2:
            exchange.handle(
                ClipboardContent([.text: content]),
                as: UInt16(kind >> 4),
                { _ in .init(mayPut: true, mayTake: true) },
                now: now
            )
        case 3: exchange.handle(.done, of: UInt16(kind >> 4))
        case 4: exchange.handleTimeout(now: now)
        case 5, 6:
            if let message = try? ClipboardMessage(parsing: part) {
                clipboard.handle(message, isScreenOpen: true, now: now)
            }
        case 7: clipboard.handleOwner(time: UInt32(kind >> 4), now: now)
        case 8: clipboard.handleNoOwner(hasEnded: kind & 16 == 0)
        case 9: clipboard.handle(.targets([.utf8String, .html, .png, .string]), slot: slot, now: now)
        case 10: clipboard.handle(.bytes(content), slot: slot, now: now)
        case 11: clipboard.handle(.incremental, slot: slot, now: now)
        case 12: clipboard.handlePiece(content, slot: slot, now: now)
        case 13:
            let target = SelectionTarget.allCases[Int(slot)]
            clipboard.handle(
                SelectionOwner.Request(requestor: 1, target: target, property: UInt32(slot)),
                now: now
            )
        case 14: clipboard.handleDeleted(UInt32(slot), of: 1, now: now)
        default:
            clipboard.handleAcquired(kind & 16 == 0)
            clipboard.handleOwned()
            clipboard.handleTimeout(now: now)
        }
        while exchange.pollEffect() != nil {}
        while clipboard.pollAction() != nil {}
        while clipboard.pollMessage() != nil {}
    }
    return 0
}
