import Appliance
import IO
import RemoteControl
import Synchronization
import Testing

/// The keeper's end and the room's, with a desk process between them.
@Suite(.timeLimit(.minutes(1))) struct RoomLinkTests {
    private let keeper: RoomLink
    private let restarted = Names()

    private final class Names: Sendable {
        let list = Mutex<[String]>([])
    }

    init() throws {
        keeper = try RoomLink()
        keeper.start()
    }

    private func openRoom() async throws -> (KeeperLink, DeskLink) {
        let link = KeeperLink(try await keeper.open())
        let desk = try DeskLink(keeper: link) { restart in
            self.restarted.list.withLock { $0.append(restart.name) }
        }
        desk.start()
        return (link, desk)
    }

    private func hello(_ socket: borrowing SeqPacketSocket) {
        let report = DeskReport.status(DeskStatus(.starting)).encoded()
        _ = socket.send(report.span.bytes)
    }

    @Test func theRoomGetsItsEndOfEachLinkWithTheDesk() async throws {
        let (_, room) = try await openRoom()
        var events = room.events.makeAsyncIterator()
        let first = try await keeper.openDesk()
        hello(first)
        #expect(await events.next() == .connected)
        #expect(await events.next() == .report(.status(DeskStatus(.starting))))
        _ = consume first
        #expect(await events.next() == .disconnected)
        let second = try await keeper.openDesk()
        hello(second)
        #expect(await events.next() == .connected)
        await keeper.stop()
        await room.stop()
    }

    @Test func aDeskThatWasStartedWithoutARoomIsHandedToTheNext() async throws {
        let desk = try await keeper.openDesk()
        hello(desk)
        let (_, room) = try await openRoom()
        var events = room.events.makeAsyncIterator()
        #expect(await events.next() == .connected)
        await room.stop()
        await keeper.stop()
    }

    @Test func theLinkWithTheDeskClosesWithTheRoomThatHadIt() async throws {
        let (_, room) = try await openRoom()
        var events = room.events.makeAsyncIterator()
        let desk = try await keeper.openDesk()
        hello(desk)
        #expect(await events.next() == .connected)
        await room.stop()
        var buffer = [UInt8](repeating: 0, count: 16)
        var reception = SeqPacketSocket.Reception.wouldBlock
        while reception == .wouldBlock {
            var span = buffer.mutableSpan
            var bytes = span.mutableBytes
            reception = desk.receive(into: &bytes)
        }
        #expect(reception == .closed, "nobody else has the other end")
        await keeper.stop()
    }

    @Test func whatTheRoomHasSaidCountsAlsoIfItEndsAtOnce() async throws {
        var words = keeper.words.makeAsyncIterator()
        let quiet = KeeperLink(try await keeper.open())
        quiet.tell(.begun)
        #expect(await keeper.close() == false)
        let ready = KeeperLink(try await keeper.open())
        ready.tell(.begun)
        ready.tell(.ready)
        #expect(await keeper.close() == true)
        for word in [RoomWord.begun, .begun, .ready] { #expect(await words.next() == word) }
        // A desk process that was linked with it and goes on all the same is cut off.
        #expect(await words.next() == .cutOff)
        await keeper.stop()
    }

    @Test func aMessageThatIsNoneIsCountedAndDropped() async throws {
        let socket = try await keeper.open()
        for bytes: [UInt8] in [[0], [9], [1, 1], Array(repeating: 3, count: 100)] {
            _ = socket.send(bytes.span.bytes)
        }
        let room = KeeperLink(socket)
        room.tell(.ready)
        #expect(await keeper.close() == true)
        #expect(await keeper.malformed == 4)
        await keeper.stop()
    }

    @Test func aWordFromTheKeeperThatIsNoneIsCountedAndDropped() async throws {
        var other: SeqPacketSocket?
        let keeper = try SeqPacketSocket(pairedWith: &other)
        guard let end = other.take() else {
            Issue.record("there is no other end")
            return
        }
        let room = try DeskLink(keeper: KeeperLink(end)) { restart in
            self.restarted.list.withLock { $0.append(restart.name) }
        }
        room.start()
        // The third is a desk without its link.
        for bytes: [UInt8] in [[0], [2], [1], [2, 0xff], Array(repeating: 2, count: 600)] {
            _ = keeper.send(bytes.span.bytes)
        }
        var link: SeqPacketSocket?
        let mine = try SeqPacketSocket(pairedWith: &link)
        // And a link that came with another word.
        _ = keeper.send(KeeperWord.restarted(ProgramRestart(of: "no")).bytes.span.bytes, with: mine)
        _ = keeper.send(KeeperWord.restarted(ProgramRestart(of: "openbox")).bytes.span.bytes)
        while restarted.list.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(restarted.list.withLock { $0 } == ["openbox"])
        #expect(await room.malformed == 6)
        await room.stop()
        await self.keeper.stop()
    }

    @Test func theNextRoomIsToldWhatRuns() async throws {
        for word: KeeperWord in [
            .activity(0, .running), .activity(1, .failed(.exited(3))), .activity(2, .running),
            .activity(2, .stopped),
            .resetting(4),
        ] { await keeper.tell(word) }
        let (_, first) = try await openRoom()
        var heard: [KeeperWord] = []
        for await word in first.activities {
            heard.append(word)
            if heard.count == 3 { break }
        }
        #expect(heard == [.activity(0, .running), .activity(1, .failed(.exited(3))), .resetting(4)])
        await first.stop()
        _ = await keeper.close()
        // While there is no room.
        let done = KeeperWord.reset(4, DeskReset(ended: 9, left: 0, home: .new))
        await keeper.tell(.activity(0, .stopped))
        await keeper.tell(done)
        let (_, second) = try await openRoom()
        heard = []
        for await word in second.activities {
            heard.append(word)
            if heard.count == 2 { break }
        }
        #expect(heard == [.activity(1, .failed(.exited(3))), done])
        await second.stop()
        await keeper.stop()
    }

    @Test func restartsAreToldToTheRoom() async throws {
        let (_, room) = try await openRoom()
        await keeper.tell(.restarted(ProgramRestart(of: "X server")))
        while restarted.list.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(5)) }
        #expect(restarted.list.withLock { $0 } == ["X server"])
        await room.stop()
        await keeper.stop()
    }
}
