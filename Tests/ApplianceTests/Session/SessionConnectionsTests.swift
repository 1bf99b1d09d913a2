import Appliance
import Foundation
import RemoteControl
import SFU
import Testing
import Wire

/// Connections of people who come, go and come back all at once, in a real session.
@Suite struct SessionConnectionsTests {
    @Test func sixWhoComeBackAtOnceLeaveNoTransport() async throws {
        let room = try await SessionRoom()
        let first = await SessionPage(room)
        first.say(["type": "join", "name": "Ada"])
        #expect(await first.wait { $0.resume != nil })
        let resume = try #require(await first.resume)
        for _ in 0..<20 {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        let page = await SessionPage(room)
                        page.say(["type": "join", "name": "Ada", "resume": resume, "fresh": true])
                        _ = await page.wait { $0.resume != nil }
                    }
                }
            }
        }
        let last = await SessionPage(room)
        last.say(["type": "join", "name": "Ada", "resume": resume, "fresh": true])
        #expect(await last.wait { $0.offers > 0 })
        #expect(await room.transports() == 1)
        last.say(["type": "leave"])
        #expect(await room.settle() == 0)
        #expect(await room.session.ownedTransports == 0)
        await room.end()
    }

    @Test func anythingInAnyOrderLeavesNoTransport() async throws {
        var configuration = Configuration()
        configuration.maximumPeople = 500
        let room = try await SessionRoom(configuration)
        let offer = try recording("chromium-media")
        let tokens = Tokens()
        await withTaskGroup(of: Void.self) { group in
            for seed in 0..<6 as Range<UInt64> {
                group.addTask {
                    var random = SplitMix64(seed: seed)
                    var page = await SessionPage(room, answersOffers: seed.isMultiple(of: 2))
                    var token: String?
                    // What people are told grows with the cube of it.
                    for _ in 0..<70 {
                        switch Int.random(in: 0..<8, using: &random) {
                        case 0, 1:
                            if let new = await page.resume { await tokens.add(new) }
                            page = await SessionPage(room, answersOffers: seed.isMultiple(of: 2))
                            // Somebody else's place, one's own, or a new one.
                            token = await tokens.any(Int.random(in: 0..<64, using: &random))
                            var join: [String: any Sendable] = ["type": "join", "name": "Ada"]
                            join["resume"] = token
                            join["fresh"] = Bool.random(using: &random)
                            page.say(join)
                        case 2: page.say(["type": "leave"])
                        case 3: page.connection.close()
                        case 4:
                            let other = Int.random(in: 10..<12, using: &random)
                            page.say([
                                "type": "publishOffer",
                                "sdp": offer.replacing(
                                    "a=fingerprint:sha-256 ",
                                    with: "a=fingerprint:sha-256 \(other):"
                                ).replacing(/(a=fingerprint:sha-256 (?:..:){31}..):../) { $0.output.1 },
                            ])
                        case 5: await page.answerOffer()
                        case 6: page.say(["type": "restartSubscribe"])
                        default:
                            page.say(["type": "subscribeAnswer", "sdp": "v=0\r\n", "id": 1])
                            await Task.yield()
                        }
                    }
                    if let new = await page.resume { await tokens.add(new) }
                }
            }
        }
        for token in await tokens.all {
            let page = await SessionPage(room)
            page.say(["type": "join", "name": "Ada", "resume": token, "fresh": false])
            _ = await page.wait { $0.resume != nil }
            page.say(["type": "leave"])
            await page.close()
        }
        // Whose welcome was never read waits for a minute.
        var (people, transports, owned) = (0, Int.max, 0)
        for _ in 0..<2_000 where transports > 2 * people || owned != transports {
            try await Task.sleep(for: .milliseconds(5))
            people = await room.session.health().people
            transports = await room.transports()
            owned = await room.session.ownedTransports
        }
        #expect(transports <= 2 * people)
        #expect(owned == transports)
        await room.end()
    }

    @Test func whatWaitsOnAClosedWebSocketIsNotWorkedOffExceptForAGoodbye() async throws {
        let room = try await SessionRoom()
        let page = await SessionPage(room)
        page.say(["type": "join", "name": "Ada"])
        #expect(await page.wait { $0.offers > 0 })
        let offer = try recording("chromium-media")
        let connection = SignallingConnection()
        for _ in 0..<100 {
            let data = try JSONSerialization.data(withJSONObject: ["type": "publishOffer", "sdp": offer])
            #expect(connection.receive(Array(data)))
        }
        #expect(connection.receive(Array(#"{"type":"leave"}"#.utf8)))
        connection.close()
        var left: [ClientMessage] = []
        for await message in connection.messages {
            if case .success(let message) = message { left.append(message) }
        }
        #expect(left == [.leave])
        await page.close()
        await room.end()
    }

    /// Fifty people with camera and microphone: everybody is offered everybody, and who leaves and comes makes
    /// further offers.
    @Test func fiftyPeopleWithCameraAndMicrophoneAreOfferedToOneAnother() async throws {
        let room = try await SessionRoom()
        let offer = try recording("chromium-media")
        let watcher = await SessionPage(room, answersOffers: true)
        watcher.say(["type": "join", "name": "Ada"])
        #expect(await watcher.wait { $0.offers > 0 })
        var others: [SessionPage] = []
        for _ in 0..<49 {
            let page = await SessionPage(room)
            page.say(["type": "join", "name": "Bob"])
            page.say(["type": "publishOffer", "sdp": offer])
            #expect(await page.wait { !$0.answers.isEmpty })
            others.append(page)
        }
        let isFull = await watcher.wait { page in
            guard let sdp = page.newestOffer?.sdp else { return false }
            return sdp.components(separatedBy: "a=sendonly").count - 1 == 2 + 2 * 49
        }
        #expect(isFull)
        // Somebody leaves and comes back as somebody new: both are offered.
        let before = await watcher.offers
        others[0].say(["type": "leave"])
        #expect(await watcher.wait { $0.offers > before })
        let newcomer = await SessionPage(room, answersOffers: true)
        newcomer.say(["type": "join", "name": "Cem"])
        newcomer.say(["type": "publishOffer", "sdp": offer])
        let isComplete = await newcomer.wait { page in
            guard let sdp = page.newestOffer?.sdp else { return false }
            return sdp.components(separatedBy: "a=sendonly").count - 1 == 2 + 2 * 48
        }
        #expect(isComplete)
        #expect(await watcher.errors.isEmpty)
        #expect(await newcomer.errors.isEmpty)
        await room.end()
    }

    @Test func aRefusedAnswerIsSaidAndTheRoomGoesOnOffering() async throws {
        let room = try await SessionRoom()
        let page = await SessionPage(room)
        page.say(["type": "join", "name": "Ada"])
        #expect(await page.wait { $0.offers == 1 })
        for id in 1...2 {
            page.say(["type": "subscribeAnswer", "sdp": "v=0\r\n", "id": id])
            #expect(await page.wait { $0.errors.count == id && $0.offers == id + 1 })
        }
        // The third is the first of a connection begun anew.
        #expect(await page.newestOffer?.id == 1)
        await page.answerOffer()
        let other = await SessionPage(room)
        other.say(["type": "join", "name": "Bob"])
        other.say(["type": "publishOffer", "sdp": try recording("chromium-media")])
        #expect(await page.wait { $0.offers == 4 })
        #expect(await page.errors.count == 2)
        await room.end()
    }

    @Test func aChatLineThatCannotBeTakenIsRefusedInWords() async throws {
        let room = try await SessionRoom()
        let page = await SessionPage(room)
        page.say(["type": "join", "name": "Ada"])
        #expect(await page.wait { $0.resume != nil })
        for (count, bytes) in [
            [UInt8](repeating: 0x61, count: 4_097), [0xff, 0xfe], [UInt8](repeating: 0x61, count: 4_096),
        ].enumerated() {
            let message = DataMessage(
                bytes: bytes,
                isBinary: false,
                received: Instant(nanoseconds: 1_000_000_000)
            )
            await room.session.chat.handle(message, from: ParticipantID(1))
            #expect(await page.wait { $0.errors.count == min(count + 1, 2) })
        }
        #expect(await page.errors.count == 2)
        await room.end()
    }

    private actor Tokens {
        private(set) var all: Set<String> = []

        func add(_ token: String) { all.insert(token) }

        func any(_ number: Int) -> String? {
            all.isEmpty || number == 0 ? nil : all.sorted()[number % all.count]
        }
    }
}
