#if canImport(RemoteControl)
import RemoteControl
import Wire
#endif

/// libFuzzer's entry point: whatever pages and the desk process send about files, messages have one encoding, names become names that a
/// file may have, and the room's part neither traps nor runs without bound.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFiles(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: count)
    if let message = try? FileMessage(parsing: bytes) {
        precondition(message.encoded().count == count)
    }
    let name = FileName(cleaning: String(decoding: bytes.withUnsafeBytes { Array($0) }, as: UTF8.self))
    for text in [name.text, name.numbered(999)] {
        precondition((1...255).contains(text.utf8.count) && !text.utf8.contains(0x2f) && !text.hasPrefix("."))
    }
    let everything = FileExchange.Standing(mayPut: true, mayTake: true, mayHand: true)
    var exchange = FileExchange(FilePolicy(.all, limit: 1 << 40, total: 1 << 40))
    var window = DelayBasedWindow()
    exchange.handleDesk(isThere: true)

    // A byte for what happens, one for how much of the rest belongs to it.
    var now = Instant(nanoseconds: 0)
    var place = 0
    while place + 2 <= count {
        let (kind, length) = unsafe (start[place], Int(start[place + 1]))
        let end = min(count, place + 2 + length)
        let part = bytes.extracting((place + 2)..<end)
        place = end
        now += .milliseconds(Int64(kind) * 8)
        let person = ParticipantID(UInt64(kind >> 4 & 3))
        let standing = kind & 0x80 == 0 ? everything : FileExchange.Standing()
        switch kind & 7 {
        case 0, 1, 2: exchange.handle(part, from: person, standing, now: now)
        case 3, 4:
            guard let message = try? FileMessage(parsing: part) else { break }
            exchange.handleDesk(message, { _ in standing }, now: now)
        case 5: exchange.handleRights { $0 == person ? standing : everything }
        case 6:
            exchange.handleTimeout(now: now)
            exchange.handleGone(person)
        default:
            exchange.handleUnsent(to: person)
            exchange.handleDesk(isThere: kind & 8 == 0)
        }
        window.handleAcknowledgement(
            of: length << 8,
            delay: UInt32(kind) << 24,
            flight: length << 9,
            now: now
        )
        precondition((DelayBasedWindow.least...DelayBasedWindow.most).contains(window.bytes))
        while exchange.pollEffect() != nil {}
    }
    return 0
}
