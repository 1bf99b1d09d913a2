import Appliance
import Foundation
import Testing
import Wire

/// People who come, come back and ask one another, in a real session; their pages are no browsers.
@Suite(.timeLimit(.minutes(1))) struct SessionMembershipTests {
    private static let browser = "browser-0123456789"

    /// A tab that was closed stood in everybody's strip beside the same person in another tab.
    @Test func aPersonWhoComesBackByAnotherTabIsNotDoubled() async throws {
        try await inRoom { room in
            let ben = await room.join("Ben")
            let ada = await room.join("Ada", ["browser": Self.browser])
            let token = await ada.resume
            await ada.close()
            #expect(await ben.wait { $0.people.map(\.away) == [false, true] })
            let again = await room.join("Ada", ["browser": Self.browser])
            #expect(await ben.wait { $0.people.map(\.away) == [false, false] })
            #expect(await again.you == ada.you)
            // The tab before does not take the place back.
            let late = await room.join("Ada", ["resume": token ?? "", "browser": Self.browser])
            #expect(await late.you != ada.you)
            #expect(await again.isOpen)
        }
    }

    @Test func twoLiveTabsAreTwoPeopleAndSoIsAnotherName() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada", ["browser": Self.browser])
            let second = await room.join("Ada", ["browser": Self.browser])
            #expect(await second.you != ada.you)
            await ada.close()
            #expect(await second.wait { $0.people.map(\.away) == [true, false] })
            let ben = await room.join("Ben", ["browser": Self.browser])
            #expect(await ben.people.count == 3)
        }
    }

    /// Others stop waiting after a moment, and whoever still comes is who they were.
    @Test func aPageThatSaidGoodbyeIsWaitedForForAMomentOnly() async throws {
        var grace = Membership.Grace()
        grace.goodbye = .milliseconds(50)
        try await inRoom(grace: grace) { room in
            let ben = await room.join("Ben")
            let ada = await room.join("Ada", ["browser": Self.browser])
            ada.say(["type": "goodbye"])
            await ada.close()
            #expect(await ben.wait { $0.people.count == 1 })
        }
    }

    @Test func theHolderIsToldWhoAsksAndMayGiveControlOrKeepIt() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada")
            let ben = await room.join("Ben")
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            for _ in 0..<4 { ben.say(["type": "requestControl"]) }
            #expect(await ada.wait { $0.requests.count == 1 && $0.asks == ["Ben"] })
            // Each is answered before the holder declines: one that came after it would ask anew.
            #expect(await ben.wait { $0.isWaiting && $0.denials == 4 })
            #expect(await ben.denied?.contains("told that you ask") == true)
            ada.say(["type": "declineControl", "person": await ben.you ?? 0])
            #expect(await ben.wait { !$0.isWaiting && $0.denied?.contains("would like to keep it") == true })
            ben.say(["type": "requestControl"])
            #expect(await ada.wait { $0.asks == ["Ben"] })
            // Once for each in ten seconds.
            #expect(await ada.requests.count == 1)
            ada.say(["type": "grantControl", "person": await ben.you ?? 0])
            #expect(await ben.wait { $0.lease != nil && !$0.isWaiting })
            #expect(await ada.wait { $0.lease == nil && $0.holder == "Ben" })
        }
    }

    @Test func whoWaitsGetsControlWhenItIsGivenBack() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada")
            let ben = await room.join("Ben")
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            ben.say(["type": "requestControl"])
            #expect(await ben.wait { $0.isWaiting })
            ada.say(["type": "releaseControl"])
            #expect(await ben.wait { $0.lease != nil })
        }
    }

    @Test func aFullRoomGivesUpWhoNeverSawIt() async throws {
        var configuration = Configuration()
        configuration.maximumPeople = 4
        try await inRoom(configuration) { room in
            var flood: [SessionPage] = []
            for _ in 0..<4 {
                flood.append(await room.join("Eve", address: 1))
                await flood.last?.close()
            }
            for _ in 0..<3 {
                let ada = await room.join("Ada", address: 2)
                #expect(await ada.you != nil)
            }
        }
    }

    @Test func theWelcomeTellsTheRoomsTime() async throws {
        try await inRoom { room in
            let before = Date().timeIntervalSince1970 * 1_000
            let ada = await room.join("Ada")
            let now = Double(await ada.now ?? 0)
            // It goes on evenly, and what keeps the wall clock right sets that a little.
            #expect(abs(now - before) < 2_000)
        }
    }

    private func inRoom(
        _ configuration: Configuration = Configuration(),
        grace: Membership.Grace? = nil,
        _ body: (SessionRoom) async throws -> Void
    ) async throws {
        // Nobody is given up while a slow machine thinks.
        var long = Membership.Grace()
        long.goodbye = .seconds(600)
        let room = try await SessionRoom(configuration, grace: grace ?? long)
        do {
            try await body(room)
        } catch {
            await room.end()
            throw error
        }
        await room.end()
    }
}
