import Testing
import WebRTC
import Wire

@Suite struct SendQueueTests {
    let now = Instant(nanoseconds: 0)

    @Test func takesTurnsBetweenStreamsAndFinishesWhatHasBegun() {
        var queue = SendQueue()
        queue.append(OutgoingMessage(stream: 1, payloadProtocol: 53, bytes: [UInt8](repeating: 1, count: 25)))
        queue.append(OutgoingMessage(stream: 1, payloadProtocol: 53, bytes: [2]))
        queue.append(OutgoingMessage(stream: 3, payloadProtocol: 53, bytes: [3]))
        queue.append(OutgoingMessage(stream: 3, payloadProtocol: 53, bytes: [4]))
        #expect(queue.bytes == 28)
        #expect(queue.bytes(of: 1) == 26)
        var sent: [String] = []
        while let length = queue.nextFragmentLength(maximum: 10, now: now),
            let fragment = queue.popFragment(maximum: 10)
        {
            #expect(fragment.range.count == length)
            sent.append(
                "\(fragment.message.bytes[0]):\(fragment.range.count):\(fragment.message.streamSequence.rawValue)"
            )
        }
        #expect(sent == ["1:10:0", "1:10:0", "1:5:0", "3:1:0", "2:1:1", "4:1:1"])
        #expect(queue.isEmpty)
        #expect(queue.bytes == 0)
    }

    @Test func dropsWhatHasExpiredWithoutANumber() {
        var queue = SendQueue()
        let expiry = now + .milliseconds(5)
        queue.append(OutgoingMessage(stream: 1, payloadProtocol: 53, expiry: expiry, bytes: [1]))
        queue.append(OutgoingMessage(stream: 1, payloadProtocol: 53, bytes: [2]))
        #expect(queue.nextFragmentLength(maximum: 10, now: expiry) == 1)
        let fragment = queue.popFragment(maximum: 10)
        #expect(fragment?.message.bytes == [2])
        #expect(fragment?.message.streamSequence == SequenceNumber(0))
        #expect(queue.bytes == 0)
    }

    @Test func numbersOnlyOrderedMessages() {
        var queue = SendQueue()
        for isUnordered in [false, true, false] {
            queue.append(
                OutgoingMessage(stream: 1, payloadProtocol: 53, isUnordered: isUnordered, bytes: [1])
            )
        }
        var numbers: [UInt16] = []
        while queue.nextFragmentLength(maximum: 10, now: now) != nil,
            let fragment = queue.popFragment(maximum: 10)
        {
            if !fragment.message.isUnordered { numbers.append(fragment.message.streamSequence.rawValue) }
        }
        #expect(numbers == [0, 1])
        queue.resetSequence(of: 1)
        queue.append(OutgoingMessage(stream: 1, payloadProtocol: 53, bytes: [1]))
        _ = queue.nextFragmentLength(maximum: 10, now: now)
        #expect(queue.popFragment(maximum: 10)?.message.streamSequence == SequenceNumber(0))
    }

    @Test func dropsTheRestOfAMessageOrAllOfAStream() {
        var queue = SendQueue()
        queue.append(OutgoingMessage(stream: 1, payloadProtocol: 53, bytes: [UInt8](repeating: 1, count: 25)))
        queue.append(OutgoingMessage(stream: 1, payloadProtocol: 53, bytes: [2]))
        queue.append(OutgoingMessage(stream: 2, payloadProtocol: 53, bytes: [3]))
        _ = queue.nextFragmentLength(maximum: 10, now: now)
        let first = queue.popFragment(maximum: 10)
        #expect(queue.messageCount(of: 1) == 2)
        queue.dropAll(on: 1)
        #expect(queue.messageCount(of: 1) == 1)
        #expect(queue.bytes == 16)
        #expect(queue.dropRest(of: 99) == false)
        #expect(queue.dropRest(of: first?.message.identifier ?? 99) == true)
        #expect(queue.bytes == 1)
        #expect(queue.nextFragmentLength(maximum: 10, now: now) == 1)
        #expect(queue.popFragment(maximum: 10)?.message.bytes == [3])
        #expect(queue.isEmpty)
    }
}
