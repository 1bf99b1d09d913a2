#if canImport(Wire)
import Wire
#endif

/// What somebody outside sends beside descriptions: fragments of ICE come back the same when they are written and read again,
/// and entity tags are read or refused.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOutside(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    if let fragment = try? TrickleFragment(parsing: text) {
        precondition((fragment.usernameFragment == nil) == (fragment.password == nil), "half a pair")
        precondition(fragment.candidates.count <= TrickleFragment.maximumCandidates)
        guard let again = try? TrickleFragment(parsing: fragment.text) else {
            // Mids and candidates are as long as they came, and lines end in CRLF.
            precondition(
                fragment.text.utf8.count > TrickleFragment.maximumLength,
                "what was written cannot be read"
            )
            return 0
        }
        precondition(again.usernameFragment == fragment.usernameFragment)
        precondition(again.password == fragment.password)
        precondition(again.candidates == fragment.candidates)
    }
    if case .these(let tags)? = EntityTags(parsing: text) {
        precondition(tags.count <= EntityTags.maximumCount)
        precondition(tags.allSatisfy { !$0.contains("\"") && EntityTags.these(tags).match($0) })
    }
    return 0
}
