import CAllocations
import Testing
import WebRTC
import Wire

@Suite struct STUNAllocationTests {
    /// Anybody may send STUN to the port: finding out that it is for nobody must cost no allocation.
    @Test func findingTheTransportOfACheckAllocatesNothing() {
        let check = ICECheck(fragment: "12345678").bytes
        // Set up what is made on first use.
        #expect(found(check) == 100)
        let before = CAllocations_count()
        let count = found(check)
        let allocations = CAllocations_count() - before
        #expect(count == 100)
        #expect(allocations == 0)
    }

    private func found(_ check: [UInt8]) -> Int {
        var count = 0
        for _ in 0..<100 {
            let bytes = check.span.bytes
            guard let fragment = STUNMessage.localUsernameFragment(of: bytes),
                let message = try? STUNMessage(parsing: bytes),
                message.isAddressed(to: fragment, in: bytes)
            else { continue }
            count += 1
        }
        return count
    }
}
