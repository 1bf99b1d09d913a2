package import Wire

/// A packet that a producer took in this wake-up, or lately, parsed once for every consumer.
///
/// Its bytes lie in the producer's store.
package struct ReceivedPacket {
    package var header: RTPHeader
    var descriptor: PayloadDescriptor
    /// Whether a key frame begins with it.
    package var startsKeyFrame: Bool
    /// RFC 6464; `nil` if the sender did not say.
    var audioLevel: UInt8?
    package var came: Instant
}
