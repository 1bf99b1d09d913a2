#if canImport(Wire)
import Wire
#endif

/// No bytes trap the parser, and what it says about a message lies inside the message.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSTUN(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let message = RawSpan(_unsafeStart: UnsafeRawPointer(bytes), byteCount: count)
    let fragment = STUNMessage.localUsernameFragment(of: message)
    precondition(
        (fragment?.utf8.count ?? 1) <= STUNMessage.longestUsernameFragment,
        "a fragment is on the heap"
    )

    guard let parsed = try? STUNMessage(parsing: message) else { return 0 }
    for range in [parsed.username, parsed.messageIntegrity, parsed.integrityCoverage].compactMap({ $0 }) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a part lies outside the message")
    }
    // Both ways to read USERNAME agree, wherever it is protected.
    if let fragment, parsed.username != nil {
        precondition(parsed.isAddressed(to: fragment, in: message), "the owner finds another transport")
    }
    return 0
}
