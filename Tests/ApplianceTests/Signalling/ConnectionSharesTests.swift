import Access
import Appliance
import Testing
import Wire

/// Floods of connections, on a virtual clock.
@Suite struct ConnectionSharesTests {
    private let limits = ConnectionShares.Limits(total: 100, perAddress: 20, rate: 50, burst: 400)

    @Test func oneAddressCannotTakeMoreThanItsShare() throws {
        var shares = ConnectionShares(limits)
        for _ in 0..<300 { _ = shares.admit(address(1), now: at(0)) }
        #expect(shares.count == 20)
        guard case .admitted(_, evicted: nil) = shares.admit(address(2), now: at(0)) else {
            Issue.record("another address was kept out")
            return
        }
    }

    /// 2 150 half requests from many addresses kept everybody out.
    @Test func whoComesWhenAllIsTakenGetsThePlaceOfWhoHasProvedLeast() throws {
        var shares = ConnectionShares(limits)
        let person = try admit(&shares, 1)
        shares.advance(person, to: .joined)
        let page = try admit(&shares, 2)
        shares.advance(page, to: .browsing)
        var flood: [ConnectionShares.ID] = []
        for number in 0..<98 { flood.append(try admit(&shares, 10 + number / 14)) }
        #expect(shares.count == 100)

        guard case .admitted(_, let evicted) = shares.admit(address(3), now: at(0)) else {
            Issue.record("a newcomer was kept out")
            return
        }
        // The oldest of the address that has most.
        #expect(evicted == flood[0])
        for number in 0..<1_000 { _ = shares.admit(address(100 + number % 500), now: at(1)) }
        #expect(shares.count == 100)
        #expect(shares.advance(person, to: .joined) == true)
    }

    /// An attacker whose WebSockets are open must not outlive a page that is being loaded.
    @Test func whoHoldsMostIsClosedFirstEvenIfItHasProvedMore() throws {
        var shares = ConnectionShares(limits)
        let page = try admit(&shares, 1)
        for number in 0..<99 {
            let id = try admit(&shares, 10 + number / 20)
            shares.advance(id, to: .talking)
        }
        for number in 0..<50 { _ = shares.admit(address(200 + number), now: at(0)) }
        #expect(shares.advance(page, to: .browsing) == true)
    }

    @Test func peopleInTheRoomAreNeverClosedForOthers() throws {
        var shares = ConnectionShares(limits)
        var people: [ConnectionShares.ID] = []
        for number in 0..<100 {
            let id = try admit(&shares, number)
            shares.advance(id, to: .joined)
            people.append(id)
        }
        #expect(shares.admit(address(7), now: at(0)) == .refused)
        for id in people { #expect(shares.advance(id, to: .joined) == true) }
        shares.end(people[0])
        _ = try admit(&shares, 7)
    }

    @Test func aFloodOfHandshakesIsSlowedDown() {
        var shares = ConnectionShares(limits)
        var admitted = 0
        for millisecond in 0..<10_000 {
            for _ in 0..<2 {
                guard case .admitted(let id, _) = shares.admit(address(1), now: at(Int64(millisecond))) else {
                    continue
                }
                shares.end(id)
                admitted += 1
            }
        }
        #expect((890...910).contains(admitted))
    }

    @Test func aProxysConnectionsShareOnlyTheWhole() {
        var shares = ConnectionShares(limits)
        for _ in 0..<300 { _ = shares.admit(nil, now: at(0)) }
        #expect(shares.count == 100)
    }

    /// Any order of everything: counts stay true, and what is over leaves nothing behind.
    @Test(arguments: 0..<10) func nothingIsLeftBehind(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var shares = ConnectionShares(limits)
        var open: Set<ConnectionShares.ID> = []
        for step in 0..<5_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0...1:
                let from = Int.random(in: 0...40, using: &random)
                let share = from == 0 ? nil : address(from)
                if case .admitted(let id, let evicted) = shares.admit(share, now: at(Int64(step))) {
                    open.insert(id)
                    if let evicted { #expect(open.remove(evicted) != nil, "closed twice") }
                }
            case 2:
                if let id = open.randomElement(using: &random) {
                    shares.advance(
                        id,
                        to: [.browsing, .talking, .joined].randomElement(using: &random) ?? .asking
                    )
                }
            default:
                if let id = open.randomElement(using: &random) {
                    open.remove(id)
                    shares.end(id)
                    shares.end(id)
                }
            }
            #expect(shares.count == open.count && open.count <= 100)
        }
        for id in open { shares.end(id) }
        #expect(shares.count == 0)
        // Each address may have its whole share again.
        for _ in 0..<20 { _ = shares.admit(address(1), now: at(1_000_000)) }
        #expect(shares.count == 20)
    }

    @Test func addressesThatAreGoneAreForgotten() {
        var shares = ConnectionShares(limits)
        for number in 0..<50_000 {
            if case .admitted(let id, _) = shares.admit(address(number), now: at(0)) { shares.end(id) }
        }
        #expect(shares.addresses <= 4_096 + 100)
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    private func address(_ number: Int) -> NetworkShare {
        NetworkShare(SocketAddress(ipv4: 0x0a00_0000 + UInt32(number), port: 0))
    }

    private func admit(_ shares: inout ConnectionShares, _ number: Int) throws -> ConnectionShares.ID {
        guard case .admitted(let id, _) = shares.admit(address(number), now: at(0)) else { throw Refused() }
        return id
    }

    private struct Refused: Error {}
}
