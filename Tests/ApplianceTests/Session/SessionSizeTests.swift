import Access
import Appliance
import IO
import RemoteControl
import Testing

/// The size of the desk's screen in a session: who changes it, and what people are told.
@Suite(.timeLimit(.minutes(1))) struct SessionSizeTests {
    private static let policy = AdmissionPolicy { applicant in
        applicant.name.text == "Ben"
            ? .admitted(.client, [.see, .pointer, .keyboard]) : .admitted(.clinician, .all)
    }

    private func report(
        _ outcome: DeskScreenReport.Outcome,
        _ width: UInt16,
        _ height: UInt16
    ) -> DeskReport {
        .screen(
            DeskScreenReport(
                outcome,
                width: width,
                height: height,
                largestWidth: 2_560,
                largestHeight: 1_440
            )
        )
    }

    private func choose(_ width: Int, _ height: Int) -> [String: any Sendable] {
        ["type": "setDeskSize", "width": width, "height": height]
    }

    @Test func whoeverHasTheRightChangesItAndEverybodyIsTold() async throws {
        let memory = RoomMemory(try MemoryFile())
        let room = try await SessionRoom(policy: Self.policy, memory: memory)
        _ = await room.desk.connect()
        let (ada, ben) = (await room.join("Ada"), await room.join("Ben"))
        await room.desk.say(report(.told, 1_920, 1_080))
        for page in [ada, ben] { #expect(await page.wait { $0.deskSize?.width == 1_920 }) }
        #expect(await ada.deskSize?.by == nil)
        let sizes = await ada.deskSize?.sizes?.map { [$0.width, $0.height] } ?? []
        #expect(sizes.contains([720, 1_280]))
        #expect(!sizes.contains([3_840, 1_080]), "it does not fit")

        ben.say(choose(800, 600))
        #expect(await ben.wait { $0.codes == ["mayNotArrange"] })
        ada.say(choose(801, 601))
        let wanted = await room.desk.nextSize()
        #expect(wanted == DeskSize(width: 800, height: 600), "nothing of what the client has asked for")
        await room.desk.say(report(.done, 800, 600))
        for page in [ada, ben] { #expect(await page.wait { $0.deskSize?.width == 800 }) }
        let chooser = await ada.you
        #expect(await ben.deskSize?.by == chooser)
        for _ in 0..<500 where memory.content.screen == nil { try await Task.sleep(for: .milliseconds(10)) }
        #expect(memory.content.screen == wanted)

        ada.say(choose(100, 100))
        ada.say(choose(2_562, 1_440))
        ada.say(["type": "setDeskSize", "width": 800])
        #expect(await ada.wait { $0.errors.count == 3 })
        #expect(await ada.codes == ["sizeOutOfRange", "sizeOutOfRange"])
        #expect(await ada.errors[1] == "The desk can be 320 × 240 to 2560 × 1440 pixels large.")

        // The X server does not take one, and the desk goes on as it was.
        ada.say(choose(640, 480))
        _ = await room.desk.nextSize()
        await room.desk.say(report(.refused, 800, 600))
        #expect(await ada.wait { $0.codes.last == "sizeRefused" })
        await room.desk.disconnect()
        #expect(await ada.wait { $0.moderation.types.contains("desk") })
        await room.end()
    }

    @Test func aDisplayOfSomebodyElsesKeepsItsSize() async throws {
        var configuration = Configuration()
        configuration.display = ":7"
        let room = try await SessionRoom(configuration)
        _ = await room.desk.connect()
        let ada = await room.join("Ada")
        await room.desk.say(report(.told, 1_920, 1_080))
        #expect(await ada.wait { $0.deskSize?.width == 1_920 })
        #expect(await ada.deskSize?.largest == nil)
        ada.say(choose(800, 600))
        #expect(await ada.wait { $0.codes == ["sizeFixed"] })
        await room.end()
    }

    @Test func partsThatAreHiddenBringTheCurtainDownWhenTheDeskGetsAnotherSize() async throws {
        let room = try await SessionRoom(policy: Self.policy)
        _ = await room.desk.connect()
        let ada = await room.join("Ada")
        await room.desk.say(report(.told, 1_920, 1_080))
        ada.say([
            "type": "mask", "rectangles": [["x": 1, "y": 2, "width": 3, "height": 4]], "windows": [Int](),
        ])
        let first = try #require(await room.desk.nextCover())
        #expect(!first.hidesAll)
        await room.desk.say(report(.told, 800, 600))
        let second = try #require(await room.desk.nextCover())
        #expect(second.hidesAll && second.rectangles == first.rectangles)
        #expect(await ada.wait { $0.hasCurtain })
        await room.end()
    }
}
