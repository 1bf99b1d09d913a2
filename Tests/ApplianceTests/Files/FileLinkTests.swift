import Appliance
import IO
import RemoteControl
import Testing
import Wire

/// The room's end of the link for files, with a desk process that may say anything.
@Suite(.timeLimit(.minutes(1))) struct FileLinkTests {
    private static let policy = FilePolicy(.all, limit: 1 << 30, total: 1 << 31)

    /// The desk's end.
    private final class Desk {
        private let socket: SeqPacketSocket

        init(_ link: FileLink) async throws {
            var peer: SeqPacketSocket?
            let end = try SeqPacketSocket(pairedWith: &peer)
            try await link.adopt(end)
            guard let peer = peer.take() else { throw SystemError(number: 0) }
            socket = peer
        }

        func next() async -> FileMessage? {
            for _ in 0..<1_000 {
                if let message = poll() { return message }
                try? await Task.sleep(for: .milliseconds(5))
            }
            return nil
        }

        private func poll() -> FileMessage? {
            var buffer = [UInt8](repeating: 0, count: FileMessage.maximumLength)
            var span = buffer.mutableSpan
            var memory = span.mutableBytes
            guard case .message(let length) = socket.receive(into: &memory) else { return nil }
            let bytes = Array(buffer.prefix(length))
            return try? FileMessage(parsing: bytes.span.bytes)
        }

        /// How many of these the link takes in, until it takes no more for a while.
        func fill(with message: FileMessage, upTo most: Int) async -> Int {
            let bytes = message.encoded()
            var (sent, refusals) = (0, 0)
            while sent < most, refusals < 100 {
                if socket.send(bytes.span.bytes) {
                    (sent, refusals) = (sent + 1, 0)
                } else {
                    refusals += 1
                    try? await Task.sleep(for: .milliseconds(5))
                }
            }
            return sent
        }

        func say(raw bytes: [UInt8]) { _ = socket.send(bytes.span.bytes) }
    }

    private func inLink(_ body: (FileLink, Desk) async throws -> Void) async throws {
        let link = try FileLink(Self.policy)
        link.start()
        try await body(link, try await Desk(link))
        await link.stop()
    }

    @Test func saysFirstWhatTheDeskMayDoAndThenWhatItIsTold() async throws {
        try await inLink { link, desk in
            #expect(await desk.next() == .policy(Self.policy))
            await link.send(.watch(true))
            for number in 0..<2_000 as Range<UInt64> { await link.send(.ready(1, number)) }
            #expect(await desk.next() == .watch(true))
            for number in 0..<2_000 as Range<UInt64> { #expect(await desk.next() == .ready(1, number)) }
        }
    }

    @Test func readsNoMoreThanItsReaderTakesAndLosesNothing() async throws {
        try await inLink { link, desk in
            let piece = FileMessage.piece(1, offset: 0, stamp: 0, [UInt8](repeating: 1, count: 16_000))
            let most = 20_000
            let sent = await desk.fill(with: piece, upTo: most)
            // What fits into the socket, and what may wait.
            #expect(sent < most)
            desk.say(raw: [0xff])
            var events = link.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            await link.handleTaken()
            for _ in 0..<sent {
                #expect(await events.next() == .message(piece))
                await link.handleTaken()
            }
        }
    }

    @Test func countsAndDropsWhatIsNoMessage() async throws {
        try await inLink { link, desk in
            desk.say(raw: [0xff, 0, 0, 0])
            desk.say(raw: [0x71, 0, 0, 1])
            desk.say(raw: FileMessage.watch(true).encoded())
            var events = link.events.makeAsyncIterator()
            #expect(await events.next() == .connected)
            #expect(await events.next() == .message(.watch(true)))
            #expect(await link.malformed == 2)
        }
    }
}
