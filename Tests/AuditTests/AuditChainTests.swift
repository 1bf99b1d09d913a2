import Access
import Audit
import Testing

@Suite struct AuditChainTests {
    /// Fixed for good: who has an audit must be able to read it with a later version.
    @Test func theFirstLineIsThis() throws {
        var chain = AuditChain()
        let person = AuditPerson(number: 3, subject: Identifier("client-17"), role: .client)
        let line = chain.append(
            .joined(person, token: Identifier("t1")),
            at: AuditTime(milliseconds: 1_795_894_754_123)
        )
        let text = String(decoding: line, as: UTF8.self)
        let body =
            #"{"n":1,"at":"2026-11-28T19:39:14.123Z","event":"joined","person":3,"subject":"client-17","role":"client","#
            + #""token":"t1","prev":""# + String(repeating: "0", count: 64) + "\""
        let hash = SHA256Digest(of: [UInt8](repeating: 0, count: 32) + Array(body.utf8))
        #expect(text == body + ",\"hash\":\"\(hash)\"}\n")
        #expect(chain.count == 1 && chain.hash == hash)
    }

    @Test func everyKindOfEntryIsALineOfJSONThatOthersCanRead() throws {
        var previous = String(repeating: "0", count: 64)
        var events: Set<String> = []
        for (index, line) in Samples.lines(Samples.entries.count).enumerated() {
            let object = try JSONObject(parsing: line)
            #expect(object["n"] == .integer(Int64(index + 1)))
            #expect(object["prev"] == .string(previous))
            #expect(object.members.map(\.name).starts(with: ["n", "at", "event"]))
            #expect(object.members.map(\.name).suffix(2) == ["prev", "hash"])
            previous = try #require(object["hash"]?.text)
            events.insert(try #require(object["event"]?.text))
            #expect(line.count < 1_024)
        }
        #expect(
            events == [
                "waiting", "admitted", "joined", "refused", "consent", "lease", "curtain", "mask", "rights",
                "file", "heardByDesk",
                "recording", "reset", "tokenMinted", "tokenWithdrawn", "subjectWithdrawn", "recovered",
                "clockSet",
                "left",
                "ended",
            ]
        )
    }

    @Test func detailsAreWordsAndNumbers() throws {
        func details(_ entry: AuditEntry) throws -> String {
            var chain = AuditChain()
            let text = String(decoding: chain.append(entry, at: AuditTime(milliseconds: 0)), as: UTF8.self)
            let start = try #require(text.firstRange(of: "\"event\":")),
                end = try #require(text.firstRange(of: ",\"prev\""))
            return String(text[start.upperBound..<end.lowerBound])
        }
        let digest = Samples.digest
        #expect(
            try details(
                .lease(number: 7, .granted([.pointer, .fileIn], seconds: 60), person: 3, by: .person(1))
            )
                == #""lease","lease":7,"step":"granted","person":3,"by":1,"rights":["pointer","fileIn"],"seconds":60"#
        )
        #expect(
            try details(.lease(number: 7, .ended(.idle), person: 3, by: .room))
                == #""lease","lease":7,"step":"ended","person":3,"by":"room","reason":"idle""#
        )
        #expect(
            try details(
                .file(AuditFileTransfer(.fromDesk, nameLength: 5, size: 9, digest: digest), person: 3)
            )
                == #""file","person":3,"direction":"fromDesk","nameLength":5,"size":9,"sha256":"\#(digest)""#
        )
        #expect(
            try details(
                .clipboard(AuditClipboardTransfer(.toDesk, flavours: [.text, .png], size: 9), person: 3)
            )
                == #""clipboard","person":3,"direction":"toDesk","flavours":["text","png"],"size":9"#
        )
        #expect(try details(.refused(.token(.forged), subject: nil)) == #""refused","reason":"forged""#)
        #expect(
            try details(.rights(person: 3, now: [], by: .api))
                == #""rights","person":3,"rights":[],"by":"api""#
        )
        // The longest entry that there can be still is a line.
        let longest = try #require(Identifier(String(repeating: "\"", count: 128)))
        var chain = AuditChain()
        let line = chain.append(
            .tokenMinted(id: longest, subject: longest, role: .clinician, expires: .max, by: .person(.max)),
            at: AuditTime(milliseconds: .max)
        )
        #expect(Samples.verify(line).fault == nil)
    }

    @Test func aDigestHasOneText() {
        // FIPS 180-4: of “abc”.
        let digest = SHA256Digest(of: Array("abc".utf8))
        #expect(digest.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(SHA256Digest(digest.description.utf8) == digest)
        #expect(SHA256Digest(bytes: digest.bytes) == digest)
        #expect(SHA256Digest(digest.description.uppercased().utf8) == nil)
        #expect(SHA256Digest(digest.description.dropLast().utf8) == nil)
        #expect(SHA256Digest(bytes: [1]) == nil)
    }
}
