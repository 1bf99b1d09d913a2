import Access
import Appliance
import Audit
import RemoteControl
import Testing
import Wire

/// What the audit keeps of control, in a room with a clinician (Cleo) and clients (Ada and Ben).
@Suite struct FloorRecordTests {
    private static let cleo = ParticipantID(1)
    private static let ada = ParticipantID(2)
    private static let ben = ParticipantID(3)

    @Test func whoAsksGetsAndLosesControlIsRecorded() {
        var room = Room()
        _ = room.floor.request(by: Self.ada, now: at(0))
        #expect(room.entries() == [granted(1, [.pointer, .keyboard], nil, person: 2, by: 2)])
        _ = room.floor.request(by: Self.ben, now: at(1))
        #expect(room.entries() == [.lease(number: nil, .asked, person: 3, by: .person(3))])
        room.floor.decline(Self.ben, by: Self.ada, now: at(2))
        #expect(room.entries() == [.lease(number: nil, .declined, person: 3, by: .person(2))])
        let terms = ControlTerms(rights: .pointer, limit: .seconds(60))
        _ = room.floor.give(to: Self.ben, by: Self.cleo, terms, now: at(3))
        room.floor.handleReleased(now: at(3))
        #expect(
            room.entries() == [
                .lease(number: 1, .ended(.handedOn), person: 2, by: .person(1)),
                granted(2, .pointer, 60, person: 3, by: 1),
            ]
        )
        // Who has control is given more of it.
        _ = room.floor.give(to: Self.ben, by: Self.cleo, now: at(4))
        #expect(room.entries() == [granted(2, [.pointer, .keyboard], nil, person: 3, by: 1)])
        room.floor.release(by: Self.ben, now: at(5))
        #expect(room.entries() == [.lease(number: 2, .ended(.released), person: 3, by: .person(3))])
    }

    @Test func whatSomebodyHasNoRightToTheyAreNotGranted() {
        var room = Room()
        _ = room.floor.request(by: Self.ada, now: at(0))
        #expect(room.entries(rights: .keyboard) == [granted(1, .keyboard, nil, person: 2, by: 2)])
    }

    @Test func anEndHasItsReason() {
        var room = Room()
        _ = room.floor.request(by: Self.ada, now: at(0))
        room.floor.restrict(.lock, Self.ada, to: true, by: Self.cleo, now: at(1))
        room.floor.handleReleased(now: at(1))
        #expect(room.entries().last == .lease(number: 1, .ended(.locked), person: 2, by: .person(1)))
        _ = room.floor.request(by: Self.ben, now: at(2))
        room.floor.handleDeskRestart(now: at(3))
        #expect(room.entries().last == .lease(number: 2, .ended(.deskRestarted), person: 3, by: .room))
    }

    @Test func aConsentIsRecordedWithTheWordsThatWereShown() throws {
        var room = Room { $0.consent = .client }
        let words = try #require(Identifier("control-1"))
        room.floor.handleDeparture(of: Self.ben, now: at(0))
        _ = room.entries()
        #expect(room.floor.request(by: Self.cleo, now: at(0)) == .consenting)
        #expect(room.entries() == [.consent(.control, .asked, wording: nil, person: 2, driver: 1)])
        let question = ConsentID(rawValue: 1)
        room.record.expect(words, for: question, by: Self.ada)
        room.floor.consent(question, isGiven: true, by: Self.ada, now: at(1))
        #expect(
            room.entries() == [
                .consent(.control, .given, wording: words, person: 2, driver: 1),
                granted(1, [.pointer, .keyboard], nil, person: 1, by: 1),
            ]
        )
        room.floor.consent(question, isGiven: false, by: Self.ada, now: at(2))
        #expect(
            room.entries() == [
                .consent(.control, .revoked, wording: nil, person: 2, driver: 1),
                .lease(number: 1, .ended(.revoked), person: 1, by: .person(2)),
            ]
        )
    }

    @Test func noIsToldFromNoAnswer() {
        var room = Room { $0.consent = .client }
        _ = room.floor.request(by: Self.cleo, now: at(0))
        _ = room.entries()
        room.floor.consent(ConsentID(rawValue: 1), isGiven: false, by: Self.ben, now: at(1))
        #expect(room.entries() == [.consent(.control, .declined, wording: nil, person: 3, driver: 1)])
        _ = room.floor.request(by: Self.cleo, now: at(2))
        _ = room.entries()
        room.floor.handleTimeout(now: at(1_000))
        #expect(
            room.entries() == [
                .consent(.control, .unanswered, wording: nil, person: 2, driver: 1),
                .consent(.control, .unanswered, wording: nil, person: 3, driver: 1),
            ]
        )
    }

    private struct Room {
        var floor: FloorControl
        var record = FloorRecord()

        init(_ change: (inout ControlPolicy) -> Void = { _ in }) {
            var policy = ControlPolicy()
            change(&policy)
            floor = FloorControl(policy: policy)
            let now = Instant(nanoseconds: 0)
            floor.setStanding(
                FloorStanding(rights: .all, mayGrant: true),
                of: FloorRecordTests.cleo,
                now: now
            )
            for client in [FloorRecordTests.ada, FloorRecordTests.ben] {
                floor.setStanding(FloorStanding(rights: .all, isClient: true), of: client, now: now)
            }
            _ = entries()
        }

        /// What has been recorded since the last time.
        mutating func entries(rights: ControlRights = .all) -> [AuditEntry] {
            var entries: [AuditEntry] = []
            while let event = floor.pollEvent() { entries += record.entries(for: event) { _ in rights } }
            return entries
        }
    }

    private func granted(
        _ number: UInt64,
        _ rights: Rights,
        _ seconds: Int?,
        person: UInt64,
        by giver: UInt64
    ) -> AuditEntry {
        .lease(number: number, .granted(rights, seconds: seconds), person: person, by: .person(giver))
    }

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }
}
