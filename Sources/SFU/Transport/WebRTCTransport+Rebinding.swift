internal import WebRTC
internal import Wire

/// NAT rebinding: packets from addresses that no check has come from. After a router has forgotten the peer's mapping, its
/// packets come from another address, and neither side is told.
///
/// What the keys prove to be the peer's is taken (RFC 8445 §12.2 lets media arrive from any candidate). But
/// nothing is sent to its source before the peer has answered a check there: the packet may have been caught
/// and sent on by somebody else.
extension WebRTCTransport {
    /// How likely a packet is the peer's, the less the likelier; `nil` if it cannot be.
    func lead(of packet: RawSpan, kind: PacketKind) -> UInt64? {
        guard ice.remote != nil, isSendable else { return nil }
        return switch kind {
        case .dtls: dtls?.lead(of: packet)
        case .rtcp: receiver?.leadOfRTCP(packet)
        case .rtp: receiver?.leadOfRTP(packet)
        case .stun: nil
        }
    }

    /// Takes a packet that has a ``lead(of:kind:)``, and has its source checked, if it is the peer's; returns
    /// whether it is.
    ///
    /// It is decrypted in a copy: another transport may have to try, too.
    func handleRebound(
        _ datagram: RawSpan,
        kind: PacketKind,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard takeAuthentic(datagram, kind: kind, now: now, into: &queue) else { return false }
        ice.checkAddress(source, receiving: datagram.byteCount, now: now, into: &queue)
        rearm(now: now)
        return true
    }

    /// Takes a packet of the peer's; returns whether its keys prove that it is.
    func takeAuthentic(
        _ datagram: RawSpan,
        kind: PacketKind,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        if kind == .dtls {
            guard dtls?.handleRebound(datagram) == true else { return false }
            handleDTLSProgress(now: now, into: &queue)
            noteReceived(datagram)
            return true
        }
        guard datagram.byteCount <= shared.scratch.datagram.count else { return false }
        // Shares its memory with nobody: one thread handles one datagram at a time.
        let isOwn = unsafe shared.scratch.datagram.withUnsafeMutableBytes { buffer in
            unsafe datagram.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
            var copy = unsafe MutableRawSpan(
                _unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: buffer[..<datagram.byteCount])
            )
            return switch kind {
            case .rtcp: handleRTCP(&copy, now: now, into: &queue)
            case .rtp: handleRTP(&copy, now: now)
            case .dtls, .stun: false
            }
        }
        if isOwn { noteReceived(datagram) }
        return isOwn
    }

    private func noteReceived(_ datagram: RawSpan) {
        statistics.packetsReceived += 1
        statistics.bytesReceived += UInt64(datagram.byteCount)
    }
}
