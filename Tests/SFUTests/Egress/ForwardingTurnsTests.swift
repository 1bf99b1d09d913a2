import SFU
import Testing
import Wire

/// Two consumers of one producer, and one of another.
@Suite struct ForwardingTurnsTests {
    private let room: WayRoom
    private let consumers: [Consumer]
    private let other: ProducerID

    init() throws {
        room = try WayRoom()
        other = try room.core.produce(
            on: room.source.id,
            kind: .video,
            parameters: RTPParameters(
                codecs: [RTPCodecParameters(.vp8, payloadType: WayRoom.payloadType)],
                encodings: [RTPEncodingParameters(ssrc: 99)]
            ),
            streamID: "other"
        )
        let transport = try room.makePlain()
        let room = room
        consumers = try [room.producer, other, room.producer].map {
            try room.core.consumer(room.consume($0, on: transport.id).id)
        }
    }

    @Test func nobodyHasATurnWhoseProducerHasReceivedNothing() {
        #expect(turns(of: makeTurns()).isEmpty)
    }

    @Test func everybodyWhoseProducerHasReceivedSomethingHasOne() throws {
        try receive()
        #expect(turns(of: makeTurns()) == [0, 2])
    }

    @Test func itIsOverWhenTheProducerIsDone() throws {
        try receive()
        try room.core.producer(room.producer).endWakeUp()
        #expect(turns(of: makeTurns()).isEmpty)
    }

    @Test func whatComesMeanwhileWaitsForTheNextFanOut() throws {
        try room.core.producer(room.producer).beginForwarding()
        try room.take(isKey: true)
        #expect(turns(of: makeTurns()).isEmpty)
    }

    @Test func whoIsRemovedHasNone() throws {
        try receive()
        var turns = makeTurns()
        turns.remove(consumers[0])
        #expect(self.turns(of: turns) == [1])
        turns.remove(consumers[2])
        #expect(self.turns(of: turns).isEmpty)
    }

    // MARK: Private

    private func makeTurns() -> ForwardingTurns {
        var turns = ForwardingTurns()
        for consumer in consumers { turns.add(consumer) }
        return turns
    }

    private func receive() throws {
        try room.take(isKey: true)
        for id in [room.producer, other] { try room.core.producer(id).beginForwarding() }
    }

    /// Their places.
    private func turns(of turns: ForwardingTurns) -> [Int] {
        var places: [Int] = []
        while let place = turns.next(from: (places.last ?? -1) + 1) { places.append(place) }
        return places
    }
}
