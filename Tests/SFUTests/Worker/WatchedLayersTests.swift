import SFU
import Testing
import Wire

/// A camera in three encodings, and a transport for those who watch it.
@Suite struct WatchedLayersTests {
    private let room: WayRoom
    private let viewer: PlainTransport

    init() throws {
        room = try WayRoom(encodings: 3)
        viewer = try room.makePlain()
    }

    @Test func nothingIsToldUntilSomethingHasChanged() {
        var watched = WatchedLayers()
        #expect(told(&watched, after: .zero).isEmpty)
        #expect(watched.due == Instant(nanoseconds: .max))
    }

    @Test func whatNobodyWatchesIsGivenUpAfterASecond() {
        var watched = WatchedLayers()
        watched.handleChange()
        #expect(told(&watched, after: .zero).isEmpty)
        #expect(watched.due == room.now + .seconds(1))
        #expect(told(&watched, after: .milliseconds(999)).isEmpty)
        #expect(told(&watched, after: .seconds(1)) == [[]])
        #expect(watched.due == Instant(nanoseconds: .max))
        #expect(told(&watched, after: .seconds(2)).isEmpty, "once")
    }

    @Test func whatSomebodyWantsIsToldAtOnceAndWhatNobodyDoesLater() throws {
        var watched = WatchedLayers()
        watched.handleChange()
        _ = told(&watched, after: .zero)
        #expect(told(&watched, after: .seconds(1)) == [[]])
        let consumer = try room.consume(on: viewer.id)
        watched.handleChange()
        #expect(told(&watched, after: .seconds(2)) == [[2]])
        try room.core.setPreferredLayers(consumer.id, spatial: 1, temporal: nil, now: room.now)
        watched.handleChange()
        #expect(told(&watched, after: .seconds(3)) == [[1, 2]])
        #expect(told(&watched, after: .seconds(4)) == [[1]])
        try room.core.setPaused(consumer.id, true, now: room.now)
        watched.handleChange()
        #expect(told(&watched, after: .seconds(5)).isEmpty)
        #expect(told(&watched, after: .seconds(6)) == [[]])
    }

    /// There is nothing that its source could leave out.
    @Test func ofAProducerWithOneEncodingNothingIsTold() throws {
        let room = try WayRoom()
        var watched = WatchedLayers()
        watched.handleChange()
        #expect(watched.settle([room.source], now: room.now).isEmpty)
        #expect(watched.due == Instant(nanoseconds: .max))
    }

    /// The encodings that each event names, so long after the beginning.
    private func told(_ watched: inout WatchedLayers, after interval: Interval) -> [Set<Int>] {
        watched.settle([room.source], now: room.now + interval).compactMap { event in
            guard case .wantedLayersChanged(room.producer, let layers) = event else { return nil }
            return layers
        }
    }
}
