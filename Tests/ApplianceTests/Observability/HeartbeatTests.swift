import Appliance
import Synchronization
import Testing
import Wire

@Suite struct HeartbeatTests {
    @Test func whatAnswersIsAskedAgainEachTime() async {
        let asked = Count()
        let heartbeat = Heartbeat<Int> { asked.next() }
        #expect(await heartbeat.check(within: .seconds(10))?.value == 1)
        #expect(await heartbeat.check(within: .seconds(10))?.value == 2)
    }

    @Test func aBadAnswerIsNoneAtOnce() async {
        let heartbeat = Heartbeat<Int> { nil }
        let start = ContinuousClock.now
        #expect(await heartbeat.check(within: .seconds(60)) == nil)
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func whatIsStuckIsAskedOnceHoweverManyWantToKnowAndAnswersThemLater() async {
        let asked = Count()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let heartbeat = Heartbeat<Int> {
            let number = asked.next()
            if number == 1 { for await _ in gate {} }
            return number
        }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask { await heartbeat.check(within: .milliseconds(50)) == nil }
            }
            for await isUnanswered in group { #expect(isUnanswered) }
        }
        #expect(asked.value == 1)
        open.finish()
        #expect(await heartbeat.check(within: .seconds(10)) != nil)
        #expect(await heartbeat.check(within: .seconds(10))?.value == asked.value)
    }
}

extension HeartbeatTests {
    private final class Count: Sendable {
        private let count = Mutex(0)

        var value: Int { count.withLock { $0 } }

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }
}
