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
    if let descriptor = VP9PayloadDescriptor(payload) {
        precondition(1..<count ~= descriptor.length && descriptor.references.count <= 3)
        if let structure = descriptor.scalabilityStructure {
            precondition(structure.end == descriptor.length && 1...8 ~= structure.spatialLayers)
            for layer in 0...8 { _ = structure.size(of: layer, in: payload) }
        }
    }
    if var audio = RedundantAudio(payload) {
        var last = -1
        while let block = audio.next(in: payload) {
            precondition((last < 0 || block.data.lowerBound == last) && block.data.upperBound <= count)
            last = block.data.upperBound
        }
        precondition(last == count && audio.primary.data.upperBound == count)
    }
    if let packet = OpusPacket(payload) { precondition(2_500...120_000 ~= packet.duration) }
    return 0
}
