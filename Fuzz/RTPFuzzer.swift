#if canImport(Wire)
import Wire
#endif

/// Any bytes either are no RTP packet, or one whose parts lie inside it, in order, and whose fixed header
/// comes back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRTP(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let packet = RawSpan(_unsafeStart: start, byteCount: count)
    _ = PacketKind(of: packet)
    guard let header = try? RTPHeader(parsing: packet) else { return 0 }
    precondition(header.extensions.lowerBound >= RTPHeader.fixedLength)
    precondition(
        header.extensions.upperBound <= header.payload.lowerBound && header.payload.upperBound <= count
    )

    var bytes = [UInt8](repeating: 0, count: 4_096)
    bytes.withUnsafeMutableBytes { buffer in
        var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
        header.write(hasExtensions: true, into: &out)
        let block = RTPHeaderExtensionWriter(&out)
        var elements = RTPHeaderExtensions(header)
        var end = header.extensions.lowerBound
        while let element = elements.next(in: packet) {
            precondition(element.id != 0 && element.data.lowerBound > end)
            precondition(element.data.upperBound <= header.extensions.upperBound)
            end = element.data.upperBound
            precondition(RTPHeaderExtensions(header).find(element.id, in: packet) != nil)
            if element.id < 15 { block.append(element.id, bytes: packet.extracting(element.data), to: &out) }
        }
        block.finish(&out)
        _ = out.finalize(for: buffer)
    }
    guard let again = try? RTPHeader(parsing: bytes.span.bytes) else {
        fatalError("what was written cannot be read")
    }
    precondition(
        again.isMarked == header.isMarked && again.payloadType == header.payloadType
            && again.ssrc == header.ssrc
            && again.sequenceNumber == header.sequenceNumber && again.timestamp == header.timestamp
    )
    var read = RTPHeaderExtensions(again)
    var original = RTPHeaderExtensions(header)
    while let element = original.next(in: packet) {
        guard element.id < 15, 1...16 ~= element.data.count else { continue }
        guard let copy = read.next(in: bytes.span.bytes) else { fatalError("an element was lost") }
        precondition(copy.id == element.id && copy.data.count == element.data.count)
    }
    return 0
}
