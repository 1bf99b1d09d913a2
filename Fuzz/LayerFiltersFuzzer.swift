#if canImport(WebRTC)
import WebRTC
#endif
#if canImport(Wire)
import Wire
#endif

/// Lets the bytes be the packets that a consumer's layer filters get, and the targets it wants: none traps, a
/// packet sent again keeps its numbers, and rewriting moves no byte.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLayerFilters(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = RawSpan(_unsafeStart: start, byteCount: count)
    var filters = Filters()
    var offset = 0
    // A command, a length, and a packet.
    while let command = bytes.bigEndian(UInt8.self, at: offset),
        let length = bytes.bigEndian(UInt8.self, at: offset + 1)
    {
        offset += 2
        let end = min(offset + Int(length & 0x3f), count)
        filters.step(Int(command), bytes.extracting(offset..<end))
        offset = end
    }
    return 0
}

private struct Filters: ~Copyable {
    var vp8 = VP8LayerFilter()
    var vp9 = VP9LayerFilter()
    var av1 = AV1LayerFilter()
    var reader = DependencyDescriptorReader()
    var buffer = [UInt8](repeating: 0, count: 256)

    mutating func step(_ command: Int, _ packet: RawSpan) {
        let isMarked = command & 0x80 != 0
        switch command & 7 {
        case 0: handleVP8(packet)
        case 1: handleVP9(packet, isMarked)
        case 2: handleAV1(packet, isMarked)
        case 3: vp8.targetTemporalLayer = command >> 3 & 3
        case 4: (vp9.targetSpatialLayer, av1.targetSpatialLayer) = (command >> 3 & 7, command >> 3 & 3)
        case 5: (vp9.targetTemporalLayer, av1.targetTemporalLayer) = (command >> 3 & 7, command >> 3 & 7)
        case 6 where command & 0x38 == 0:
            vp8.resynchronise()
            vp9.resynchronise()
            av1.resynchronise()
        default: break
        }
    }

    mutating func handleVP8(_ packet: RawSpan) {
        guard let descriptor = VP8PayloadDescriptor(packet) else { return }
        let numbers = vp8.handle(descriptor)
        precondition(
            vp8.numbers(of: descriptor) == numbers || descriptor.pictureID == nil,
            "sent again as another"
        )
        precondition(0...3 ~= vp8.currentTemporalLayer)
        guard let numbers else { return }
        let length = write { numbers.write(packet, descriptor, into: &$0) }
        let read = VP8PayloadDescriptor(buffer.span.bytes.extracting(0..<length))
        precondition(length == packet.byteCount && read?.length == descriptor.length, "a byte has moved")
        precondition(
            descriptor.pictureID == nil
                || read?.pictureID ?? 0 == numbers.pictureID & mask(read?.isLongPictureID)
        )
        precondition(
            read?.temporalLayer == descriptor.temporalLayer
                && read?.startsKeyFrame == descriptor.startsKeyFrame
        )
    }

    mutating func handleVP9(_ packet: RawSpan, _ isMarked: Bool) {
        guard let descriptor = VP9PayloadDescriptor(packet) else { return }
        let numbers = vp9.handle(descriptor, isMarked: isMarked)
        precondition(
            vp9.numbers(of: descriptor, isMarked: isMarked) == numbers || descriptor.pictureID == nil
        )
        guard let numbers else { return }
        precondition(!isMarked || numbers.isMarked, "a picture has lost its end")
        let length = write { numbers.write(packet, descriptor, into: &$0) }
        let read = VP9PayloadDescriptor(buffer.span.bytes.extracting(0..<length))
        precondition(length == packet.byteCount && read?.length == descriptor.length, "a byte has moved")
        precondition(
            descriptor.pictureID == nil
                || read?.pictureID ?? 0 == numbers.pictureID & mask(read?.isLongPictureID)
        )
        precondition(
            read?.spatialLayer == descriptor.spatialLayer && read?.references == descriptor.references
        )
    }

    mutating func handleAV1(_ packet: RawSpan, _ isMarked: Bool) {
        guard let descriptor = try? reader.read(packet) else { return }
        let numbers = av1.handle(descriptor, isMarked: isMarked)
        precondition(av1.numbers(of: descriptor, isMarked: isMarked) == numbers, "sent again as another")
        guard let numbers else { return }
        let length = write {
            descriptor.write(
                frameNumber: numbers.frameNumber,
                activeDecodeTargets: numbers.activeDecodeTargets,
                from: packet,
                into: &$0
            )
        }
        precondition(length <= packet.byteCount + 5)
    }

    private func mask(_ isLong: Bool?) -> UInt16 { isLong == true ? 0x7fff : 0x7f }

    private mutating func write(_ body: (inout OutputRawSpan) -> Void) -> Int {
        buffer.withUnsafeMutableBytes { buffer in
            var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
            body(&out)
            return out.finalize(for: buffer)
        }
    }
}
