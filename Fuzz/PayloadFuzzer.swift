#if canImport(Wire)
import Wire
#endif

/// Any payload is answered; a descriptor lies inside its payload.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPayload(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let payload = RawSpan(_unsafeStart: start, byteCount: count)
    _ = H264Payload.startsKeyFrame(payload)
    if let descriptor = VP8PayloadDescriptor(payload) {
        precondition(1...6 ~= descriptor.length && descriptor.length < count)
        precondition(descriptor.pictureID ?? 0 <= 0x7fff && descriptor.temporalLayer ?? 0 <= 3)
    }
    return 0
}
