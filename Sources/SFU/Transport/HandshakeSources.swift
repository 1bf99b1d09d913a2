package import Wire

/// Where a peer's handshake comes from, as long as no address has been proved to be the peer's.
package struct HandshakeSources {
    /// The client's first flight, if it came before the transport was connected, for the answer may travel slower than
    /// the check; or before its source has proved that it receives.
    private var early: [(source: SocketAddress, bytes: [UInt8])] = []
    /// Where the handshake's answers went; only if that is one address do they prove anything.
    private var answered: SocketAddress?
    private var isScattered = false

    package init() {}

    /// Keeps a datagram that may not be answered yet; of too many the oldest is dropped.
    package mutating func keep(_ datagram: RawSpan, from source: SocketAddress) {
        if early.count == Self.maximum { early.removeFirst() }
        early.append((source, unsafe datagram.withUnsafeBytes { unsafe Array($0) }))
    }

    /// What was kept, and is not any more.
    package mutating func takeEarly() -> [(source: SocketAddress, bytes: [UInt8])] {
        defer { early = [] }
        return early
    }

    package mutating func handleAnswer(to source: SocketAddress) {
        if let answered, answered != source { isScattered = true }
        answered = source
    }

    /// Whether all answers went there: who finishes the handshake has read them, and they say what nobody can guess.
    package func proves(_ source: SocketAddress) -> Bool { !isScattered && answered == source }

    private static let maximum = 4
}
