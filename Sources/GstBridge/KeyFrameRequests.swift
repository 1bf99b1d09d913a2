package import Wire

/// What the room asks of a desk stream: key frames.
///
/// The desk answers nothing else: retransmission, reports and bandwidth are the room's work.
package enum KeyFrameRequests {
    /// Counts the picture loss indications and full intra requests for `ssrc` in a compound RTCP packet.
    ///
    /// - Throws: If a packet, or an indication or request in it, is cut short.
    package static func count(in compound: RawSpan, for ssrc: UInt32) throws(RTCPParseError) -> Int {
        var packets = RTCPPackets()
        var requests = 0
        while let packet = try packets.next(in: compound) {
            guard packet.type == RTCPType.payloadFeedback else { continue }
            switch packet.count {
            case RTCPType.pictureLossIndication:
                if try RTCPFeedback(packet, in: compound).media == ssrc { requests += 1 }
            case RTCPType.fullIntraRequest:
                try FullIntraRequest.forEachSource(RTCPFeedback(packet, in: compound), in: compound) {
                    source,
                    _ in
                    if source == ssrc { requests += 1 }
                }
            default:
                break
            }
        }
        return requests
    }
}
