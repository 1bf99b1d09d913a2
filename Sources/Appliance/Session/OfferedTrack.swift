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
    /// Of the desk's picture: whether with what is hidden from others.
    package var isClear: Bool

    package init(
        _ source: TrackSource,
        producer: ProducerID? = nil,
        codec: RTPCodec? = nil,
        isMuted: Bool = false,
        isClear: Bool = false
    ) {
        self.source = source
        self.producer = producer
        self.codec = codec
        self.isMuted = isMuted
        self.isClear = isClear
    }

    /// What makes it another track: another source, or the same one begun anew.
    struct Key: Hashable {
        var source: TrackSource
        var producer: ProducerID?
        var isClear: Bool
    }

    var key: Key { Key(source: source, producer: producer, isClear: isClear) }
}
