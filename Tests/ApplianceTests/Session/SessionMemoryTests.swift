import Access
import Appliance
import IO
import RemoteControl
import Testing

/// What a room knows of people after the one before has crashed.
@Suite(.timeLimit(.minutes(1))) struct SessionMemoryTests {
    @Test func whoWasLetInDoesNotWaitAgainWhoWasRemovedStaysOutAndNumbersGoOn() async throws {
        let memory = RoomMemory(try MemoryFile())
        let signer = try TokenSigner()
        func room() async throws -> SessionRoom {
            let policy = AdmissionPolicy.tokens(RightsTable()).waiting(for: [.client])
            return try await SessionRoom(policy: policy, tokens: signer.door, memory: memory)
        }
        let first = try await room()
        let ada = await first.join("Ada", ["token": try signer.token("dr-1", .clinician)])
        for name in ["Ben", "Cem"] {
            let page = await first.join(name, ["token": try signer.token(name)])
            #expect(await ada.wait { $0.moderation.waiting?.count == 1 })
            ada.say(["type": "admit"])
            #expect(await page.wait { $0.you != nil })
        }
        ada.say(["type": "remove", "person": 3])
        #expect(await ada.wait { $0.people.map(\.name) == ["Ada", "Ben"] })
        await first.end()
        let second = try await room()
        let ben = await second.join("Ben", ["token": try signer.token("Ben")])
        #expect(await ben.you == 4)
        let cem = await second.join("Cem", ["token": try signer.token("Cem")])
        #expect(await cem.wait { $0.moderation.ending == "removed" })
        await second.end()
    }
}
