#if canImport(Wire)
import Wire
#endif

/// Whatever a file says: it is read or refused, and what is read of it is bounded, and starts something.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDesktopEntry(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let rest = Array(UnsafeBufferPointer(start: start, count: count))
    // With what every entry has, so that more of it is reached.
    let head = Array("[Desktop Entry]\nType=Application\nName=A\nExec=".utf8)
    for bytes in [rest, head + rest] {
        guard let entry = try? DesktopEntry(parsing: bytes, at: "/a", desktops: ["Deskroom"]) else {
            continue
        }
        precondition(entry.command.first?.isEmpty == false, "there is nothing to start")
        precondition(!entry.name.text.isEmpty && entry.name.text.utf8.count <= LocalizedText.maximumLength)
        precondition(entry.name.translations.count <= LocalizedText.maximumCount)
        precondition(entry.command.allSatisfy { !$0.utf8.contains(0) }, "an argument ends before its end")
    }
    return 0
}
