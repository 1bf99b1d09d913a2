package import IO
package import SFU
internal import Wire

/// Hands the packets of those whom the desk hears to the desk process, as they come.
///
/// Its executor is the Worker's event loop: a packet goes from the one socket to the other within a wake-up, and is copied once.
package actor VoiceFeed {
    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    private var link: SeqPacketSocket?
    private var voices: [ConsumerID: UInt8] = [:]
    private var message = [UInt8](repeating: 0, count: VoiceMessage.maximumLength)

    /// - Parameter executor: The media thread's.
    package init(on executor: EventLoop) {
        self.executor = executor
    }

    /// For the transport on which people are consumed.
    package nonisolated var reader: DirectReader {
        DirectReader { [self] packet, bytes in
            // On the media thread, which is this actor's.
            assumeIsolated { feed in feed.forward(packet.consumer, bytes) }
        }
    }

    package func attach(_ link: consuming SeqPacketSocket) {
        self.link = consume link
    }

    package func detach() {
        link = nil
        voices = [:]
    }

    /// What is consumed so is this voice from now on.
    package func begin(_ voice: UInt8, as consumer: ConsumerID) {
        voices[consumer] = voice
    }

    package func end(_ consumer: ConsumerID) {
        guard let voice = voices.removeValue(forKey: consumer) else { return }
        let message = VoiceMessage.end(voice: voice).encodedHead()
        // What it does not keep up with it plays for some milliseconds more.
        _ = unsafe link?.send(message.span.bytes)
    }

    private func forward(_ consumer: ConsumerID, _ packet: RawSpan) {
        guard let voice = voices[consumer], link != nil else { return }
        let length = VoiceMessage.headLength + packet.byteCount
        guard length <= VoiceMessage.maximumLength else { return }
        (message[0], message[1]) = VoiceMessage.packet(voice: voice, VoiceMessage.headLength..<length).head
        unsafe packet.withUnsafeBytes { packet in
            unsafe message.withUnsafeMutableBytes { message in
                unsafe UnsafeMutableRawBufferPointer(rebasing: message[VoiceMessage.headLength..<length])
                    .copyMemory(from: packet)
            }
        }
        let bytes = message
        // What the desk process does not keep up with is lost, as on any path.
        _ = unsafe link?.send(bytes.span.bytes.extracting(first: length))
    }
}
