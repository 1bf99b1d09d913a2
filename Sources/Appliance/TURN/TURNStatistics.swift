internal import Synchronization
internal import WebRTC

/// What is counted of the room's TURN server; no part of it says anything of anybody.
final class TURNStatistics: Sendable {
    /// Datagrams that found no room in a connection, and those that were not permitted.
    let unsent = Atomic<UInt64>(0)
    let unpermitted = Atomic<UInt64>(0)
    /// Bytes of datagrams to the media port, and of the stream to clients.
    let received = Atomic<UInt64>(0)
    let sent = Atomic<UInt64>(0)
    private let codes = Mutex<[UInt16: UInt64]>([:])

    /// Requests that were answered with an error, by its code.
    var refused: [UInt16: UInt64] { codes.withLock { $0 } }

    func noteUnsent() { unsent.add(1, ordering: .relaxed) }

    func note(_ output: TURNOutput) {
        if output.dropped > 0 { unpermitted.add(UInt64(output.dropped), ordering: .relaxed) }
        if !output.data.isEmpty { received.add(UInt64(output.data.count), ordering: .relaxed) }
        if !output.stream.isEmpty { sent.add(UInt64(output.stream.count), ordering: .relaxed) }
        guard !output.refused.isEmpty else { return }
        codes.withLock { codes in
            for code in output.refused { codes[code, default: 0] += 1 }
        }
    }
}
