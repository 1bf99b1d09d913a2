internal import WebRTC
internal import Wire

extension Egress {
    /// Writes the dependency descriptor of a packet as a receiver gets it to ``Scratch/descriptor``; returns
    /// how many bytes it has, 0 if there is none, or the receiver does not take it.
    ///
    /// - Parameter packet: As it came, under the number `source` of its stream.
    func writeDescriptor(
        _ numbers: PayloadNumbers,
        _ source: UInt16,
        of stream: RTPStream,
        in packet: RawSpan,
        _ format: ConsumerFormat
    ) -> Int {
        guard case .av1(let frame) = numbers, format.dependencyDescriptorID != nil,
            let descriptor = stream.dependencies?[source],
            let range = stream.dependencies?.range(in: source), range.upperBound <= packet.byteCount,
            // It grows by five bytes at most.
            range.count <= scratch.descriptor.count - 5
        else { return 0 }
        return unsafe scratch.descriptor.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            descriptor.write(
                frameNumber: frame.frameNumber,
                activeDecodeTargets: frame.activeDecodeTargets,
                from: packet.extracting(range),
                into: &out
            )
            return unsafe out.finalize(for: buffer)
        }
    }
}
