import Access
import Appliance
import Foundation
import Testing

/// The end of a session, as its people meet it.
@Suite(.timeLimit(.minutes(1))) struct SessionLifeTests {
    @Test func peopleAreToldHowMuchTimeIsLeftAndNobodyNewComesIn() async throws {
        let room = try await SessionRoom()
        let ada = await room.join("Ada")
        await room.session.drain()
        #expect(await ada.wait { $0.closings == ["roomStopping"] })
        let ben = await room.join("Ben", address: 2)
        #expect(await ben.codes == ["roomClosing"])
        // Whoever is in the room may lose their page meanwhile.
        let secret = try #require(await ada.resume)
        await ada.close()
        let again = await room.join("Ada", ["resume": secret, "fresh": true])
        #expect(await again.you == ada.you)
        #expect(await again.wait { $0.closings == ["roomStopping"] })
        #expect(await room.session.life.end == nil)
        again.say(["type": "leave"])
        #expect(await room.ending() == .asked)
        await room.end()
    }

    @Test func peopleAreToldThatItHasEnded() async throws {
        let room = try await SessionRoom()
        let ada = await room.join("Ada")
        let ben = await room.join("Ben", address: 2)
        await room.session.drain()
        await room.session.drain()
        #expect(await room.ending() == .interrupted)
        for page in [ada, ben] {
            #expect(await page.wait { $0.moderation.ending == "sessionEndedStopped" && !$0.isOpen })
        }
        #expect(await room.settle() == 0)
        await room.end()
    }

    @Test func anEmptyRoomEndsByItself() async throws {
        var configuration = Configuration()
        configuration.life.empty = 0.002
        let room = try await SessionRoom(configuration)
        #expect(await room.ending() == .empty)
        await room.end()
    }

    @Test func aSessionEndsWhenItsTimeIsOver() async throws {
        var configuration = Configuration()
        configuration.life.longest = 0.02
        let room = try await SessionRoom(configuration)
        let ada = await room.join("Ada")
        #expect(await room.ending() == .longest)
        #expect(await ada.wait { $0.moderation.ending == "sessionEndedTime" })
        await room.end()
    }
}

extension SessionRoom {
    /// How the session ends; waits for it.
    fileprivate func ending() async -> RoomLife.End? {
        for await end in await session.life.ends { return end }
        return nil
    }
}
