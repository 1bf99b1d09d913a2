import Access
import Appliance
import RemoteControl
import Testing
import Wire

/// Whom the desk's programs hear, in a real session; what comes out of it on the desk browsers show.
@Suite(.timeLimit(.minutes(1))) struct SessionEarsTests {
    private static let on: [String: any Sendable] = ["type": "setMedia", "audio": "on", "video": "none"]
    private static let muted: [String: any Sendable] = [
        "type": "setMedia", "audio": "muted", "video": "none",
    ]

    @Test func whoeverIsChosenIsToldToEverybodyUntilTheyMute() async throws {
        try await inRoom(where: ["Ben": Rights.all.subtracting(.soundIn)]) { room in
            _ = await room.desk.connect()
            let (ada, ben) = (await room.join("Ada"), await room.join("Ben"))
            let id = try #require(await ben.you)
            #expect(
                await ben.wait {
                    $0.ears?.offered == true && $0.ears?.people == [] && $0.ears?.state == "off"
                }
            )
            ben.say(Self.on)
            #expect(await ada.wait { $0.audio(of: "Ben") == "on" })
            // Who has no right to is refused, be it for themselves.
            ben.say(["type": "setDeskEars", "people": [id]])
            #expect(await ben.wait { $0.codes == ["mayNotLetHear"] })
            ada.say(["type": "setDeskEars", "people": [id]])
            for page in [ada, ben] {
                #expect(await page.wait { $0.ears?.people == [id] && $0.ears?.state == "starting" })
            }
            // The desk is asked for a link now, and was not before.
            #expect(await room.desk.nextCommand(but: .startStream(.h264)) == .openVoices)
            ben.say(Self.muted)
            #expect(await ada.wait { $0.ears?.people == [] && $0.ears?.state == "off" })
            ben.say(Self.on)
            #expect(await ada.wait { $0.audio(of: "Ben") == "on" })
            #expect(await ada.ears?.people == [])
        }
    }

    @Test func aLinkIsThereWhileSomebodyIsHeardAndAskedForAgainWhenItBreaks() async throws {
        try await inRoom { room in
            _ = await room.desk.connect()
            let ada = await room.join("Ada")
            let id = try #require(await ada.you)
            ada.say(Self.on)
            #expect(await ada.wait { $0.audio(of: "Ada") == "on" })
            ada.say(["type": "setDeskEars", "people": [id]])
            #expect(await room.desk.nextCommand(but: .startStream(.h264)) == .openVoices)
            await room.desk.handVoices()
            await room.desk.say(.noServer)
            #expect(await ada.wait { $0.ears?.state == "noServer" })
            #expect(await room.desk.nextCommand(but: .startStream(.h264)) == .openVoices)
            await room.desk.handVoices()
            await room.desk.say(.playing)
            #expect(await ada.wait { $0.ears?.state == "on" && $0.ears?.people == [id] })
            ada.say(Self.muted)
            #expect(await room.desk.losesVoices())
            #expect(await ada.wait { $0.ears?.state == "off" })
        }
    }

    @Test func onlyWhoCanBeHeardIsChosenAndWhoMayNotSpeakAnyMoreIsNot() async throws {
        try await inRoom { room in
            let (ada, ben) = (await room.join("Ada"), await room.join("Ben"))
            let id = try #require(await ben.you)
            ada.say(["type": "setDeskEars", "people": [id]])
            #expect(await ada.wait { $0.codes == ["deskHearsOnlyOpen"] })
            ben.say(Self.on)
            #expect(await ada.wait { $0.audio(of: "Ben") == "on" })
            ada.say(["type": "setDeskEars", "people": [id, 4_711]])
            #expect(await ada.wait { $0.codes.count == 2 })
            ada.say(["type": "setDeskEars", "people": [id]])
            #expect(await ada.wait { $0.ears?.people == [id] })
            ada.say(["type": "setRights", "person": id, "rights": ["speak": false]])
            #expect(await ada.wait { $0.ears?.people == [] })
            ada.say(["type": "setDeskEars"])
            ada.say(["type": "setDeskEars", "people": "all"])
            #expect(await ada.wait { $0.errors.count == 4 })
        }
    }

    @Test func whoeverMutesSomebodyOrGoesEndsIt() async throws {
        try await inRoom { room in
            let (ada, ben, cleo) = (await room.join("Ada"), await room.join("Ben"), await room.join("Cleo"))
            let (second, third) = (try #require(await ben.you), try #require(await cleo.you))
            for page in [ben, cleo] { page.say(Self.on) }
            #expect(await ada.wait { $0.audio(of: "Ben") == "on" && $0.audio(of: "Cleo") == "on" })
            ada.say(["type": "setDeskEars", "people": [second, third]])
            #expect(await ada.wait { $0.ears?.people == [second, third] })
            ada.say(["type": "mute", "person": second])
            #expect(await ada.wait { $0.ears?.people == [third] })
            cleo.say(["type": "leave"])
            #expect(await ada.wait { $0.ears?.people == [] })
        }
    }

    @Test func itEndsWhenNobodyIsLeftWhoCouldEndIt() async throws {
        try await inRoom(where: ["Ben": [.see, .hear, .speak]]) { room in
            let (ada, ben) = (await room.join("Ada"), await room.join("Ben"))
            let id = try #require(await ben.you)
            ben.say(Self.on)
            #expect(await ada.wait { $0.audio(of: "Ben") == "on" })
            ada.say(["type": "setDeskEars", "people": [id]])
            #expect(await ben.wait { $0.ears?.people == [id] })
            ada.say(["type": "leave"])
            #expect(await ben.wait { $0.ears?.people == [] })
        }
    }

    @Test func aRoomWithoutASinkOffersNothing() async throws {
        var configuration = Configuration()
        configuration.peopleSink = nil
        let room = try await SessionRoom(configuration)
        let ada = await room.join("Ada")
        #expect(await ada.wait { $0.ears?.offered == false })
        ada.say(["type": "setDeskEars", "people": [UInt64]()])
        #expect(await ada.wait { $0.codes == ["deskHearsNobody"] })
        await room.end()
    }

    private func inRoom(
        where rights: [String: Rights] = [:],
        _ body: (SessionRoom) async throws -> Void
    ) async throws {
        let policy = AdmissionPolicy { applicant in
            .admitted(.clinician, rights[applicant.name.text] ?? .all)
        }
        let room = try await SessionRoom(policy: policy)
        try await body(room)
        await room.end()
    }
}
