import Appliance
import IO
import RemoteControl
import Testing
import Wire

/// The room's end of the link for clipboards, with a desk process that may say anything.
@Suite(.timeLimit(.minutes(1))) struct ClipboardLinkTests {
    private static let policy = ClipboardPolicy(.all, limit: 1 << 20)
    private static let content = ClipboardContent([.text: Array(repeating: 0x61, count: 1_000_000)])

    /// The desk's end.
    private final class Desk {
        private let socket: SeqPacketSocket

        init(_ link: ClipboardLink) async throws {
            var peer: SeqPacketSocket?
            let end = try SeqPacketSocket(pairedWith: &peer)
            try await link.adopt(end)
            guard let peer = peer.take() else { throw SystemError(number: 0) }
            socket = peer
        }

        func next() async -> ClipboardMessage? {
            for _ in 0..<1_000 {
                if let message = poll() { return message }
                try? await Task.sleep(for: .milliseconds(5))
            }
            return nil
        }

        private func poll() -> ClipboardMessage? {
            var buffer = [UInt8](repeating: 0, count: ClipboardMessage.maximumLength)
            var span = buffer.mutableSpan
            var bytes = span.mutableBytes
            guard case .message(let length) = socket.receive(into: &bytes) else { return nil }
            return try? ClipboardMessage(parsing: buffer.span.bytes.extracting(first: length))
        }

        func say(_ message: ClipboardMessage) async { await say(raw: message.encoded()) }

        func say(raw bytes: [UInt8]) async {
            for _ in 0..<1_000 {
                if socket.send(bytes.span.bytes) { return }
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    private func inLink(_ body: (ClipboardLink, Desk) async throws -> Void) async throws {
        let link = try ClipboardLink(Self.policy)
        link.start()
        try await body(link, try await Desk(link))
        await link.stop()
    }

    @Test func saysFirstWhatTheDeskMayDoAndSendsAContentInPieces() async throws {
        try await inLink { link, desk in
            #expect(await desk.next() == .policy(Self.policy))
            await link.put(Self.content, as: 4, LeaseID(2))
            #expect(await desk.next() == .put(4, LeaseID(2), Self.content.table))
            var assembly = ClipboardAssembly(Self.content.table)
            while !assembly.isComplete, case .piece(4, let offset, let bytes)? = await desk.next() {
                guard assembly.add(bytes, at: offset) else { break }
            }
            #expect(assembly.content() == Self.content)
        }
    }

    @Test func putsTogetherWhatItHasAskedFor() async throws {
        try await inLink { link, desk in
            _ = await desk.next()
            await link.take(9)
            #expect(await desk.next() == .take(9, after: 0))
            await desk.say(.offer(ClipboardOffer(serial: 1, table: Self.content.table)))
            await desk.say(.content(9, Self.content.table))
            var pieces = ClipboardPieces(Self.content, as: 9)
            while let piece = pieces.poll() { await desk.say(piece) }
            var events = link.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            #expect(await events.next() == .offer(ClipboardOffer(serial: 1, table: Self.content.table)))
            #expect(await events.next() == .content(Self.content, 9))
        }
    }

    @Test func takesNothingElse() async throws {
        try await inLink { link, desk in
            let large = ClipboardContent([.text: Array(repeating: 0x61, count: 1 << 20 + 1)]).table
            let text = ClipboardContent([.text: [0x61]]).table
            // What nobody has asked for, what is out of place, and what is no message.
            await desk.say(.content(1, text))
            await desk.say(.piece(1, offset: 0, [0x61]))
            await desk.say(.take(1, after: 0))
            await desk.say(raw: [0, 1, 2])
            await link.take(2)
            await desk.say(.content(2, large))
            await link.take(3)
            await desk.say(.content(3, text))
            await desk.say(.piece(3, offset: 5, [0x61]))
            await link.take(4)
            await desk.say(.content(4, text))
            await desk.say(.piece(4, offset: 0, [0xff]))
            await desk.say(.outcome(5, .empty))
            var events = link.events.makeAsyncIterator()
            let expected: [ClipboardLink.Event] = [
                .connected, .outcome(.tooLarge, 2), .outcome(.broken, 3), .outcome(.broken, 4),
                .outcome(.empty, 5),
            ]
            for event in expected { #expect(await events.next() == event) }
            #expect(await link.malformed == 5)
        }
    }
}
