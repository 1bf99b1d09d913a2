internal import WebRTC
internal import Wire

/// A stretch of a consumer's stream that came from one encoding, from its first key frame to a switch.
///
/// The receiver asks for what it misses of it after the switch as well, and packets of it that were lost on
/// their way here come as late: with these numbers they go out.
struct PreviousEncoding {
    let encoding: Int
    /// Of the encoding: after a restart its numbers mean other packets.
    let generation: Int
    var rewriter: RTPStreamRewriter
    var filter: LayerFilter
    let ended: Instant

    func isCurrent(_ producer: Producer) -> Bool { producer.streams[encoding].generation == generation }
}
