import Access
import Testing
import Wire

/// On a virtual clock.
@Suite struct GuessAllowanceTests {
    @Test func someFailuresAreFreeAndThenTheDelayDoublesToABound() {
        var allowance = GuessAllowance<Int>(free: 3)
        var now = Instant(nanoseconds: 0)
        var waits: [Int64] = []
        for _ in 0..<18 {
            allowance.handleFailure(of: 1, now: now)
            let wait = allowance.wait(of: 1, now: now)
            #expect(allowance.wait(of: 1, now: now + wait) == .zero)
            now += wait
            waits.append(wait.milliseconds / 1_000)
        }
        #expect(waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900, 900])
        #expect(allowance.wait(of: 2, now: now) == .zero)
    }

    @Test func aSourceThatHasNotFailedForLongIsForgotten() {
        var allowance = GuessAllowance<Int>(free: 0)
        for second: Int64 in 0..<20 { allowance.handleFailure(of: 1, now: at(second)) }
        #expect(allowance.wait(of: 1, now: at(20)) == .seconds(899))
        // One more within the hour goes on from there; after it everything begins anew.
        allowance.handleFailure(of: 1, now: at(3_618))
        #expect(allowance.wait(of: 1, now: at(3_618)) == .seconds(900))
        allowance.handleFailure(of: 1, now: at(3_618 + 3_600))
        #expect(allowance.wait(of: 1, now: at(3_618 + 3_600)) == .seconds(1))
    }

    @Test func memoryIsBoundedAndWhoFailedMostIsKept() {
        var allowance = GuessAllowance<Int>(capacity: 1_000)
        for _ in 0..<30 { allowance.handleFailure(of: -1, now: at(0)) }
        for number in 0..<100_000 {
            allowance.handleFailure(of: number, now: at(0) + .milliseconds(Int64(number) / 1_000))
            #expect(allowance.count <= 1_000)
        }
        #expect(allowance.wait(of: -1, now: at(1)) == .seconds(899))
        // What has been forgotten anyhow goes first.
        allowance.handleFailure(of: -2, now: at(10_000))
        for number in 0..<1_000 { allowance.handleFailure(of: 200_000 + number, now: at(10_000)) }
        #expect(allowance.count <= 1_000)
        #expect(allowance.wait(of: -1, now: at(10_000)) == .zero)
    }

    @Test func anIPv6NetworkIsOneSourceAndAnIPv4AddressIsOne() {
        func share(_ high: UInt64, _ low: UInt64) -> NetworkShare {
            NetworkShare(SocketAddress(high: high, low: low, port: .random(in: 1...9)))
        }
        #expect(share(0x2001_0db8_0000_0001, 1) == share(0x2001_0db8_0000_0001, 2))
        #expect(share(0x2001_0db8_0000_0001, 1) != share(0x2001_0db8_0000_0002, 1))
        let one = NetworkShare(SocketAddress(ipv4: 0xc000_0201, port: 1))
        #expect(one == NetworkShare(SocketAddress(ipv4: 0xc000_0201, port: 2)))
        #expect(one != NetworkShare(SocketAddress(ipv4: 0xc000_0202, port: 1)))
    }

    private func at(_ second: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(second) }
}
