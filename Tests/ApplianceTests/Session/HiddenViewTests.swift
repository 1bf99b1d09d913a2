import Access
import Appliance
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
}
