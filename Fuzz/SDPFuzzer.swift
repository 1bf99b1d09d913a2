#if canImport(Wire)
import Wire
#endif

/// Any bytes either fail to parse or come back the same when they are written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSDP(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    guard let description = try? SessionDescription(parsing: text) else { return 0 }
    let written = description.text
    // Writing may lengthen a description past the bound (CRLF for LF).
    guard written.utf8.count <= SessionDescription.maximumLength else { return 0 }
    guard let again = try? SessionDescription(parsing: written) else {
        fatalError("what was written cannot be read")
    }
    precondition(again == description, "writing changed the description")
    return 0
}
