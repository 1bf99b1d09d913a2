#if canImport(Wire)
import Wire
#endif

/// Any bytes either are refused or come back the same when they are written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDCEP(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let message = try? DCEPMessage(parsing: input.span.bytes) else { return 0 }
    let written = message.bytes
    guard let again = try? DCEPMessage(parsing: written.span.bytes) else {
        fatalError("what was written cannot be read")
    }
    precondition(again == message, "writing changed the message")
    return 0
}
