#if canImport(WebRTC)
import WebRTC
#endif
#if canImport(Wire)
import Wire
#endif

/// Lets the bytes be levels of many microphones: whoever leads or speaks is there, no more than the places
/// are given, and the timer does not spin.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSpeakers(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var now = Instant(nanoseconds: 0)
    var speakers = ActiveSpeakers<UInt8>()
    var selection = LoudestSelection<UInt8>(places: 3)
    var present: Set<UInt8> = []
    for index in stride(from: 0, to: count - 2, by: 3) {
        let id = start[index] & 0xf
        now +=
            start[index] & 0x80 == 0
            ? .milliseconds(Int64(start[index + 2] & 0x3f)) : .seconds(Int64(start[index + 2]))
        if start[index] & 0x70 == 0x70 {
            present.remove(id)
            speakers.remove(id)
            selection.remove(id)
        } else {
            present.insert(id)
            speakers.handle(level: start[index + 1] & 0x7f, isVoice: start[index + 1] > 127, of: id, now: now)
            let isForwarded = selection.handle(level: start[index + 1] & 0x7f, of: id, now: now)
            precondition(isForwarded == selection.selected.contains(id))
        }
        if start[index + 2] == 0xff { selection.places = Int(start[index + 1] & 7) }
        speakers.handleTimeout(now: now)
        if let due = speakers.pollTimeout() { precondition(due > now, "the loop would spin") }
        while speakers.pollEvent() != nil {}
        precondition(
            speakers.speaking.isSubset(of: present) && speakers.dominant.map(present.contains) ?? true
        )
        precondition(selection.selected.allSatisfy(present.contains))
        precondition(Array(selection.selected).count <= selection.places)
    }
    return 0
}
