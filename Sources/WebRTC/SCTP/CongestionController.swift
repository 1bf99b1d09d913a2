package import Wire

/// How many bytes may be in flight (RFC 9260 §7.2).
package struct CongestionController: Sendable {
    /// In bytes.
    package private(set) var window: Int
    package private(set) var slowStartThreshold = Int.max
    /// Whether a loss is being repaired by fast retransmission (§7.2.4).
    package var isRecovering: Bool { recoveryExit != nil }

    private let packetLength: Int
    private var partiallyAcknowledged = 0
    private var recoveryExit: TSN?

    package init(packetLength: Int) {
        self.packetLength = packetLength
        // RFC 6928's ten packets: a cursor picture or a burst of input does not wait for round trips.
        window = 10 * packetLength
    }

    /// - Parameters:
    ///   - bytes: Newly acknowledged.
    ///   - inFlight: In flight before the acknowledgement came.
    ///   - cumulative: The new cumulative TSN, if it advanced.
    package mutating func handleAcknowledgement(of bytes: Int, inFlight: Int, cumulative: TSN?) {
        if let exit = recoveryExit, let cumulative, !exit.isNewer(than: cumulative) { recoveryExit = nil }
        // A window that is not used is not known to fit the path.
        let isUsed = inFlight + packetLength > window
        guard cumulative != nil, recoveryExit == nil else { return }
        if window <= slowStartThreshold {
            if isUsed { window += min(bytes, packetLength) }
        } else {
            partiallyAcknowledged += bytes
            if partiallyAcknowledged >= window {
                partiallyAcknowledged -= window
                if isUsed { window += packetLength }
            }
        }
        window = min(window, Self.maximumWindow)
        if bytes >= inFlight { partiallyAcknowledged = 0 }
    }

    /// A chunk was reported missing often enough; once per window.
    ///
    /// - Parameter newest: The last TSN sent; recovery ends when it is acknowledged.
    package mutating func handleLoss(newest: TSN) {
        guard recoveryExit == nil else { return }
        recoveryExit = newest
        slowStartThreshold = max(window / 2, 4 * packetLength)
        window = slowStartThreshold
        partiallyAcknowledged = 0
    }

    /// T3-rtx expired (§7.2.3).
    package mutating func handleTimeout() {
        recoveryExit = nil
        slowStartThreshold = max(window / 2, 4 * packetLength)
        window = packetLength
        partiallyAcknowledged = 0
    }

    private static let maximumWindow = 1 << 20
}
