#if canImport(Wire)
import Wire
#endif

/// However a stream is cut into pieces, the same frames come out of it, and nothing is kept beyond one frame; and no first bytes
/// trap whoever tells what a connection is for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    let stream = UnsafeRawBufferPointer(start: bytes + 1, count: count - 1)
    let opening = StreamOpening(RawSpan(_unsafeBytes: stream))
    precondition(opening != nil || count - 1 < StreamOpening.length, "enough bytes tell")
    let whole = frames(stream, pieces: stream.count)
    precondition(frames(stream, pieces: max(1, Int(bytes[0]))) == whole, "a piece changes what is read")
    return 0
}

/// The frames and whether the stream was refused.
private func frames(_ stream: UnsafeRawBufferPointer, pieces: Int) -> [[UInt8]] {
    var reader = FrameReader(longest: 300)
    var read: [[UInt8]] = []
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: stream.count + 512, alignment: 8)
    defer { memory.deallocate() }
    var start = 0
    while start < stream.count {
        let end = min(stream.count, start + pieces)
        let kept = reader.begin(in: memory)
        UnsafeMutableRawBufferPointer(rebasing: memory[kept...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: stream[start..<end]))
        do {
            try reader.take(UnsafeMutableRawBufferPointer(rebasing: memory[..<(kept + end - start)])) {
                frame in
                read.append(frame.bytes.withUnsafeBytes { Array($0) })
                return true
            }
        } catch {
            return read + [[]]
        }
        precondition(reader.waiting <= 302, "more than one frame is kept")
        start = end
    }
    return read
}
