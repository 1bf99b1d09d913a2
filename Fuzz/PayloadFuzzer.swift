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
    readDependencies(payload)
    return 0
}

/// The bytes as one descriptor, and again cut into two, so that one with a structure may precede one without.
private func readDependencies(_ payload: RawSpan) {
    var reader = DependencyDescriptorReader()
    var buffer = [UInt8](repeating: 0, count: payload.byteCount + 8)
    let cut = Int(payload.bigEndian(UInt8.self, at: payload.byteCount - 1) ?? 0)
    let ranges = [
        0..<payload.byteCount, 0..<min(cut, payload.byteCount),
        min(cut, payload.byteCount)..<payload.byteCount,
    ]
    for range in ranges {
        let bytes = payload.extracting(range)
        let last = reader.structure
        guard let descriptor = try? reader.read(bytes) else { continue }
        let count = buffer.withUnsafeMutableBytes { buffer in
            var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
            descriptor.write(
                frameNumber: descriptor.frameNumber,
                activeDecodeTargets: descriptor.activeDecodeTargets,
                from: bytes,
                into: &out
            )
            return out.finalize(for: buffer)
        }
        precondition(count <= bytes.byteCount + 5, "longer than promised")
        let again = try? DependencyDescriptor(
            parsing: buffer.span.bytes.extracting(0..<count),
            structure: last
        )
        precondition(
            again?.dependencies == descriptor.dependencies && again?.structure == descriptor.structure
        )
    }
}
