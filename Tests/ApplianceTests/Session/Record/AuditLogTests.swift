import Access
import Appliance
import Audit
import Foundation
import Logging
import Testing
import Wire

/// What a session records, and what becomes of it where it cannot.
@Suite(.timeLimit(.minutes(1))) struct AuditLogTests {
    @Test func joinsRefusalsAndDeparturesAreRecorded() async throws {
        let signer = try TokenSigner()
        let id = try #require(Identifier("link-2"))
        try await inRoom(tokens: signer.door) { room, path in
            let ada = await room.join("Ada Ibarra", ["token": try signer.token("dr-1", .clinician)])
            let ben = await room.join("Ben Okri", ["token": try signer.token("client-2") { $0.id = id }])
            let eve = await room.join("Eve", ["token": try signer.token { $0.expires = 1 }])
            #expect(await eve.codes == ["tokenExpired"])
            try await room.session.withdraw(.id(id))
            #expect(await ben.wait { !$0.isOpen })
            ada.say(["type": "leave"])
            #expect(await ada.wait { !$0.isOpen })
            let wanted = [
                #""event":"joined","person":1,"subject":"dr-1","role":"clinician""#,
                #""event":"joined","person":2,"subject":"client-2","role":"client","token":"link-2""#,
                #""event":"refused","reason":"expired""#,
                #""event":"tokenWithdrawn","token":"link-2","by":"api""#,
                #""event":"left","person":2,"reason":"tokenWithdrawn""#,
                #""event":"left","person":1,"reason":"went""#,
            ]
            let lines = await lines(of: path, atLeast: wanted.count)
            for (line, words) in zip(lines, wanted) { #expect(line.contains(words), "\(line)") }
            #expect(!lines.joined().contains("Ibarra") && !lines.joined().contains("Okri"))
        }
    }

    @Test func whoWaitsIsLetInAndDrivesIsRecorded() async throws {
        let signer = try TokenSigner()
        try await inRoom(tokens: signer.door, waiting: [.client]) { room, path in
            let ada = await room.join("Ada Ibarra", ["token": try signer.token("dr-1", .clinician)])
            let ben = await room.join("Ben Okri", ["token": try signer.token("client-2")])
            #expect(await ada.wait { $0.moderation.waiting?.count == 1 })
            ada.say(["type": "admit"])
            #expect(await ben.wait { $0.you == 2 })
            ada.say(["type": "grantControl", "person": 2, "leaseRights": ["pointer"], "seconds": 600])
            #expect(await ben.wait { $0.lease != nil })
            ada.say(["type": "revokeControl"])
            #expect(await ben.wait { $0.lease == nil })
            let wanted = [
                #""event":"joined","person":1,"subject":"dr-1","role":"clinician""#,
                #""event":"waiting","person":2,"subject":"client-2","role":"client""#,
                #""event":"admitted","person":2,"by":1"#,
                #""event":"joined","person":2,"subject":"client-2","role":"client""#,
                #""event":"lease","lease":1,"step":"granted","person":2,"by":1,"rights":["pointer"],"seconds":600"#,
                #""event":"lease","lease":1,"step":"ended","person":2,"by":1,"reason":"revoked""#,
            ]
            let lines = await lines(of: path, atLeast: wanted.count)
            #expect(lines.count == wanted.count)
            for (line, words) in zip(lines, wanted) { #expect(line.contains(words), "\(line)") }
        }
    }

    @Test func theEndOfTheRoomIsTheLastEntry() async throws {
        try await inRoom { room, path in
            let ada = await room.join("Ada")
            let ben = await room.join("Ben", address: 2)
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            // Away, and still expected back.
            await ben.close()
            await room.session.interrupt()
            let lines = await lines(of: path, atLeast: 7)
            let wanted = [
                #""event":"joined","person":1"#, #""event":"joined","person":2"#,
                #""step":"granted","person":1"#,
                #""event":"left","person":1,"reason":"sessionEnded""#,
                #""event":"left","person":2,"reason":"sessionEnded""#,
                #""step":"ended","person":1,"by":1,"reason":"left""#,
                #""event":"ended","reason":"interrupted""#,
            ]
            #expect(lines.count == wanted.count)
            for (line, words) in zip(lines, wanted) { #expect(line.contains(words), "\(line)") }
        }
    }

    @Test func nobodyNewComesInWhileNothingCanBeRecorded() async throws {
        try await inRoom { room, path in
            let ada = await room.join("Ada")
            // The head comes last.
            for _ in 0..<2_000 where !FileManager.default.fileExists(atPath: path + ".head") {
                try await Task.sleep(for: .milliseconds(5))
            }
            // In the place of the head's next version.
            let obstacle = path + ".head.new"
            try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: true)
            let ben = await room.join("Ben")
            #expect(await ben.you != nil)
            #expect(await ada.wait { $0.codes == ["auditFails"] })
            #expect(await room.session.health().isAuditKept == false)
            let cem = await room.join("Cem")
            #expect(await cem.codes == ["notRecorded"])
            // Who is in may come back.
            let resume = try #require(await ada.resume)
            let again = await room.join("Ada", ["resume": resume])
            #expect(await again.you == ada.you)

            try FileManager.default.removeItem(atPath: obstacle)
            for _ in 0..<2_000 {
                if await room.session.health().isAuditKept == true { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            let dan = await room.join("Dan")
            #expect(await dan.you != nil)
        }
    }

    @Test func whereItIsNotRequiredPeopleComeInAllTheSame() async throws {
        try await inRoom(isRequired: false) { room, path in
            try FileManager.default.createDirectory(
                atPath: path + ".head.new",
                withIntermediateDirectories: true
            )
            for name in ["Ada", "Ben", "Cem"] {
                let page = await room.join(name)
                #expect(await page.you != nil)
            }
            #expect(await lines(of: path, atLeast: 3).count == 3)
        }
    }

    private func lines(of path: String, atLeast count: Int) async -> [String] {
        var lines: [String] = []
        for _ in 0..<2_000 {
            lines =
                (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: "\n").map {
                    String($0)
                } ?? []
            if lines.count >= count { break }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return lines
    }

    private func inRoom(
        tokens: TokenDoor? = nil,
        isRequired: Bool = true,
        waiting: Set<Role> = [],
        _ body: (SessionRoom, String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "audit.jsonl").path
        var log = Logger(label: "test")
        log.logLevel = .critical
        let file = try AuditFile(path, now: AuditTime(milliseconds: 0))
        let writer = try AuditWriter(file, log: log, period: .milliseconds(20))
        writer.start()
        let audit = AuditLog(writer, isRequired: isRequired)
        var grace = Membership.Grace()
        grace.goodbye = .seconds(60)
        let room = try await SessionRoom(
            grace: grace,
            policy: tokens == nil ? .everybody : .tokens(RightsTable()).waiting(for: waiting),
            tokens: tokens,
            audit: audit
        )
        do {
            try await body(room, path)
        } catch {
            await room.end()
            await audit.stop()
            throw error
        }
        await room.end()
        await audit.stop()
        let report = try AuditFile.verify(path, head: nil)
        #expect(report.fault == nil)
    }
}
