import Access
import Appliance
import Foundation
import RemoteControl
import Testing

/// Waiting, being let in, rights that are switched, and the end of a stay, in a real session.
@Suite(.timeLimit(.minutes(1))) struct SessionModerationTests {
    @Test func whoWaitsIsToldNothingOfTheRoomUntilSomebodyLetsThemIn() async throws {
        try await inRoom { room, ada in
            let ben = await room.join("Ben")
            #expect(await ben.you == nil)
            #expect(await ada.wait { $0.moderation.waiting?.map(\.name) == ["Ben"] })
            let waiter = try #require(await ada.moderation.waiting?.first)
            #expect(waiter.role == "client" && waiter.line == nil)
            #expect(await ben.moderation.since != nil)
            // What he sends is refused, whatever it is.
            ben.say(["type": "requestControl"])
            ben.say(["type": "publishOffer", "sdp": try recording("chromium-media")])
            ben.say(["type": "admit"])
            #expect(await ben.wait { $0.codes == ["mustBeLetIn", "mustBeLetIn", "mustBeLetIn"] })
            ada.say(["type": "tell", "person": waiter.id, "line": "Five minutes, please."])
            #expect(await ben.wait { $0.moderation.line == "Five minutes, please." })
            #expect(await ada.wait { $0.moderation.waiting?.first?.line == "Five minutes, please." })
            let told = await ben.moderation.types
            #expect(Set(told) == ["waiting", "error"])
            #expect(await ben.people.isEmpty)
            #expect(await room.session.ownedTransports == 1)
            ada.say(["type": "admit", "person": waiter.id])
            #expect(await ben.wait { $0.you == waiter.id && $0.people.map(\.name) == ["Ada", "Ben"] })
            #expect(await ada.wait { $0.moderation.waiting?.isEmpty == true })
        }
    }

    @Test func allAreLetInAtOnceInTheOrderInWhichTheyCame() async throws {
        try await inRoom { room, ada in
            var pages: [SessionPage] = []
            for name in ["Ben", "Cem", "Dia"] { pages.append(await room.join(name)) }
            #expect(await ada.wait { $0.moderation.waiting?.map(\.name) == ["Ben", "Cem", "Dia"] })
            ada.say(["type": "admit"])
            for page in pages { #expect(await page.wait { $0.you != nil }) }
            #expect(await ada.wait { $0.people.map(\.name) == ["Ada", "Ben", "Cem", "Dia"] })
        }
    }

    @Test func whoIsRefusedHearsWhy() async throws {
        try await inRoom { room, ada in
            let ben = await room.join("Ben")
            #expect(await ada.wait { $0.moderation.waiting?.count == 1 })
            let id = await ada.moderation.waiting?.first?.id ?? 0
            ada.say(["type": "refuse", "person": id, "reason": "Your appointment is tomorrow."])
            #expect(await ben.wait { $0.moderation.ending == "turnedAwayFor" && !$0.isOpen })
            #expect(await ben.moderation.endingWords?.contains("Your appointment is tomorrow.") == true)
            #expect(await ada.wait { $0.moderation.waiting?.isEmpty == true })
        }
    }

    /// Nobody is locked out, nor shown the way out, because the clinician's connection is lost.
    @Test func aCliniciansLossLocksNobodyOut() async throws {
        try await inRoom { room, ada in
            let ben = await room.join("Ben")
            #expect(await ada.wait { $0.moderation.waiting?.count == 1 })
            ada.say(["type": "admit"])
            #expect(await ben.wait { $0.you != nil })
            let secret = try #require(await ada.resume)
            await ada.close()
            #expect(await ben.wait { $0.people.first?.away == true })
            // Who is in comes back by themselves; who is not waits.
            let again = await room.join("Ben", ["resume": await ben.resume ?? "", "fresh": false])
            #expect(await again.you == ben.you)
            let cem = await room.join("Cem")
            #expect(await cem.moderation.waits == 1)
            #expect(await cem.isOpen)
            let back = await room.join("Ada", ["resume": secret, "fresh": true])
            #expect(await back.wait { $0.moderation.waiting?.map(\.name) == ["Cem"] })
            back.say(["type": "admit"])
            #expect(await cem.wait { $0.you != nil })
        }
    }

    @Test func whoHasNoRightToNeitherSeesWhoWaitsNorLetsThemIn() async throws {
        try await inRoom { room, ada in
            let ben = await room.join("Ben")
            #expect(await ada.wait { $0.moderation.waiting?.count == 1 })
            ada.say(["type": "admit"])
            #expect(await ben.wait { $0.you != nil })
            let cem = await room.join("Cem")
            #expect(await ada.wait { $0.moderation.waiting?.count == 1 })
            let (id, adas) = (await ada.moderation.waiting?.first?.id ?? 0, await ada.you ?? 0)
            for message: [String: any Sendable] in [
                ["type": "admit"], ["type": "refuse", "person": id],
                ["type": "tell", "person": id, "line": "Hello"],
                ["type": "setRights", "person": adas, "rights": ["speak": false]], ["type": "mute"],
                ["type": "remove", "person": adas], ["type": "endSession"],
                ["type": "watch", "person": adas],
            ] { ben.say(message) }
            #expect(await ben.wait { $0.codes.count == 8 })
            let (codes, rights, bens) = (await ben.codes, await ben.moderation.rights, await ben.you)
            #expect(Set(codes) == ["mayNot"])
            #expect(await ben.moderation.waiting == nil)
            #expect(await cem.you == nil)
            #expect(rights.keys.first == bens && rights.count == 1)
        }
    }

    @Test func rightsAreSwitchedAndStaySoForAPageThatComesBack() async throws {
        try await inRoom { room, ada in
            let ben = try await admitted("Ben", by: ada, in: room)
            let id = try #require(await ben.you)
            ben.say(["type": "publishOffer", "sdp": try recording("chromium-media")])
            #expect(await ben.wait { !$0.answers.isEmpty })
            ben.say(["type": "setMedia", "audio": "on", "video": "on"])
            ada.say(["type": "setRights", "person": id, "rights": ["speak": false, "keyboard": false]])
            #expect(await ben.wait { $0.codes.contains("mayNotSpeak") })
            #expect(
                await ben.wait { $0.moderation.rights[id]?.isDisjoint(with: ["speak", "keyboard"]) == true }
            )
            #expect(await ada.wait { $0.moderation.rights[id]?.contains("speak") == false })
            let secret = try #require(await ben.resume)
            let again = await room.join("Ben", ["resume": secret, "fresh": false])
            #expect(await again.wait { $0.moderation.rights[id]?.contains("speak") == false })
            ada.say(["type": "setRights", "person": id, "rights": ["speak": true]])
            #expect(await again.wait { $0.moderation.rights[id]?.contains("speak") == true })
        }
    }

    @Test func nobodyGivesWhatTheyHaveNotOrLocksThemselvesOut() async throws {
        try await inRoom(["Eve": (.observer, [.see, .grant, .remove])], waiting: []) { room, ada in
            let eve = await room.join("Eve")
            let (adas, eves) = (try #require(await ada.you), try #require(await eve.you))
            eve.say(["type": "setRights", "person": eves, "rights": ["record": true]])
            #expect(await eve.wait { $0.codes == ["beyondYourRights"] })
            eve.say(["type": "setRights", "person": adas, "rights": ["speak": false]])
            eve.say(["type": "remove", "person": adas])
            eve.say(["type": "endSession"])
            #expect(await eve.wait { $0.codes.count == 4 })
            #expect(await eve.codes.dropFirst() == ["onlyClinicians", "onlyClinicians", "onlyClinicians"])
            ada.say(["type": "setRights", "person": adas, "rights": ["admit": false]])
            #expect(await ada.wait { $0.codes == ["lastWithRight"] })
            ada.say(["type": "remove", "person": adas])
            #expect(await ada.wait { $0.codes == ["lastWithRight", "notYourself"] })
        }
    }

    @Test func whoIsMutedIsMutedUntilTheySwitchTheirMicrophoneOnAgain() async throws {
        try await inRoom { room, ada in
            let ben = try await admitted("Ben", by: ada, in: room)
            ben.say(["type": "publishOffer", "sdp": try recording("chromium-media")])
            ben.say(["type": "setMedia", "audio": "on", "video": "none"])
            #expect(await ada.wait { $0.audio(of: "Ben") == "on" })
            ada.say(["type": "mute"])
            #expect(await ben.wait { $0.moderation.mutes == 1 })
            #expect(await ada.wait { $0.audio(of: "Ben") == "muted" })
            ben.say(["type": "setMedia", "audio": "on", "video": "none"])
            #expect(await ada.wait { $0.audio(of: "Ben") == "on" })
        }
    }

    @Test func whoIsRemovedDoesNotComeBackUnlessAllowed() async throws {
        try await inRoom { room, ada in
            let link = ["browser": "browser-of-ben-0123456789"]
            let ben = await room.join("Ben", link)
            #expect(await ada.wait { $0.moderation.waiting?.count == 1 })
            ada.say(["type": "admit"])
            #expect(await ben.wait { $0.you != nil })
            let id = try #require(await ben.you)
            ada.say(["type": "remove", "person": id, "reason": "Please call the office."])
            #expect(await ben.wait { $0.moderation.ending == "removedFor" && !$0.isOpen })
            #expect(
                await ada.wait { $0.people.map(\.name) == ["Ada"] && $0.moderation.removed.map(\.id) == [id] }
            )
            let again = await room.join("Ben", link)
            #expect(await again.moderation.ending == "removedFor")
            ada.say(["type": "allow", "person": id])
            #expect(await ada.wait { $0.moderation.removed.isEmpty })
            let allowed = await room.join("Ben", link)
            #expect(await allowed.moderation.waits == 1)
        }
    }

    @Test func theEndIsEverybodys() async throws {
        try await inRoom { room, ada in
            let ben = try await admitted("Ben", by: ada, in: room)
            let cem = await room.join("Cem")
            ada.say(["type": "endSession"])
            for page in [ada, ben, cem] {
                #expect(await page.wait { $0.moderation.ending == "sessionEnded" && !$0.isOpen })
            }
            #expect(await room.settle() == 0)
            let late = await room.join("Ben")
            #expect(await late.moderation.ending == "sessionEnded")
            // A clinician begins anew, and whoever was in waits again.
            let back = await room.join("Ada")
            #expect(await back.you != nil)
            let waits = await room.join("Ben")
            #expect(await waits.moderation.waits == 1)
        }
    }

    @Test func howAPageDoesIsToldToWhoLooksAfterTheOthers() async throws {
        try await inRoom { room, ada in
            let ben = try await admitted("Ben", by: ada, in: room)
            let id = try #require(await ben.you)
            let state: [String: any Sendable] = [
                "hidden": true, "paused": false, "soundBlocked": true, "frozen": 7,
            ]
            ben.say(["type": "pageState", "state": state])
            let told = ToldModeration.State(hidden: true, paused: false, soundBlocked: true, frozen: 7)
            #expect(await ada.wait { $0.moderation.pages[id] == told })
            #expect(await ben.moderation.pages.isEmpty)
        }
    }

    @Test func whoeverRunsTheRoomMayDoAllThat() async throws {
        try await inRoom { room, ada in
            let ben = await room.join("Ben")
            let id = ParticipantID(try #require(await room.session.waitingPeople().people.first?.id))
            try await room.session.admit(id)
            #expect(await ben.wait { $0.you == id.rawValue })
            await #expect(throws: ModerationRefusal.notThere) { try await room.session.admit(id) }
            try await room.session.remove(id, reason: PersonalLine(parsing: ""))
            #expect(await ben.wait { $0.moderation.ending == "removed" })
            await room.session.end()
            #expect(await ada.wait { $0.moderation.ending == "sessionEnded" })
        }
    }

    /// The same rendition as its person is sent, on a section of its own.
    @Test func aViewIsOfferedToWhoWatches() async throws {
        try await inRoom { room, _ in
            let eve = await room.join("Eve", answersOffers: true)
            #expect(await eve.you != nil)
            let ben = await room.join("Ben", answersOffers: true)
            try await room.session.admit(ParticipantID(room.session.waitingPeople().people.first?.id ?? 0))
            #expect(await ben.wait { $0.offers > 0 })
            let offers = await eve.offers
            eve.say(["type": "watch", "person": await ben.you ?? 0])
            #expect(await eve.wait { $0.newestOffer?.sdp.contains("view-") == true && $0.offers > offers })
            eve.say(["type": "watch"])
            #expect(await eve.wait { $0.newestOffer?.sdp.contains("view-") == false })
        }
    }

    // MARK: Rooms

    /// Ada and Eve are clinicians, unless it is said otherwise; all others are clients, who wait.
    private func inRoom(
        _ others: [String: (Role, Rights)] = [:],
        waiting: Set<Role> = [.client],
        _ body: (SessionRoom, SessionPage) async throws -> Void
    ) async throws {
        let policy = AdmissionPolicy { applicant in
            if let (role, rights) = others[applicant.name.text] { return .admitted(role, rights) }
            return ["Ada", "Eve"].contains(applicant.name.text)
                ? .admitted(.clinician, .all) : .admitted(.client, RightsTable()[.client])
        }
        let room = try await SessionRoom(policy: policy.waiting(for: waiting))
        do {
            try await body(room, await room.join("Ada"))
        } catch {
            await room.end()
            throw error
        }
        await room.end()
    }

    private func admitted(
        _ name: String,
        by ada: SessionPage,
        in room: SessionRoom
    ) async throws -> SessionPage {
        let page = await room.join(name)
        #expect(await ada.wait { $0.moderation.waiting?.map(\.name).contains(name) == true })
        ada.say(["type": "admit"])
        #expect(await page.wait { $0.you != nil })
        return page
    }
}
