import Access
import Appliance
import Testing
import Wire

/// How many tests of a connection there may be, on a virtual clock.
@Suite struct CheckAllowanceTests {
    private let limits: CheckAllowance.Limits = {
        var limits = CheckAllowance.Limits()
        limits.total = 4
        limits.perAddress = 2
        limits.perMinute = 5
        limits.addresses = 8
        return limits
    }()

    @Test func fewRunAtOnceAndFewerFromOneAddress() {
        var allowance = CheckAllowance(limits)
        #expect(begin(&allowance, 1) == nil)
        #expect(begin(&allowance, 1) == nil)
        #expect(begin(&allowance, 1) != nil, "of one address")
        #expect(begin(&allowance, 2) == nil)
        #expect(begin(&allowance, 3) == nil)
        #expect(begin(&allowance, 4) != nil, "in all")
        allowance.end(from: share(1))
        #expect(allowance.count == 3)
        #expect(begin(&allowance, 4) == nil)
    }

    @Test func fewBeginInAMinuteFromOneAddress() {
        var allowance = CheckAllowance(limits)
        for second in 0..<5 {
            #expect(begin(&allowance, 1, second: second) == nil)
            allowance.end(from: share(1))
        }
        #expect(begin(&allowance, 1, second: 10) == 50, "until the first is a minute old")
        #expect(begin(&allowance, 2, second: 10) == nil)
        #expect(begin(&allowance, 1, second: 61) == nil)
    }

    @Test func addressesAreForgottenAndNeverPileUp() {
        var allowance = CheckAllowance(limits)
        for address in 1...8 as ClosedRange<UInt32> {
            #expect(begin(&allowance, address) == nil)
            allowance.end(from: share(address))
        }
        #expect(begin(&allowance, 9) != nil)
        #expect(begin(&allowance, 9, second: 61) == nil)
    }

    @Test func whatHasNotBegunDoesNotEnd() {
        var allowance = CheckAllowance(limits)
        allowance.end(from: share(1))
        #expect(allowance.count == 0)
        #expect(begin(&allowance, 1) == nil)
        allowance.end(from: share(1))
        allowance.end(from: share(1))
        #expect(allowance.count == 0)
    }

    private func share(_ address: UInt32) -> NetworkShare {
        NetworkShare(SocketAddress(ipv4: address, port: 1))
    }

    private func begin(_ allowance: inout CheckAllowance, _ address: UInt32, second: Int = 0) -> Int64? {
        allowance.begin(from: share(address), now: Instant(nanoseconds: Int64(second) * 1_000_000_000))
    }
}
