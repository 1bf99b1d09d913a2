import Access
import Appliance
import IO
import RemoteControl
import Testing

/// What is hidden of the desk, and whoever shows on their page what another one is sent of it.
@Suite(.timeLimit(.minutes(1))) struct HiddenViewTests {
    @Test func nobodySeesBehindTheCurtainByTheViewOfSomebodyWhoDoes() async throws {
        let policy = AdmissionPolicy { applicant in
            applicant.name.text == "Eve" ? .admitted(.observer, [.see, .admit]) : .admitted(.clinician, .all)
        }
        let room = try await SessionRoom(policy: policy)
        let ada = await room.join("Ada", answersOffers: true)
        #expect(await ada.wait { $0.offers > 0 })
        let cleo = await room.join("Cleo", answersOffers: true)
        let eve = await room.join("Eve", answersOffers: true)
        for page in [cleo, eve] {
            page.say(["type": "watch", "person": await ada.you ?? 0])
            #expect(await page.wait { $0.newestOffer?.sdp.contains("view-") == true })
        }
        ada.say(["type": "curtain", "on": true])
        #expect(await eve.wait { $0.newestOffer?.sdp.contains("view-") == false })
        #expect(await cleo.wait { $0.newestOffer?.sdp.contains("view-") == true })
        ada.say(["type": "curtain", "on": false])
        #expect(await eve.wait { $0.newestOffer?.sdp.contains("view-") == true })
        await room.end()
    }

    @Test func whatWasHiddenWhenARoomCrashedIsHiddenByTheNext() async throws {
        let memory = RoomMemory(try MemoryFile())
        let first = try await SessionRoom(memory: memory)
        let ada = await first.join("Ada")
        ada.say([
            "type": "mask", "rectangles": [["x": 1, "y": 2, "width": 3, "height": 4]], "windows": [Int](),
        ])
        for _ in 0..<500 where !memory.content.isHiding { try await Task.sleep(for: .milliseconds(10)) }
        #expect(memory.content.isHiding && !memory.content.isSilent)
        await first.end()
        let second = try await SessionRoom(memory: memory)
        let desk = await second.desk.connectCovered()
        #expect(desk == DeskCover(number: 1, hidesAll: true), "it is told before it captures anything")
        let ben = await second.join("Ben")
        ben.say(["type": "curtain", "on": false])
        for _ in 0..<500 where memory.content.isHiding { try await Task.sleep(for: .milliseconds(10)) }
        #expect(!memory.content.isHiding)
        await second.end()
    }
}
