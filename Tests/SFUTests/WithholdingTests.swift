import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// What is withheld of a producer reaches nobody any more, whatever was kept of it.
@Suite struct WithholdingTests {
    @Test func nothingOfBeforeIsSentAnyMore() throws {
        let room = try DeskRoom(people: 3)
        let consumers = try (0..<2).map { try room.view(by: $0) }
        room.run(for: .seconds(1))
        let producer = try room.network.core.producer(room.producer)
        producer.withhold()
        // What is on its way arrives.
        room.run(for: .milliseconds(200))
        let before = try consumers.map { try room.received($0).arrivals.count }
        #expect(before.allSatisfy { $0 > 0 })

        // Somebody comes, and the others ask for everything again.
        let late = try room.view(by: 2)
        for (place, consumer) in consumers.enumerated() {
            let newest = UInt16(
                truncatingIfNeeded: try #require(try room.received(consumer).arrivals.last).sequence
            )
            room.network.act(room.peers[place]) { participant, queue in
                for step in 0..<UInt16(64) {
                    participant.sendRTCP(into: &queue) { out in
                        ReportBlock.writeEmptyReceiverReport(from: 1, into: &out)
                        GenericNACK.write(
                            [SequenceNumber(newest &- step)].span,
                            from: 1,
                            about: consumer.ssrc,
                            into: &out
                        )
                    }
                }
            }
        }
        room.run(for: .seconds(2))
        #expect(try consumers.map { try room.received($0).arrivals.count } == before)
        #expect(room.peers[2].participant.stream(late.ssrc)?.arrivals.isEmpty ?? true)
    }

    /// The source's frames go on: those from before the moment stay outside, however late they come.
    @Test func itGoesOnWithAKeyFrameOfAfterTheMoment() throws {
        let room = try DeskRoom(people: 1)
        let consumer = try room.view()
        room.run(for: .seconds(1))
        let producer = try room.network.core.producer(room.producer)
        let newest = room.desk.newestTimestamp
        producer.withhold()
        room.run(for: .milliseconds(200))
        let before = try room.received(consumer).arrivals.count
        let frame = room.desk.frames

        // A second ahead of the newest frame that was let through: what the source has sent since is not of before.
        let ssrc = try #require(producer.currentStatistics().encodings.first?.ssrc)
        producer.release(from: [ssrc: newest &+ 90_000])
        room.run(for: .milliseconds(400))
        #expect(try room.received(consumer).arrivals.count == before)
        room.run(for: .seconds(2))
        let arrivals = try room.received(consumer).arrivals
        let first = try #require(arrivals[before].stamp)
        #expect(first.isKeyFrame && first.index == 0)
        #expect(first.frame > frame + 10)
        expectUnbroken(try room.received(consumer))
    }

    @Test func anEncodingThatIsNotReleasedStaysWithheld() throws {
        let room = try DeskRoom(people: 1)
        let consumer = try room.view()
        room.run(for: .seconds(1))
        let producer = try room.network.core.producer(room.producer)
        producer.withhold()
        producer.release(from: [1: 0])
        room.run(for: .milliseconds(100))
        let before = try room.received(consumer).arrivals.count
        room.run(for: .seconds(2))
        #expect(try room.received(consumer).arrivals.count == before)
    }
}
