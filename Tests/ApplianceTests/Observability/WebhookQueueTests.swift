import Appliance
import Testing
import Wire

@Suite struct WebhookQueueTests {
    private static func event(_ number: UInt64) -> NumberedEvent {
        NumberedEvent(number: number, time: Int64(number), event: RoomEvent(.personJoined))
    }

    /// A receiver that is there or not, on a clock of its own; what it has taken, with what was lost before each.
    private struct Receiver {
        var queue: WebhookQueue
        var now = Instant(nanoseconds: 0)
        var isDown = false
        var taken: [(number: UInt64, lost: UInt64)] = []
        var attempts = 0
        var random = SystemRandomNumberGenerator()

        mutating func run(until end: Instant) {
            while now < end {
                if let delivery = queue.pollDelivery(now: now) {
                    attempts += 1
                    if isDown {
                        queue.handleFailure(now: now, random: .random(in: 0...1, using: &random))
                    } else {
                        queue.handleTaken()
                        taken.append((delivery.event.number, delivery.lost))
                    }
                } else {
                    now = min(end, max(now + .milliseconds(1), queue.pollTimeout() ?? end))
                }
            }
        }
    }

    @Test func tenMinutesWithoutAReceiverLoseNothingWithinTheBound() {
        var receiver = Receiver(queue: WebhookQueue(capacity: 1_000))
        receiver.isDown = true
        for number: UInt64 in 1...1_000 {
            receiver.queue.append(Self.event(number))
            receiver.run(until: receiver.now + .milliseconds(600))
        }
        #expect(receiver.now == Instant(nanoseconds: 600_000_000_000))
        #expect((10...40).contains(receiver.attempts), "it is asked seldom: \(receiver.attempts) times")
        #expect(receiver.queue.count == 1_000 && receiver.queue.dropped == 0)
        receiver.isDown = false
        receiver.run(until: receiver.now + .seconds(61))
        #expect(receiver.taken.map(\.number) == Array(1...1_000))
        #expect(receiver.taken.allSatisfy { $0.lost == 0 })
        #expect(receiver.queue.delivered == 1_000 && receiver.queue.count == 0)
    }

    @Test func beyondTheBoundTheOldestGoAndTheNextDeliverySaysHowMany() {
        var receiver = Receiver(queue: WebhookQueue(capacity: 10))
        receiver.isDown = true
        for number: UInt64 in 1...100 {
            receiver.queue.append(Self.event(number))
            receiver.run(until: receiver.now + .seconds(6))
            #expect(receiver.queue.count <= 10)
        }
        receiver.isDown = false
        receiver.run(until: receiver.now + .seconds(61))
        #expect(receiver.taken.map(\.number) == Array(91...100))
        #expect(receiver.taken.map(\.lost) == [90] + [UInt64](repeating: 0, count: 9))
        #expect(receiver.queue.dropped == 90)
    }

    @Test func thatEventsBeginToBeLostIsToldOnceUntilOneIsTaken() {
        var queue = WebhookQueue(capacity: 2)
        var told: [UInt64] = []
        for number: UInt64 in 1...5 where queue.append(Self.event(number)) { told.append(number) }
        #expect(told == [3])
        _ = queue.pollDelivery(now: Instant(nanoseconds: 0))
        queue.handleTaken()
        for number: UInt64 in 6...8 where queue.append(Self.event(number)) { told.append(number) }
        #expect(told == [3, 7])
    }

    @Test func whatIsOnItsWayIsNotDroppedAndTheLossIsToldBehindIt() {
        var queue = WebhookQueue(capacity: 2)
        queue.append(Self.event(1))
        let first = queue.pollDelivery(now: Instant(nanoseconds: 0))
        for number: UInt64 in 2...5 { queue.append(Self.event(number)) }
        queue.handleTaken()
        let second = queue.pollDelivery(now: Instant(nanoseconds: 0))
        #expect(first?.event.number == 1 && first?.lost == 0)
        #expect(second?.event.number == 5 && second?.lost == 3)
    }

    @Test func aQueueOfOneTellsTheLossWithTheNextEvent() {
        var queue = WebhookQueue(capacity: 1)
        queue.append(Self.event(1))
        _ = queue.pollDelivery(now: Instant(nanoseconds: 0))
        queue.append(Self.event(2))
        queue.append(Self.event(3))
        queue.handleTaken()
        queue.append(Self.event(4))
        let next = queue.pollDelivery(now: Instant(nanoseconds: 0))
        #expect(next?.event.number == 4 && next?.lost == 2)
    }

    @Test func pausesDoubleUpToAMinuteAndAReceiverMayAskForLonger() {
        var queue = WebhookQueue(capacity: 5)
        queue.append(Self.event(1))
        var now = Instant(nanoseconds: 0)
        var pauses: [Int64] = []
        for _ in 0..<9 {
            _ = queue.pollDelivery(now: now)
            queue.handleFailure(now: now, random: 1)
            let due = queue.pollTimeout() ?? now
            pauses.append((due - now).milliseconds / 1_000)
            let early = queue.pollDelivery(now: due + .milliseconds(-1))
            #expect(early == nil)
            now = due
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        _ = queue.pollDelivery(now: now)
        queue.handleTaken()
        queue.append(Self.event(2))
        _ = queue.pollDelivery(now: now)
        queue.handleFailure(now: now, retryAfter: .seconds(30), random: 0)
        #expect(queue.pollTimeout() == now + .seconds(30))
    }
}
