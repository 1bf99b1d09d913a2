import Access
import Appliance
import Foundation
import IO
import RemoteControl
import SFU
import Testing

/// What a room knows of people after the one before has crashed.
@Suite(.timeLimit(.minutes(1))) struct SessionMemoryTests {
    private let left: LeftFile
    private let signer: TokenSigner

    init() throws {
        left = try LeftFile()
        signer = try TokenSigner()
    }

    /// The first, or one that follows it after a crash.
    private func room(
        waiting roles: Set<Role> = [.client],
        _ memory: RoomMemory? = nil
    ) async throws -> SessionRoom {
        try await SessionRoom(
            policy: AdmissionPolicy.tokens(RightsTable()).waiting(for: roles),
            tokens: signer.door,
            memory: memory ?? left.memory()
        )
    }

    private func once(_ id: String, _ subject: String, _ role: Role = .client) throws -> String {
        try signer.token(subject, role) {
            $0.id = Identifier(id)
            $0.isOneUse = true
        }
    }

    @Test func whoWasLetInDoesNotWaitAgainWhoWasRemovedStaysOutAndNumbersGoOn() async throws {
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

    @Test func aLinkThatWasWithdrawnOrUsedUpStaysSo() async throws {
        let first = try await room(waiting: [])
        let used = try once("used", "client-1")
        let withdrawn = try signer.token("client-2") { $0.id = Identifier("withdrawn") }
        let every = try signer.token("client-3")
        let ben = await first.join("Ben", ["token": used])
        for token in [withdrawn, every] { #expect(await first.join("Cem", ["token": token]).you != nil) }
        try await first.session.withdraw(.id(#require(Identifier("withdrawn"))))
        try await first.session.withdraw(.subject(#require(Identifier("client-3"))))
        // By one page he is back, and with the same number.
        let resume = try #require(await ben.resume)
        await first.end()
        for _ in 0..<2 {
            let next = try await room(waiting: [])
            #expect(await next.join("Eve", ["token": used]).codes == ["tokenSpent"])
            for token in [withdrawn, every] {
                #expect(await next.join("Eve", ["token": token]).codes == ["tokenWithdrawn"])
            }
            let again = await next.join("Ben", ["token": used, "resume": resume])
            #expect(await (again.you, again.resume) == (1, resume))
            #expect(await next.join("Eve", ["token": used]).codes == ["tokenSpent"])
            await next.end()
        }
    }

    /// What nobody can take note of any more must not let anybody in, either.
    @Test func whereNothingMoreCanBeLeftLinksForOneUseAreRefused() async throws {
        let memory = try left.memory()
        let first = try await room(waiting: [], memory)
        #expect(memory.update { $0.secret = String(repeating: "x", count: (1 << 24) - 1_000) })
        #expect(memory.update { $0.certificate = String(repeating: "x", count: 900) })
        #expect(await first.join("Ben", ["token": try once("a", "client-1")]).codes == ["tokenSpentIsFull"])
        await #expect(throws: WithdrawnTokens.Full.self) {
            try await first.session.withdraw(.id(#require(Identifier("b"))))
        }
        #expect(memory.update { $0.secret = nil })
        #expect(await first.join("Ben", ["token": try once("a", "client-1")]).you != nil)
        await first.end()
    }

    @Test func whoWaitedWaitsOnByTheSameLinkAndTheirNumberIsNobodyElses() async throws {
        let first = try await room()
        let used = try once("used", "client-1")
        let ben = await first.join("Ben", ["token": used])
        let resume = try #require(await ben.moderation.resume)
        let since = await ben.moderation.since
        await first.end()
        let second = try await room()
        let ada = await second.join("Ada", ["token": try signer.token("dr-1", .clinician)])
        #expect(await ada.you == 2)
        let again = await second.join("Ben", ["token": used, "resume": resume])
        #expect(await again.moderation.waits == 1)
        #expect(await ada.wait { $0.moderation.waiting?.map(\.id) == [1] })
        #expect(await ada.moderation.waiting?.first?.since == since)
        ada.say(["type": "admit", "person": 1])
        #expect(await again.wait { $0.you == 1 })
        await second.end()
    }

    @Test func whoLeftComesBackByNothingThatIsUsedUp() async throws {
        let first = try await room(waiting: [])
        let used = try once("used", "client-1")
        let ben = await first.join("Ben", ["token": used])
        let resume = try #require(await ben.resume)
        ben.say(["type": "leave"])
        #expect(await ben.wait { !$0.isOpen })
        await first.end()
        let second = try await room(waiting: [])
        #expect(await second.join("Ben", ["token": used, "resume": resume]).codes == ["tokenSpent"])
        await second.end()
    }

    @Test func whoWasLockedOutOfControlStillIsAndNobodyHasIt() async throws {
        let first = try await room(waiting: [])
        let doctor = try signer.token("dr-1", .clinician), client = try signer.token("client-1")
        let ada = await first.join("Ada", ["token": doctor])
        let ben = await first.join("Ben", ["token": client])
        ben.say(["type": "requestControl"])
        #expect(await ben.wait { $0.lease != nil })
        ada.say(["type": "lock", "person": NSNull(), "on": true])
        #expect(await ben.wait { $0.locked == [2] && $0.lease == nil })
        ada.say(["type": "requestControl"])
        #expect(await ada.wait { $0.lease != nil })
        let (adaResume, benResume) = (await ada.resume ?? "", await ben.resume ?? "")
        await first.end()
        let second = try await room(waiting: [])
        // He is the first who is back, and somebody new comes: both find the desk free, and do not get it.
        let back = await second.join("Ben", ["token": client, "resume": benResume])
        let cem = await second.join("Cem", ["token": try signer.token("client-2")])
        for page in [back, cem] {
            page.say(["type": "requestControl"])
            #expect(await page.wait { $0.denied == RefusalCode.controlLocked.sentence && $0.holder == nil })
        }
        let doctorBack = await second.join("Ada", ["token": doctor, "resume": adaResume])
        doctorBack.say(["type": "lock", "person": NSNull(), "on": false])
        #expect(await back.wait { $0.locked.isEmpty })
        back.say(["type": "requestControl"])
        #expect(await back.wait { $0.lease != nil })
        await second.end()
    }

    /// A page shows what has a number that it does not know.
    @Test func linesOfTheChatAreCountedOn() async throws {
        let token = try signer.token("dr-1", .clinician)
        func write(_ room: SessionRoom, _ resume: String? = nil) async throws -> SessionPage {
            let page = await room.join("Ada", ["token": token, "resume": resume ?? ""])
            let id = ParticipantID(try #require(await page.you))
            let line = DataMessage(bytes: Array("hello".utf8), isBinary: false, received: .now())
            await room.session.chat.handle(line, from: id)
            return page
        }
        let first = try await room()
        let resume = await (try await write(first)).resume
        #expect(try left.memory().nextLine == 1)
        await first.end()
        let second = try await room()
        _ = try await write(second, resume)
        #expect(try left.memory().nextLine == 2)
        await second.end()
    }
}

/// What a room leaves, read anew by each that follows.
private final class LeftFile: Sendable {
    private let file: MemoryFile

    init() throws { file = try MemoryFile() }

    func memory() throws -> RoomMemory { RoomMemory(try MemoryFile(inheriting: dup(file.descriptor))) }
}
