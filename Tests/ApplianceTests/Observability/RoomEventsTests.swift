import Access
import Appliance
import Audit
import Synchronization
import Testing

@Suite struct RoomEventsTests {
    private func numbers(_ subscription: RoomEvents.Subscription) async -> [UInt64] {
        var numbers: [UInt64] = []
        for await case .event(let event) in subscription.items { numbers.append(event.number) }
        return numbers
    }

    @Test func aReaderThatComesBackGetsWhatItHasMissedInOrder() async throws {
        let events = RoomEvents()
        for _ in 0..<5 { events.tell(.deskLost) }
        let subscription = try #require(events.subscribe(after: 2))
        events.tell(.deskConnected)
        events.finish()
        #expect(subscription.lost == 0)
        #expect(await numbers(subscription) == [3, 4, 5, 6])
    }

    @Test func whatIsNotRememberedAnyMoreIsCounted() async throws {
        let events = RoomEvents(capacity: 3)
        for _ in 0..<10 { events.tell(.deskLost) }
        let subscription = try #require(events.subscribe(after: 2))
        events.finish()
        #expect(subscription.lost == 5)
        #expect(await numbers(subscription) == [8, 9, 10])
    }

    @Test func aReaderThatIsTooSlowIsCutOffAndKeepsNoMemory() async throws {
        let events = RoomEvents()
        let isCutOff = Mutex(false)
        let slow = try #require(events.subscribe { isCutOff.withLock { $0 = true } })
        for _ in 0..<10_000 { events.tell(.deskLost) }
        #expect(isCutOff.withLock { $0 })
        #expect(events.readers == 0)
        #expect(await numbers(slow) == Array(1...256))
    }

    @Test func thereAreSoManyReadersAndNoMore() throws {
        let events = RoomEvents()
        let all = (0..<20).compactMap { _ in events.subscribe() }
        #expect(all.count == 16)
        events.unsubscribe(try #require(all.first))
        #expect(events.subscribe() != nil)
        events.finish()
        #expect(events.subscribe() == nil)
    }

    @Test func anEventIsALogRecordOfOpenTelemetry() {
        let event = NumberedEvent(
            number: 7,
            time: 1_700_000_000_123_456_789,
            event: RoomEvent(
                .personLeft,
                ["deskroom.person.id": .number(3), "deskroom.reason": .text("went")]
            )
        )
        #expect(
            String(decoding: event.json(session: "s1", lost: 2).bytes, as: UTF8.self)
                == #"{"timeUnixNano":"1700000000123456789","severityNumber":9,"severityText":"INFO","#
                + #""eventName":"deskroom.person.left","attributes":["#
                + #"{"key":"deskroom.event.number","value":{"intValue":"7"}},"#
                + #"{"key":"deskroom.events.lost","value":{"intValue":"2"}},"#
                + #"{"key":"deskroom.person.id","value":{"intValue":"3"}},"#
                + #"{"key":"deskroom.reason","value":{"stringValue":"went"}}],"resource":{"attributes":["#
                + #"{"key":"service.instance.id","value":{"stringValue":"s1"}},"#
                + #"{"key":"service.name","value":{"stringValue":"deskroom"}}]}}"#
        )
    }
}
