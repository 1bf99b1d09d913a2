internal import WebRTC
internal import Wire

/// Packets of late, from the store.
extension RTPStream {
    /// What the payload of a packet of this stream says of its layer.
    func descriptor(of header: RTPHeader, in packet: RawSpan) -> PayloadDescriptor {
        guard let payload = format.payload(header.payloadType) else { return .none }
        if payload.codec == .av1 { return dependencies?[header.sequenceNumber] == nil ? .none : .av1 }
        return PayloadDescriptor(payload.codec, packet.extracting(header.payload))
    }

    /// A packet that was taken lately, as one in the midst of a frame.
    func packet(_ sequence: UInt16, now: Instant) -> ReceivedPacket? {
        guard dependencies?.isUnreadable(sequence) != true else { return nil }
        var found: ReceivedPacket?
        _ = store.withPacket(sequence, now: now) { bytes in
            guard let header = try? RTPHeader(parsing: bytes) else { return }
            let descriptor = descriptor(of: header, in: bytes)
            found = ReceivedPacket(
                header: header,
                descriptor: descriptor,
                startsKeyFrame: false,
                audioLevel: nil,
                came: store.arrival(of: sequence) ?? now
            )
        }
        return found
    }
}
