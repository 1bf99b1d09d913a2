import Access
import Appliance
import Audit
import IO
import RemoteControl
import Testing

/// The shelf in a real session, with a keeper that only listens.
@Suite(.timeLimit(.minutes(1))) struct SessionActivitiesTests {
    /// The keeper's end of the link.
    private final class Ear: Sendable {
        private let socket: SeqPacketSocket
        let link: KeeperLink

        init() throws {
            var other: SeqPacketSocket?
            socket = try SeqPacketSocket(pairedWith: &other)
            guard let end = other.take() else { throw SystemError(number: 0) }
            link = KeeperLink(end)
        }

        /// The next word, once there is one.
        func next() async -> RoomWord? {
            var buffer = [UInt8](repeating: 0, count: 16)
            for _ in 0..<2_000 {
                var span = buffer.mutableSpan
                var bytes = span.mutableBytes
                if case .message(let length) = socket.receive(into: &bytes) {
                    return RoomWord(Array(buffer[..<length]))
                }
                try? await Task.sleep(for: .milliseconds(5))
            }
            return nil
        }
    }

    private static func inRoom(
        _ body: @Sendable (SessionRoom, Ear, SessionPage, SessionPage) async throws -> Void
    ) async throws {
        var shelf = ToldShelf()
        shelf.activities = (0..<12).map { ToldShelf.Activity(name: "A\($0)") }
        shelf.activities[1].isAlwaysThere = true
        shelf.hasOwnHome = true
        let ear = try Ear()
        let policy = AdmissionPolicy { applicant in
            applicant.name.text == "Ada"
                ? .admitted(.clinician, .all) : .admitted(.client, [.see, .pointer, .keyboard])
        }
        let room = try await SessionRoom(policy: policy, shelf: shelf, keeper: ear.link)
        try await body(room, ear, room.join("Ada"), room.join("Ben"))
        await room.end()
    }

    @Test func whoMayArrangeStartsAndStopsAndNobodyElse() async throws {
        try await Self.inRoom { room, ear, ada, ben in
            #expect(await ada.wait { $0.activities?.list.count == 12 })
            #expect(await ada.activities?.states[1] == "always")
            ben.say(["type": "startActivity", "id": 0])
            ben.say(["type": "resetDesk"])
            #expect(await ben.wait { $0.codes == ["mayNot", "mayNot"] })
            ada.say(["type": "startActivity", "id": 0])
            #expect(await ear.next() == .start(0), "and nothing of Ben's came before")
            #expect(await ada.wait { $0.activities?.states[0] == "starting" })
            await room.session.activities.handle(.activity(0, .running))
            #expect(await ada.wait { $0.activities?.states[0] == "running" })
            ada.say(["type": "startActivity", "id": 0])
            ada.say(["type": "startActivity", "id": 1])
            ada.say(["type": "stopActivity", "id": 2])
            ada.say(["type": "stopActivity", "id": 0])
            #expect(await ear.next() == .stop(0))
            await room.session.activities.handle(.activity(0, .failed(.exited(3))))
            #expect(
                await ada.wait { $0.activities?.states[0] == "failed" && $0.activities?.list[0].status == 3 }
            )
            #expect(await ben.activities == nil)
        }
    }

    @Test func whatCannotBeIsRefusedInWords() async throws {
        try await Self.inRoom { room, ear, ada, _ in
            ada.say(["type": "startActivity", "id": 12])
            ada.say(["type": "stopActivity", "id": 255])
            #expect(await ada.wait { $0.codes == ["activityUnknown", "activityUnknown"] })
            for id in 2..<7 { ada.say(["type": "startActivity", "id": id]) }
            #expect(await ada.wait { $0.codes.last == "activitiesTooFast" })
            for id in 2..<10 { await room.session.activities.handle(.activity(UInt8(id), .running)) }
            ada.say(["type": "startActivity", "id": 11])
            #expect(await ada.wait { $0.errors.last?.hasPrefix("8 activities are running already") == true })
            // Numbers that are none change nothing.
            await room.session.activities.handle(.activity(63, .running))
            #expect(await ada.wait { $0.activities?.list.count == 12 })
        }
    }

    @Test func aResetTakesControlAndIsTold() async throws {
        try await Self.inRoom { room, ear, ada, ben in
            _ = await room.desk.connect()
            ben.say(["type": "requestControl"])
            for _ in 0..<400 where await ben.lease == nil {
                while let command = await room.desk.poll() {
                    if case .releaseAll(let mark) = command { await room.desk.handleReached(mark) }
                }
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(await ben.lease != nil)
            ada.say(["type": "resetDesk"])
            guard case .reset(let number)? = await ear.next() else {
                Issue.record("the keeper is asked")
                return
            }
            for page in [ada, ben] { #expect(await page.wait { $0.desk == "deskBeingReset" }) }
            #expect(await ben.wait { $0.lease == nil && $0.ended != nil })
            #expect(await ada.wait { $0.activities?.resetting == true })
            ada.say(["type": "resetDesk"])
            ada.say(["type": "startActivity", "id": 0])
            #expect(await ada.wait { $0.codes == ["deskBeingReset", "deskBeingReset"] })
            let activities = await room.session.activities
            await activities.handle(.resetting(number))
            await activities.handle(.reset(number, DeskReset(ended: 9, left: 0, home: .new)))
            #expect(await ada.wait { $0.activities?.resetting == false })
            #expect(await ada.activities?.reset?.ended == 9)
            #expect(await ada.activities?.reset?.home == "new")
            #expect(await ada.activities?.deletesHome == true)
        }
    }
}
