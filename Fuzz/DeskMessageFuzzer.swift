#if canImport(RemoteControl)
import RemoteControl
#endif

/// libFuzzer's entry point: whatever the bytes, parsing returns or throws, and what is accepted has one
/// encoding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDeskMessage(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe RawSpan(_unsafeStart: start, byteCount: count)
    if let command = try? DeskCommand(parsing: bytes) {
        precondition(command.encoded().count == count)
    }
    if let report = try? DeskReport(parsing: bytes) {
        precondition(report.encoded().count == count)
    }
    return 0
}
