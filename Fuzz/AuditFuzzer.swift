#if canImport(Audit)
import Audit
#endif

/// Whatever is read after a genuine line, that line stays the last good one, and a head is none or comes back the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAudit(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    var chain = AuditChain()
    let line = chain.append(.recovered(bytes: 1), at: AuditTime(milliseconds: 0))
    var verifier = AuditVerifier()
    verifier.read(line)
    verifier.read(input)
    let report = verifier.finish()
    precondition(
        report.wholeBytes == line.count && report.chain == chain,
        "nobody can guess a hash by chance"
    )
    precondition(count == 0 || report.fault != nil, "what is no entry was taken for one")

    if let head = AuditHead(parsing: input) {
        precondition(AuditHead(parsing: head.bytes) == head, "writing changed the head")
    }
    return 0
}
