package import WebRTC
internal import Wire

/// What one transport-wide feedback message says that concerns consumers.
///
/// The owner says beforehand what it wants to know; ``CongestionControl`` fills in the rest. One is enough for all
/// transports, and stays in the processor's cache.
package struct TransportFeedbackResults {
    /// The SSRCs of retransmission streams.
    package var repetitions: [UInt32] = []
    /// Transport-wide numbers of packets that consumers wait to hear of.
    package var expected: [UInt16] = []

    /// Those of ``expected`` that have arrived.
    package private(set) var arrived: [UInt16] = []
    /// What is missing, and which repetitions have come.
    package private(set) var results: [(ssrc: UInt32, sequence: UInt16, isLost: Bool)] = []

    package init() {}

    package mutating func removeAll() {
        repetitions.removeAll(keepingCapacity: true)
        expected.removeAll(keepingCapacity: true)
        arrived.removeAll(keepingCapacity: true)
        results.removeAll(keepingCapacity: true)
    }

    package mutating func noteArrival(of number: UInt16) {
        if expected.contains(number) { arrived.append(number) }
    }

    package mutating func note(_ result: PacketResult) {
        guard result.ssrc != 0, results.count < Self.maximumResults else { return }
        let isLost = result.arrival == nil
        if isLost || repetitions.contains(result.ssrc) {
            results.append((result.ssrc, result.rtpSequence, isLost))
        }
    }

    /// Beyond this a key frame mends more than repetitions do.
    private static let maximumResults = 256
}
