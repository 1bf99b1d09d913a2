/// Who is handed the packets of a direct transport.
///
/// Both are called on the Worker's thread (``Worker/executor``), in the midst of forwarding to everybody, in the order of
/// sending: what takes long there is everybody's latency, so a reader copies what it needs and leaves the rest to
/// another thread. The bytes are gone when it returns. It cannot call the Worker from there, only from a task of its own.
///
/// An actor whose executor is the Worker's may take the packets in with `assumeIsolated`.
public struct DirectReader: Sendable {
    let rtp: @Sendable (DirectPacket, RawSpan) -> Void
    let rtcp: @Sendable (RawSpan) -> Void

    /// - Parameters:
    ///   - rtp: Gets each RTP packet of every consumer of the transport: what is known of it, and its bytes from the
    ///     header on.
    ///   - rtcp: Gets each compound RTCP packet: sender reports of the consumers, and what the sources of the transport's
    ///     producers are told.
    public init(
        rtp: @escaping @Sendable (DirectPacket, RawSpan) -> Void,
        rtcp: @escaping @Sendable (RawSpan) -> Void = { _ in }
    ) {
        self.rtp = rtp
        self.rtcp = rtcp
    }
}
