internal import WebRTC
internal import Wire

extension WebRTCTransport {
    /// Hands what the data channels have to say to DTLS, and their events to the core.
    func flushChannels(now: Instant, into queue: inout TransmitQueue) {
        guard data != nil, let address else { return }
        let scratch = shared.scratch
        let length = scratch.packet.count
        var isPending = true
        while isPending {
            unsafe scratch.packet.withUnsafeMutableBytes { buffer in
                var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
                isPending = data?.pollPacket(now: now, into: &out) ?? false
                let written = unsafe out.finalize(for: buffer)
                guard isPending, written > 0, written <= length else { return }
                let bytes = unsafe RawSpan(
                    _unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[0..<written])
                )
                // Before the handshake is done there is nothing to send; SCTP's own timers cover a full
                // queue.
                try? dtls?.send(bytes, to: address, into: &queue)
            }
        }
        while let event = data?.pollEvent(now: now) { shared.news.events.append(event) }
    }
}
