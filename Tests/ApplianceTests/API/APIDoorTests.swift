import Access
import Appliance
import HTTPTypes
import Testing
import Wire

@Suite struct APIDoorTests {
    private let secret = "0123456789abcdef0123456789abcdef"

    @Test func theSecretOpensItAndATokenHasToBeChecked() throws {
        var door = APIDoor(secret: secret)
        guard case .secret = try door.read("Bearer \(secret)", from: share(1), now: at(0)) else {
            Issue.record("the secret does not open")
            return
        }
        guard case .token("a.b.c") = try door.read("bearer a.b.c", from: share(1), now: at(0)) else {
            Issue.record("a token is not taken for one")
            return
        }
        for nothing in [nil, "", "Basic abc", "Bearer"] {
            guard case .none = try door.read(nothing, from: share(1), now: at(0)) else {
                Issue.record("\(nothing ?? "nil") is something")
                return
            }
        }
    }

    @Test func withoutASecretNoneIsRight() {
        var door = APIDoor(secret: nil)
        #expect(throws: APIProblem.self) { try door.read("Bearer \(secret)", from: share(1), now: at(0)) }
    }

    /// Of one address; others do not notice.
    @Test func whoGuessesIsSlowedToNothing() throws {
        var door = APIDoor(secret: secret)
        var looked = 0
        for number in 0..<10_000 {
            let problem = #expect(throws: APIProblem.self) {
                try door.read("Bearer guess-\(number)", from: share(1), now: at(Double(number) * 0.006))
            }
            if problem?.status == .unauthorized { looked += 1 }
        }
        #expect(looked < 20)
        let problem = #expect(throws: APIProblem.self) {
            try door.read("Bearer \(secret)", from: share(1), now: at(60))
        }
        #expect(problem?.status == .tooManyRequests)
        #expect((problem?.retryAfter ?? 0) > 0)
        #expect(throws: Never.self) { try door.read("Bearer \(secret)", from: share(2), now: at(60)) }
        #expect(door.count <= 4)
    }

    @Test func eachAddressAndEachTokenHasItsRate() throws {
        var door = APIDoor(secret: secret)
        var answered = 0
        for _ in 0..<1_000 where (try? door.read("Bearer \(secret)", from: share(1), now: at(0))) != nil {
            answered += 1
        }
        #expect(answered == 250)
        #expect(throws: Never.self) { try door.read("Bearer \(secret)", from: share(1), now: at(1)) }

        let room = try #require(Identifier("room-1"))
        let id = try #require(Identifier("api-1"))
        let token = JoinToken(room: room, subject: id, role: nil, expires: 1, id: id, isAdmin: true)
        let taken = (0..<1_000).count { _ in (try? door.take(token, now: at(0))) != nil }
        #expect(taken == 250)
    }

    @Test func howManyAreRememberedIsBounded() {
        var door = APIDoor(secret: secret)
        for number in 0..<50_000 {
            _ = try? door.read("Bearer guess", from: share(UInt32(number)), now: at(Double(number)))
        }
        #expect(door.count <= 4_096 + 16_384)
    }

    private func share(_ number: UInt32) -> NetworkShare {
        NetworkShare(SocketAddress(ipv4: 0x0a00_0000 + number, port: 0))
    }

    private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }
}
