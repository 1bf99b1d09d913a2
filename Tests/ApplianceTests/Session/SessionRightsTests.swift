import Access
import Appliance
import Foundation
import RemoteControl
import SFU
import Testing
import Wire

/// What people with fewer rights meet in a real session.
@Suite(.timeLimit(.minutes(1))) struct SessionRightsTests {
    @Test func whoMayNeitherPointNorTypeNeverGetsControl() async throws {
        try await inRoom(where: ["Ben": [.see, .hear, .chat]]) { room in
            let ben = await room.join("Ben")
            ben.say(["type": "requestControl"])
            #expect(await ben.wait { $0.denied == "You may watch the desk in this room, but not drive it." })
            let ada = await room.join("Ada")
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            ben.say(["type": "requestControl"])
            ada.say(["type": "releaseControl"])
            #expect(await ben.wait { $0.holder == nil })
            #expect(await ben.lease == nil)
            #expect(await ada.requests.isEmpty)
        }
    }

    @Test func whoLosesTheRightLosesControl() async throws {
        let policy = AdmissionPolicy { applicant in
            applicant.before == nil ? .admitted(.clinician, .all) : .admitted(.observer, .see)
        }
        try await inRoom(policy) { room in
            let ada = await room.join("Ada")
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            let token = try #require(await ada.resume)
            let again = await room.join("Ada", ["resume": token, "fresh": false])
            #expect(await again.you == ada.you)
            #expect(
                await again.wait { $0.ended == "You may not drive the desk any more." && $0.lease == nil }
            )
            let ben = await room.join("Ben")
            ben.say(["type": "requestControl"])
            #expect(await ben.wait { $0.lease != nil })
        }
    }

    /// Whoever has control hands it on to somebody who asks, and to nobody else.
    @Test func whoMayNotGiveControlIsToldSo() async throws {
        try await inRoom(where: ["Ada": Rights.all.subtracting(.grant)]) { room in
            let (ada, ben) = (await room.join("Ada"), await room.join("Ben"))
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            ada.say(["type": "grantControl", "person": await ben.you ?? 0])
            #expect(
                await ada.wait { $0.errors == ["You may not give control to somebody else in this room."] }
            )
            #expect(await ben.lease == nil)
            ben.say(["type": "requestControl"])
            #expect(await ada.wait { $0.asks == ["Ben"] })
            ada.say(["type": "grantControl", "person": await ben.you ?? 0])
            #expect(await ben.wait { $0.lease != nil })
        }
    }

    @Test func whoMayNotWriteIsRefusedInWords() async throws {
        try await inRoom(where: ["Ben": Rights.all.subtracting(.chat)]) { room in
            let ben = await room.join("Ben")
            let id = ParticipantID(try #require(await ben.you))
            let line = DataMessage(
                bytes: Array("hello".utf8),
                isBinary: false,
                received: Instant(nanoseconds: 1)
            )
            await room.session.chat.handle(line, from: id)
            #expect(
                await ben.wait { $0.errors == ["You may read the chat in this room, but not write to it."] }
            )
        }
    }

    /// One at a time, and what is allowed is received.
    @Test(arguments: [
        (Rights.camera, "camera", "m=audio"), (.speak, "microphone", "m=video"),
    ])
    func whoMayNotSendGetsNoProducer(_ missing: Rights, _ device: String, _ left: String) async throws {
        try await inRoom(where: ["Ben": Rights.all.subtracting(missing)]) { room in
            let ada = await room.join("Ada", answersOffers: true)
            #expect(await ada.wait { $0.offers > 0 })
            let ben = await room.join("Ben")
            ben.say(["type": "publishOffer", "sdp": try recording("chromium-media")])
            #expect(await ben.wait { !$0.answers.isEmpty })
            #expect(await ben.errors == ["You may not send your \(device) in this room."])
            // The desk's two, and the one.
            #expect(await ada.wait { $0.sections == 3 })
            let sections = try #require(await ada.newestOffer?.sdp.components(separatedBy: "\r\nm="))
            #expect(sections.count { ("m=" + $0).hasPrefix(left) && $0.contains("a=sendonly") } == 2)
        }
    }

    @Test(arguments: [
        (Rights.see, "m=audio"), (.hear, "m=video"),
    ])
    func whoMayOnlySeeOrHearIsOfferedNothingElse(_ missing: Rights, _ kind: String) async throws {
        try await inRoom(where: ["Ben": Rights.all.subtracting(missing)]) { room in
            let ada = await room.join("Ada", answersOffers: true)
            ada.say(["type": "publishOffer", "sdp": try recording("chromium-media")])
            #expect(await ada.wait { !$0.answers.isEmpty })
            let ben = await room.join("Ben", answersOffers: true)
            #expect(await ben.wait { $0.sections == 2 })
            let sections = try #require(await ben.newestOffer?.sdp.components(separatedBy: "\r\nm="))
            #expect(sections.count { ("m=" + $0).hasPrefix(kind) } == 2)
        }
    }

    @Test func whoIsRefusedHearsWhyAndTakesNoPlace() async throws {
        let policy = AdmissionPolicy { applicant in
            applicant.name.text == "Eve" ? .refused(Refusal(.mayNot)) : .admitted(.client, .all)
        }
        try await inRoom(policy) { room in
            let eve = await room.join("Eve")
            #expect(await eve.errors == ["You may not do this in this room."])
            #expect(await eve.wait { !$0.isOpen })
            #expect(await room.session.health().people == 0)
        }
    }

    private func inRoom(
        where rights: [String: Rights],
        _ body: (SessionRoom) async throws -> Void
    ) async throws {
        let policy = AdmissionPolicy { .admitted(.client, rights[$0.name.text] ?? .all) }
        try await inRoom(policy, body)
    }

    private func inRoom(_ policy: AdmissionPolicy, _ body: (SessionRoom) async throws -> Void) async throws {
        let room = try await SessionRoom(policy: policy)
        do {
            try await body(room)
        } catch {
            await room.end()
            throw error
        }
        await room.end()
    }
}

extension SessionPage {
    /// Sections of the newest offer that carry something.
    fileprivate var sections: Int {
        (newestOffer?.sdp.components(separatedBy: "a=sendonly").count ?? 1) - 1
    }
}
