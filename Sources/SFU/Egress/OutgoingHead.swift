package import Wire

/// What goes before the payload of one RTP packet.
package struct OutgoingHead {
    var header: RTPHeader
    var audioLevel: UInt8?
    /// The original sequence number that a retransmission carries before its payload (RFC 4588 §4).
    var prefix: UInt16?
    /// How many bytes of ``Scratch/descriptor`` are the dependency descriptor; 0: none.
    var descriptor: Int
    /// Its transport-wide number, for receivers that tell arrival times.
    var transportSequence: UInt16

    @inline(__always)
    package init(
        header: RTPHeader,
        audioLevel: UInt8?,
        prefix: UInt16?,
        descriptor: Int,
        transportSequence: UInt16
    ) {
        self.header = header
        self.audioLevel = audioLevel
        self.prefix = prefix
        self.descriptor = descriptor
        self.transportSequence = transportSequence
    }

    /// Appends it as the receiver takes it.
    @inline(__always)
    package func write(
        _ format: ConsumerFormat,
        _ scratch: Scratch,
        now: Instant,
        into out: inout OutputRawSpan
    ) {
        header.write(hasExtensions: true, into: &out)
        let isWritten =
            descriptor == 0
            && format.extensions.write(
                audioLevel: audioLevel,
                transportSequence: transportSequence,
                now: now,
                into: &out
            )
        guard !isWritten else { return }
        // Shares its memory; a span of the property itself may not cross the call.
        let memory = scratch.descriptor
        unsafe RTPHeaderExtensionWriter.write(
            format,
            audioLevel: audioLevel,
            descriptor: memory.span.bytes.extracting(first: descriptor),
            transportSequence: transportSequence,
            now: now,
            into: &out
        )
    }
}
