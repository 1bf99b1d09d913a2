#if canImport(Wire)
import Wire
#endif

/// A header that is read from some bytes is read from any more of them, and from no fewer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProxyHeader(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let read = try? ProxyHeader.parse(input.span.bytes) else { return 0 }
    precondition(read.length <= count, "a header is part of what was read")
    let exact = Array(input[..<read.length])
    guard let again = try? ProxyHeader.parse(exact.span.bytes) else { fatalError("what follows matters") }
    precondition(again.header == read.header && again.length == read.length, "what follows changes it")
    guard let fewer = try? ProxyHeader.parse(Array(exact.dropLast()).span.bytes) else { return 0 }
    fatalError("a header without its end: \(fewer)")
}
