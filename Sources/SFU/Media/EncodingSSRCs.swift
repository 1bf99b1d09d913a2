/// By which SSRCs an encoding is known: said in signalling, or learnt from the header extensions of its packets.
package struct EncodingSSRCs {
    /// Of the stream; `nil` as long as it is not known.
    package private(set) var media: UInt32?
    /// Of its retransmissions (RFC 4588).
    package private(set) var repair: UInt32?
    /// The one that the encoding had before its sender restarted it.
    private var former: UInt32?

    package init(media: UInt32?, repair: UInt32?) {
        self.media = media
        self.repair = repair
    }

    /// Whether a packet of this SSRC belongs here, in the stream or as its retransmission.
    @inline(__always)
    package func owns(_ ssrc: UInt32) -> Bool { media == ssrc || repair == ssrc }

    package enum Adoption {
        case refused, adopted
        /// In the place of another one: the stream begins anew.
        case replaced
    }

    /// The packet says that its SSRC is this encoding's from now on: it is the first, or a sender that stops a
    /// stream and starts it again has chosen another one (RFC 8843 §9.2, RFC 8852 §3).
    package mutating func adopt(_ ssrc: UInt32, isRepair: Bool) -> Adoption {
        if isRepair {
            repair = ssrc
            return .adopted
        }
        // What the former one had still on its way must not turn back the clock.
        guard ssrc != former else { return .refused }
        let before = media
        media = ssrc
        guard before != nil else { return .adopted }
        former = before
        return .replaced
    }
}
