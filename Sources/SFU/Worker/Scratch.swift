internal import WebRTC
internal import Wire

/// Memory that is needed while one packet is written, shared by all transports: one thread writes one packet at
/// a time.
package final class Scratch {
    /// For one compound RTCP packet.
    var compound = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)
    /// For one payload with other numbers in it.
    var payload = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)
    /// For one dependency descriptor.
    package var descriptor = [UInt8](repeating: 0, count: 255)
    /// For one datagram from an unknown address, as long as the port takes.
    var datagram = [UInt8](repeating: 0, count: 2_048)
    /// For one feedback message.
    var feedback = TransportFeedbackResults()
    /// For one packet on its way to a reader in this process.
    var leaving = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)
    /// For one SCTP packet.
    var packet = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)

    package init() {}

    /// Writes the dependency descriptor of a packet as a receiver gets it to ``descriptor``; returns
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
            let dependencies = stream.dependencies?[source],
            let range = stream.dependencies?.range(in: source), range.upperBound <= packet.byteCount,
            // It grows by five bytes at most.
            range.count <= descriptor.count - 5
        else { return 0 }
        return unsafe descriptor.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            dependencies.write(
                frameNumber: frame.frameNumber,
                activeDecodeTargets: frame.activeDecodeTargets,
                from: packet.extracting(range),
                into: &out
            )
            return unsafe out.finalize(for: buffer)
        }
    }
}
