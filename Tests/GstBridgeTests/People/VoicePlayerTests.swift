import GstBridge
import IO
import Synchronization
import Testing
import Wire

@Suite(.serialized, .enabled(if: Child.isInstalled("pulseaudio"))) struct VoicePlayerTests {
    @Test func aSinkThatIsThereIsPlayedIntoUntilTheLinkIsClosed() throws {
        let sound = TestSound()
        #expect(sound.start(playing: false))
        #expect(eventually { (try? Self.outcome(sink: "desk", server: sound.server)) == [.playing] })
        var room: SeqPacketSocket?
        let ends = Ends()
        let player = try VoicePlayer(
            link: try SeqPacketSocket(pairedWith: &room),
            sink: "desk",
            server: sound.server
        ) { ends.add() }
        defer { player.stop() }
        #expect(Self.state(room) == .playing)
        #expect(ends.count == 0)
        room = nil
        #expect(eventually { ends.count == 1 })
    }

    @Test(arguments: [VoiceMessage.State.noSink, .noServer]) func whatIsMissingIsTold(
        _ state: VoiceMessage.State
    ) throws {
        let sound = TestSound()
        if state == .noSink { #expect(sound.start(playing: false)) }
        // A server that has just bound its socket may not listen yet.
        #expect(eventually { (try? Self.outcome(sink: "another", server: sound.server)) == [state, nil] })
    }

    /// What the room is told, and `nil` if that is the end.
    private static func outcome(sink: String, server: String) throws -> [VoiceMessage.State?] {
        var room: SeqPacketSocket?
        let ends = Ends()
        let player = try VoicePlayer(
            link: try SeqPacketSocket(pairedWith: &room),
            sink: sink,
            server: server
        ) { ends.add() }
        defer { player.stop() }
        let state = state(room)
        return state == .playing || !eventually { ends.count == 1 } ? [state] : [state, nil]
    }

    /// What the room is told, within the time that tests wait.
    private static func state(_ room: borrowing SeqPacketSocket?) -> VoiceMessage.State? {
        var found: VoiceMessage.State?
        var bytes = [UInt8](repeating: 0, count: 16)
        _ = eventually {
            var span = bytes.mutableSpan
            var memory = span.mutableBytes
            guard case .message(let count) = room?.receive(into: &memory),
                case .state(let state) = VoiceMessage(parsing: bytes.span.bytes.extracting(first: count))
            else { return false }
            found = state
            return true
        }
        return found
    }
}

/// How often something has ended.
private final class Ends: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
