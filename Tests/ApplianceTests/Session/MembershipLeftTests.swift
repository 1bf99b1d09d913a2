import Access
import Appliance
import Foundation
import RemoteControl
import Testing
import Wire

/// Who is known again by the room that follows one that has crashed, on virtual time.
@Suite struct MembershipLeftTests {
    @Test func whoWasThereIsKnownForAMinuteHoweverOftenTheRoomCrashes() throws {
        var first = room()
        join(&first, "Ada", 1, at(0))
        join(&first, "Ben", 2, at(0))
        var second = try next(first, at(10))
        #expect(second.count == 0 && second.left.memory.lastID == 2)
        join(&second, "Ada", 1, resume: "secret-1", at(20))
        #expect(second.everybody.map(\.id.rawValue) == [1])
        // He has not come back by then, and his minute began when he was lost.
        var third = try next(second, at(40))
        join(&third, "Ben", 1, resume: "secret-2", at(64))
        #expect(third.everybody.map(\.id.rawValue) == [2])
        var other = try next(second, at(40))
        join(&other, "Ben", 1, resume: "secret-2", at(65))
        #expect(other.everybody.map(\.id.rawValue) == [3])
        // She was there when it crashed again.
        join(&third, "Ada", 2, resume: "secret-1", at(94))
        #expect(third.everybody.map(\.id.rawValue) == [1, 2])
    }

    @Test func whoWaitedIsGivenUpIfTheirPageDoesNotComeBack() throws {
        let id = try #require(Identifier("client-1"))
        let shown = JoinToken(room: id, subject: id, role: .client, expires: 100, id: id, isOneUse: true)
        var first = room(waiting: true)
        join(&first, "Ada", 1, showing: shown, at(0))
        #expect(first.waiting.count == 1)
        var second = try next(first, at(10))
        #expect(second.waiting.count == 1 && second.waiting.everybody[0].since == at(0))
        #expect(second.token(ofResume: "secret-1", now: at(10)) == shown && second.tokens.count == 1)
        #expect(second.pollTimeout() == at(70))
        var other = second
        other.handleTimeout(now: at(70))
        #expect(other.waiting.count == 0)
        join(&second, "Ada", 1, resume: "secret-1", showing: shown, at(69))
        #expect(second.pollTimeout() == nil && second.waiting.everybody.map(\.id.rawValue) == [1])
        // Their number is nobody else's.
        join(&other, "Ben", 2, at(80))
        #expect(other.waiting.everybody.map(\.id.rawValue) == [2])
    }

    /// Whatever changes it is to be written.
    @Test func changesAreCounted() {
        var room = room(waiting: true)
        var before = room.changes
        func isChanged() -> Bool {
            defer { before = room.changes }
            return room.changes > before
        }
        join(&room, "Ada", 1, at(0))
        #expect(isChanged())
        try? room.tell("Soon.", to: ParticipantID(1))
        #expect(isChanged())
        try? room.admit(ParticipantID(1), chatStart: 0, now: at(1))
        #expect(isChanged())
        room.leave(by: PageID(1), now: at(2))
        #expect(isChanged())
        #expect(!isChanged())
    }

    private func room(waiting: Bool = false) -> Membership {
        let policy = AdmissionPolicy { _ in waiting ? .waiting(.client, .see) : .admitted(.client, .see) }
        return Membership(people: 10, sharing: 10, policy: policy)
    }

    private func next(_ room: Membership, _ now: Instant) throws -> Membership {
        let left = try JSONDecoder().decode(Membership.Left.self, from: JSONEncoder().encode(room.left))
        #expect(left == room.left)
        var next = self.room(waiting: room.waiting.count > 0)
        next.handleRoomLost(left, now: now)
        return next
    }

    private func join(
        _ room: inout Membership,
        _ name: String,
        _ page: UInt64,
        resume: String? = nil,
        showing shown: JoinToken? = nil,
        _ now: Instant
    ) {
        guard let name = try? DisplayName(parsing: name) else { return }
        room.join(
            ClientMessage.Join(name: name, resume: resume),
            by: PageID(page),
            from: nil,
            showing: shown,
            token: Secret("secret-\(page)"),
            chatStart: 0,
            now: now
        )
    }

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }
}
