import Access
import Appliance
import Foundation
import IO
import RemoteControl
import SFU
import Testing
import Wire

/// A clinician (Cleo) and clients in a real session: who gives control, who watches, who consents.
@Suite(.timeLimit(.minutes(2))) struct SessionFloorTests {
    @Test func theClinicianGivesControlToWhoDidNotAskAndTakesItBack() async throws {
        try await inRoom { room in
            let (cleo, ada) = (await room.join("Cleo"), await room.join("Ada"))
            let (cleoID, adaID) = (await cleo.you ?? 0, await ada.you ?? 0)
            cleo.say(["type": "grantControl", "person": adaID, "leaseRights": ["pointer"], "seconds": 600])
            #expect(await ada.wait { $0.lease != nil && $0.rights == ["pointer"] && $0.until != nil })
            #expect(await cleo.wait { $0.holder == "Ada" && $0.until != nil && $0.lease == nil })
            cleo.say(["type": "grantControl", "person": cleoID])
            #expect(await cleo.wait { $0.lease != nil && $0.until == nil })
            #expect(await ada.wait { $0.lease == nil && $0.holder == "Cleo" })
            cleo.say(["type": "revokeControl"])
            #expect(await cleo.wait { $0.holder == nil })
            ada.say(["type": "revokeControl"])
            #expect(await ada.wait { $0.errors.count == 1 })
            cleo.say(["type": "grantControl", "person": 99])
            #expect(await cleo.wait { $0.errors == ["This person is not there any more."] })
        }
    }

    @Test func aRevokeIsToldInWordsAndNobodyWhoWaitedGetsControl() async throws {
        try await inRoom { room in
            let (cleo, ada) = (await room.join("Cleo"), await room.join("Ada"))
            let ben = await room.join("Ben")
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            ben.say(["type": "requestControl"])
            #expect(await ben.wait { $0.isWaiting })
            cleo.say(["type": "revokeControl"])
            #expect(await ada.wait { $0.ended == "Control was taken back." && $0.holder == nil })
            #expect(await ben.wait { !$0.isWaiting && $0.denied == "Cleo has said no for now." })
            #expect(await ben.lease == nil)
        }
    }

    @Test func whoIsToWatchLosesControlAndEverybodySeesIt() async throws {
        try await inRoom { room in
            let (cleo, ada) = (await room.join("Cleo"), await room.join("Ada"))
            let adaID = await ada.you ?? 0
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            ada.say(["type": "lock", "person": await cleo.you ?? 0, "on": true])
            #expect(await ada.wait { $0.errors.count == 1 })
            cleo.say(["type": "lock", "person": adaID, "on": true])
            #expect(await ada.wait { $0.lease == nil && $0.ended == "You are to watch for now." })
            #expect(await cleo.wait { $0.locked == [adaID] && $0.eyesOnMe.isEmpty })
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.denied == "You are to watch for now." })
            cleo.say(["type": "grantControl", "person": adaID])
            #expect(await cleo.wait { $0.errors == ["This person cannot be given control at the moment."] })
            cleo.say(["type": "lock", "person": adaID, "on": false])
            cleo.say(["type": "eyesOnMe", "on": true])
            // Who comes later as well.
            let ben = await room.join("Ben")
            let benID = await ben.you ?? 0
            #expect(await ben.wait { $0.eyesOnMe == [adaID, benID] && $0.locked == [adaID, benID] })
            cleo.say(["type": "eyesOnMe", "on": false])
            #expect(await ben.wait { $0.eyesOnMe.isEmpty })
            ben.say(["type": "requestControl"])
            #expect(await ben.wait { $0.lease != nil })
        }
    }

    @Test func nobodyDrivesBehindTheCurtainWithoutSeeing() async throws {
        try await inRoom { room in
            let (cleo, ada) = (await room.join("Cleo"), await room.join("Ada"))
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            cleo.say(["type": "curtain", "on": true])
            #expect(await ada.wait { $0.lease == nil && $0.ended == "You are to watch for now." })
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.denied == "You are to watch for now." })
            // Also who comes only now; who sees behind it drives.
            let ben = await room.join("Ben")
            ben.say(["type": "requestControl"])
            #expect(await ben.wait { $0.denied == "You are to watch for now." })
            cleo.say(["type": "requestControl"])
            #expect(await cleo.wait { $0.lease != nil })
            #expect(await ada.wait { $0.holder == "Cleo" })
            cleo.say(["type": "curtain", "on": false])
            cleo.say(["type": "releaseControl"])
            #expect(await ada.wait { $0.holder == nil })
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
        }
    }

    @Test func theClientConsentsBeforeTheClinicianDrives() async throws {
        var configuration = Configuration()
        configuration.control.consent = .client
        try await inRoom(configuration) { room in
            let (cleo, ada) = (await room.join("Cleo"), await room.join("Ada"))
            cleo.say(["type": "requestControl"])
            #expect(await cleo.wait { $0.isWaiting && $0.denied == "The client is asked for consent first." })
            #expect(await ada.wait { $0.consents.count == 1 && $0.consents.first?.given == false })
            #expect(await ada.consents.first?.person.name == "Cleo")
            let id = Int(await ada.consents.first?.id ?? 0)
            // Nobody answers for somebody else.
            cleo.say(["type": "consent", "id": id, "given": true])
            cleo.say(["type": "ping"])
            ada.say(["type": "consent", "id": id, "given": true])
            #expect(await cleo.wait { $0.lease != nil && !$0.isWaiting })
            #expect(await ada.wait { $0.consents.first?.given == true })
            ada.say(["type": "consent", "id": id, "given": false])
            #expect(await cleo.wait { $0.ended == "The client does not consent to it any more." })
            #expect(await ada.wait { $0.consents.isEmpty && $0.holder == nil })
        }
    }

    @Test func clinicianAreAskedWhereThePolicySaysSo() async throws {
        var configuration = Configuration()
        configuration.control.ask = .clinician
        try await inRoom(configuration) { room in
            let (cleo, ada) = (await room.join("Cleo"), await room.join("Ada"))
            let ben = await room.join("Ben")
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            ben.say(["type": "requestControl"])
            #expect(await cleo.wait { $0.asks == ["Ben"] && $0.requests == ["Ben"] })
            #expect(await ben.wait { $0.denied == "Cleo has been told that you ask." })
            #expect(await ada.asks.isEmpty)
            cleo.say(["type": "grantControl", "person": await ben.you ?? 0])
            #expect(await ben.wait { $0.lease != nil })
        }
    }

    @Test func aDeskThatStopsEndsControl() async throws {
        try await inRoom { room in
            _ = await room.desk.connect()
            let ada = await room.join("Ada")
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            _ = await room.desk.connect()
            #expect(await ada.wait { $0.ended == "The desk was started again. Ask for control anew." })
        }
    }

    /// The desk's socket gets nothing of the holder's after the release; how late the last event is, is printed.
    ///
    /// `swift test -c release --skip-build --filter aRevokeStopsAFloodOfEvents`
    @Test func aRevokeStopsAFloodOfEvents() async throws {
        try await inRoom { room in
            _ = await room.desk.connect()
            let (cleo, ada) = (await room.join("Cleo"), await room.join("Ada"))
            let (cleoID, adaID) = (await cleo.you ?? 0, await ada.you ?? 0)
            let key = try #require(Keysym("a"))
            var delays: [Int64] = []
            for _ in 0..<Self.revokes {
                cleo.say(["type": "grantControl", "person": adaID])
                try #require(await Self.isTrue(room) { await ada.lease != nil })
                let lease = LeaseID(try #require(await ada.lease))
                // A thousand a second, presses and moves.
                let flood = Task {
                    let start = Instant.now()
                    for number in 1...2_000 {
                        let action: ControlAction =
                            number % 4 == 0 ? .keyDown(key) : .pointerMove(DeskPoint(x: UInt16(number), y: 1))
                        let sequence = action.neededRights == .pointer ? UInt16(number) : 0
                        let event = ControlEvent(
                            lease: lease,
                            sequence: sequence,
                            clientTime: 0,
                            action: action
                        )
                        let message = DataMessage(bytes: event.encoded(), isBinary: true, received: .now())
                        await room.relay.handle(message, from: ParticipantID(adaID))
                        if Task.isCancelled { return }
                        let left = (start + .milliseconds(Int64(number)) - .now()).nanoseconds
                        if left > 0 { try? await Task.sleep(for: .nanoseconds(left)) }
                    }
                }
                let drained = await Self.drain(room, for: .milliseconds(60), isOver: { $0.inputs > 20 })
                #expect(drained.inputs > 20)
                let revoked = Instant.now()
                cleo.say(["type": "revokeControl"])
                let after = await Self.drain(room, for: .seconds(20), isOver: { $0.isReleased })
                #expect(after.isReleased)
                // The flood goes on: it must not get through any more.
                let late = await Self.drain(room, for: .milliseconds(20), isOver: { _ in false })
                #expect(late.inputs == 0)
                flood.cancel()
                await flood.value
                delays.append(max(0, ((after.last ?? revoked) - revoked).nanoseconds / 1_000))
            }
            delays.sort()
            func share(_ share: Double) -> Int64 {
                delays[min(delays.count - 1, Int(Double(delays.count) * share))]
            }
            let words = "p50 \(share(0.5)) µs, p99 \(share(0.99)) µs, most \(delays.last ?? 0) µs"
            print("last event after a revoke, \(delays.count) revokes at 1 000 events/s: \(words)")
            let health = await room.session.health()
            #expect(health.control.refused > 0)
            #expect(cleoID != adaID)
        }
    }

    private static let revokes = 200

    private struct Drained {
        var inputs = 0
        var last: Instant?
        var isReleased = false
    }

    private static func drain(
        _ room: SessionRoom,
        for time: Interval,
        isOver: (Drained) -> Bool
    ) async -> Drained {
        var drained = Drained()
        let end = Instant.now() + time
        while !isOver(drained), .now() < end {
            guard let command = await room.desk.poll() else {
                try? await Task.sleep(for: .microseconds(100))
                continue
            }
            switch command {
            case .input:
                drained.inputs += 1
                drained.last = .now()
            case .mark(let mark): await room.desk.handleReached(mark)
            case .releaseAll(let mark):
                drained.isReleased = true
                await room.desk.handleReached(mark)
            default: break
            }
        }
        return drained
    }

    private static func isTrue(_ room: SessionRoom, _ condition: () async -> Bool) async -> Bool {
        for _ in 0..<4_000 {
            if await condition() { return true }
            _ = await drain(room, for: .milliseconds(5), isOver: { _ in false })
        }
        return false
    }

    private func inRoom(
        _ configuration: Configuration = Configuration(),
        _ body: (SessionRoom) async throws -> Void
    ) async throws {
        let client = RightsTable()[.client]
        let policy = AdmissionPolicy {
            $0.name.text == "Cleo" ? .admitted(.clinician, .all) : .admitted(.client, client)
        }
        let room = try await SessionRoom(configuration, policy: policy)
        do {
            try await body(room)
        } catch {
            await room.end()
            throw error
        }
        await room.end()
    }
}
