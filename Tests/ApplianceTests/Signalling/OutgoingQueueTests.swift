import Appliance
import Testing

@Suite struct OutgoingQueueTests {
    @Test func messagesAreWrittenInTheirOrder() {
        var queue = OutgoingQueue()
        for message in ["1", "2", "3"] { #expect(queue.append(Self.error(message)) == true) }
        #expect(Self.words(&queue).map { $0.contains("“") } == [false, false, false])
        #expect(queue.isEmpty)
    }

    /// A reader that was slow for 23 s was closed while fifteen people turned their microphones on and off.
    @Test func ofAStateOnlyTheLatestWaits() {
        var queue = OutgoingQueue()
        #expect(queue.append(Self.error("first")) == true)
        for number in 0..<100_000 {
            let person = RoomMessage.Person(id: UInt64(number), name: "Ada")
            guard queue.append(.text(EncodedMessage(.people([person])))),
                queue.append(.text(EncodedMessage(.speakers(dominant: UInt64(number), speaking: []))))
            else {
                Issue.record("a slow reader was given up")
                return
            }
        }
        #expect(queue.count == 3)
        let words = Self.words(&queue)
        #expect(words[0].contains("first"))
        #expect(words[1].contains(#""id":99999"#))
        #expect(words[2].contains(#""dominant":99999"#))
    }

    @Test func wordsForThePersonAreNotLost() {
        var queue = OutgoingQueue()
        #expect(queue.append(.text(EncodedMessage(.control(.init(holder: nil))))) == true)
        #expect(
            queue.append(
                .text(EncodedMessage(.control(.init(holder: nil, denied: Refusal(.controlUnavailable)))))
            ) == true
        )
        #expect(queue.append(.text(EncodedMessage(.control(.init(holder: nil))))) == true)
        let words = Self.words(&queue)
        #expect(words.count == 2)
        #expect(words[0].contains("Nobody can be given control"))
    }

    @Test func ofPongsTheLastWaits() {
        var queue = OutgoingQueue()
        for number in 0..<10_000 { _ = queue.append(.pong([UInt8(number & 0xff)])) }
        guard case .pong(let bytes)? = queue.next() else {
            Issue.record("there was no pong")
            return
        }
        #expect(bytes == [UInt8(9_999 & 0xff)])
        #expect(queue.isEmpty)
    }

    @Test func whoeverReadsNothingIsGivenUp() {
        var queue = OutgoingQueue()
        let taken = (0..<1_000).prefix { queue.append(Self.error("\($0)")) }.count
        #expect(taken == 256)
        var large = OutgoingQueue()
        let text = String(repeating: "x", count: 100_000)
        let fit = (0..<1_000).prefix { _ in large.append(Self.error(text)) }.count
        #expect((15...21).contains(fit))
    }

    @Test func afterTheEndNothingIsTakenAndTheRestIsWritten() {
        var queue = OutgoingQueue()
        #expect(queue.append(Self.error("goodbye")) == true)
        queue.finish()
        #expect(queue.append(Self.error("too late")) == true)
        #expect(Self.words(&queue).count == 1)
    }

    private static func error(_ words: String) -> OutgoingQueue.Frame {
        .text(EncodedMessage(.error(step: nil, Refusal(uncoded: words))))
    }

    private static func words(_ queue: inout OutgoingQueue) -> [String] {
        var words: [String] = []
        while let frame = queue.next() {
            if case .text(let message) = frame { words.append(message.json) }
        }
        return words
    }
}
