package import SFU

/// One media section of a room's offer, and what it carries to the browser.
package struct SubscribeSlot: Hashable, Sendable {
    /// The section's name for ever.
    package let mid: String
    package let kind: MediaKind
    /// The `MediaStream` of the track in the browser; tracks of one stream are played in step (RFC 8830).
    package internal(set) var streamID: String
    package internal(set) var trackID: String
    package internal(set) var ssrc: UInt32
    /// `nil` for audio.
    package internal(set) var rtxSSRC: UInt32?
    /// What the stream is sent in, to be listed first; `nil`: the room's order.
    package internal(set) var favourite: RTPCodec?
    /// Whether anything is sent; a section that rests waits for another stream of its kind.
    package internal(set) var isActive = true
}
