internal import GstBridge
internal import IO

/// Plays people's voices while the room has a link for them; between two links there is neither a thread nor a connection to the
/// sound server.
///
/// Belongs to whoever composes the desk process.
final class DeskVoices {
    private let sink: String?
    private let server: String?
    private var player: VoicePlayer?
    /// Of the player that there is now.
    private var number = 0

    /// - Parameters:
    ///   - sink: `nil`: nobody is heard, whatever the room asks for.
    ///   - server: As in `PULSE_SERVER`.
    init(sink: String?, server: String?) {
        self.sink = sink
        self.server = server
    }

    /// Makes a link, whose other end replaces `end`; whoever was heard by the one before is not any more.
    ///
    /// - Parameter onEnd: Is told the number for ``handleEnd(of:)``, from another thread; must not block.
    func open(_ end: inout SeqPacketSocket?, onEnd: @escaping @Sendable (Int) -> Void) {
        stop()
        guard let sink else { return }
        number += 1
        let number = number
        do {
            player = try VoicePlayer(link: SeqPacketSocket(pairedWith: &end), sink: sink, server: server) {
                onEnd(number)
            }
        } catch {
            // Without threads or descriptors: the room asks again.
            end = nil
        }
    }

    /// A player has nothing more to do; another one may have taken its place.
    func handleEnd(of number: Int) {
        if number == self.number { stop() }
    }

    func stop() {
        player?.stop()
        player = nil
    }
}
