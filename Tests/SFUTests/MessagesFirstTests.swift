import Dispatch
import Participant
import SFU
import Testing

/// What somebody does reaches its reader before what came with it goes to everybody: the whole Worker, on loopback.
@Suite struct MessagesFirstTests {
    /// The desk's datagrams are there first, so that its socket is the first that is reported.
    @Test func aMessageGoesBeforeTheKeyFrameItCameWith() async throws {
        let room = try await MessagesRoom(viewers: 2)
        defer { room.finish() }
        let reader = room.makeReader()
        try await room.worker.subscribeDirect(room.channel, by: reader) { $0.handle($1) }
        room.settle()
        let before = room.keyFrames
        try await room.whileThreadIsHeld(by: reader) {
            room.sendKeyFrame()
            try room.sendMessage(1)
        }
        #expect(room.run { zip(room.keyFrames, before).allSatisfy { $0 > $1 } })
        #expect(await reader.bytes == [[1]])
        // Nobody had been sent anything.
        #expect(await reader.unserved == [2])
    }

    /// What a turn of its own costs; and that the tests here would see it.
    @Test func aStreamOfMessagesIsReadWhenEverybodyHasBeenServed() async throws {
        let room = try await MessagesRoom(viewers: 2)
        defer { room.finish() }
        let reader = room.makeReader()
        let messages = try await room.worker.subscribe(room.channel)
        let reading = Task { await reader.readFirst(of: messages) }
        room.settle()
        try await room.whileThreadIsHeld(by: reader) {
            room.sendKeyFrame()
            try room.sendMessage(1)
        }
        await reading.value
        #expect(await reader.bytes == [[1]])
        #expect(await reader.unserved == [0])
    }

    /// A fan-out that fills the queue again and again looks at the port in between; media that it finds there is neither
    /// lost nor out of order, for anybody.
    @Test func aMessageGoesIntoTheMiddleOfALongFanOut() async throws {
        let room = try await MessagesRoom(viewers: 20)
        defer { room.finish() }
        let reader = room.makeReader()
        let (arrived, sent) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        try await room.worker.subscribeDirect(room.channel, by: reader) { reader, message in
            reader.handle(message)
            // The next is at the port when the fan-out begins, and was not when the port was read.
            guard message.bytes[0] % 2 == 1 else { return }
            arrived.signal()
            _ = sent.wait(timeout: .now() + 120)
        }
        // How many had been sent nothing at each round's second message: the picture goes out in one piece unless the
        // machine was busy elsewhere, and then it is paced.
        var unserved: [Int] = []
        for round in UInt8(0)..<20 where round < 3 || !unserved.contains(where: { 1..<20 ~= $0 }) {
            room.settle()
            let before = room.keyFrames
            try await room.whileThreadIsHeld(by: reader) {
                room.sendKeyFrame()
                try room.sendMessage(2 * round + 1)
            } andThen: {
                try room.wait(for: arrived)
                // Some sound, and then the message.
                room.settle()
                try room.sendMessage(2 * round + 2)
                sent.signal()
            }
            #expect(room.run { zip(room.keyFrames, before).allSatisfy { $0 > $1 } })
            #expect(await reader.bytes.suffix(2) == [[2 * round + 1], [2 * round + 2]])
            let seen = await reader.unserved.suffix(2)
            // Nobody had been sent anything when the first of the round was read.
            #expect(seen.first == 20)
            unserved.append(seen.last ?? 0)
        }
        #expect(unserved.contains { 1..<20 ~= $0 }, "\(unserved)")
        room.settle()
        for (viewer, ssrc) in zip(room.viewers, room.microphones) {
            let numbers = try #require(viewer.participant.stream(ssrc)).arrivals.map(\.sequence)
            let first = try #require(numbers.first)
            #expect(numbers.count > 20 && numbers == Array(first..<(first + numbers.count)))
        }
    }

    @Test func aSecondSubscriptionTakesOver() async throws {
        let room = try await MessagesRoom(viewers: 0)
        defer { room.finish() }
        let reader = room.makeReader()
        let messages = try await room.worker.subscribe(room.channel)
        try room.sendMessage(1)
        room.settle()
        try await room.worker.subscribeDirect(room.channel, by: reader) { $0.handle($1) }
        try room.sendMessage(2)
        room.settle()
        let rest = try await room.worker.subscribe(room.channel)
        try room.sendMessage(3)
        room.settle()
        try await room.worker.close(room.channel)
        room.settle()
        var bytes: [[UInt8]] = []
        for await message in messages { bytes.append(message.bytes) }
        for await message in rest { bytes.append(message.bytes) }
        #expect(bytes == [[1], [3]])
        #expect(await reader.bytes == [[2]])
        await #expect(throws: SFUError.self) {
            try await room.worker.subscribeDirect(room.channel, by: reader) { $0.handle($1) }
        }
    }
}
