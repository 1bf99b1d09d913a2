import Access
import Audit

/// Entries of every kind, and audits made of them.
enum Samples {
    static let client = AuditPerson(number: 3, subject: Identifier("client-17"), role: .client)
    static let guest = AuditPerson(number: 4, subject: nil, role: .observer)
    static let digest = SHA256Digest(of: Array("a file".utf8))

    static let wording = Identifier.random()
    static let token = Identifier.random()

    static let entries: [AuditEntry] = [
        .waiting(client), .admitted(person: 3, by: .person(1)), .joined(client, token: token),
        .joined(guest, token: nil),
        .refused(.token(.expired), subject: Identifier("client-18")), .refused(.turnedAway, subject: nil),
        .refused(.noPlaceLeft, subject: nil), .refused(.missingToken, subject: nil),
        .consent(.recording, .asked, wording: wording, person: 3, driver: nil),
        .consent(.control, .given, wording: wording, person: 3, driver: 1),
        .lease(number: 1, .asked, person: 3, by: .person(3)),
        .lease(number: 1, .granted([.pointer, .keyboard], seconds: 600), person: 3, by: .person(1)),
        .lease(number: 2, .granted(.pointer, seconds: nil), person: 4, by: .api),
        .lease(number: 2, .declined, person: 4, by: .person(3)),
        .lease(number: 1, .ended(.revoked), person: 3, by: .person(1)), .curtain(isOn: true, by: .person(1)),
        .mask(isOn: true, count: 2, by: .person(1)), .rights(person: 3, now: [.see, .hear], by: .api),
        .heardByDesk(person: 3, isOn: true, by: .person(1)),
        .file(AuditFileTransfer(.toDesk, nameLength: 12, size: 1 << 40, digest: digest), person: 3),
        .recording(.started, by: .person(1)), .recording(.paused, by: .person(1)),
        .recording(.resumed, by: .person(1)),
        .recording(.stopped(size: 9, digest: digest), by: .room),
        .reset(.asked, by: .person(1)), .reset(.done(ended: 12, left: 0, home: .new), by: .person(1)),
        .tokenMinted(id: token, subject: wording, role: .client, expires: 1_900_000_000, by: .api),
        .tokenWithdrawn(id: token, by: .person(1)), .subjectWithdrawn(wording, by: .api),
        .recovered(bytes: 17),
        .left(person: 3, .removed), .clockSet(milliseconds: -3_600_000), .ended(.asked),
    ]

    /// Lines without their line feeds.
    static func lines(_ count: Int, chain: inout AuditChain) -> [[UInt8]] {
        (0..<count).map { index in
            let time = AuditTime(milliseconds: 1_800_000_000_000 + Int64(index) * 1_234)
            return Array(chain.append(entries[index % entries.count], at: time).dropLast())
        }
    }

    static func lines(_ count: Int) -> [[UInt8]] {
        var chain = AuditChain()
        return lines(count, chain: &chain)
    }

    static func file(_ lines: [[UInt8]]) -> [UInt8] { lines.flatMap { $0 + [0x0a] } }

    static func verify(_ bytes: some Collection<UInt8>, head: AuditHead? = nil) -> AuditReport {
        var verifier = AuditVerifier(head: head)
        verifier.read(bytes)
        return verifier.finish()
    }
}
