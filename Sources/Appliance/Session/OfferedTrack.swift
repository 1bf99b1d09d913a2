package import SFU

/// Something that a page could be sent.
package struct OfferedTrack: Hashable, Sendable {
    package var source: TrackSource
    /// `nil` for the desk's picture, of which there is one a codec: the page's answer decides.
    package var producer: ProducerID?
    /// What it is sent in, to be offered before all others; `nil`: the room's order.
    package var codec: RTPCodec?
    /// Whether its microphone is muted.
    package var isMuted: Bool

    package init(
        _ source: TrackSource,
        producer: ProducerID? = nil,
        codec: RTPCodec? = nil,
        isMuted: Bool = false
    ) {
        self.source = source
        self.producer = producer
        self.codec = codec
        self.isMuted = isMuted
    }

    /// What makes it another track: another source, or the same one begun anew.
    struct Key: Hashable {
        var source: TrackSource
        var producer: ProducerID?
    }

    var key: Key { Key(source: source, producer: producer) }
}
