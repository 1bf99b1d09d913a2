import Testing
import WebRTC
import Wire

@Suite struct ReassemblyQueueTests {
    @Test(arguments: [true, false], 1...5 as ClosedRange<UInt64>) func joinsFragmentsInAnyOrder(
        _ isUnordered: Bool,
        _ seed: UInt64
    ) throws {
        var random = SplitMix64(seed: seed)
        var queue = ReassemblyQueue(maximumMessageSize: 100)
        var fragments: [(SCTPData, [UInt8])] = []
        var tsn = TSN(.max - 10)
        for sequence in UInt16(0)..<30 {
            let count = Int.random(in: 1...4, using: &random)
            for index in 0..<count {
                fragments.append(
                    (
                        Self.data(
                            tsn,
                            sequence &- 0,
                            index == 0,
                            index == count - 1,
                            isUnordered: isUnordered
                        ),
                        [UInt8(sequence), UInt8(index)]
                    )
                )
                tsn = tsn.advanced(by: 1)
            }
        }
        let expected = (0..<30).map { sequence in fragments.filter { $0.1[0] == sequence }.flatMap(\.1) }
        fragments.shuffle(using: &random)
        for (data, bytes) in fragments { try queue.insert(data, bytes.span.bytes) }
        var messages = Self.drain(&queue)
        if isUnordered { messages.sort { $0[0] < $1[0] } }
        #expect(messages == expected)
        #expect(queue.bytes == 0)
    }

    @Test func refusesMessagesThatGrowTooLong() throws {
        var queue = ReassemblyQueue(maximumMessageSize: 5)
        try queue.insert(Self.data(TSN(1), 0, true, false), ([1, 2, 3] as [UInt8]).span.bytes)
        try queue.insert(Self.data(TSN(3), 0, false, true), ([6] as [UInt8]).span.bytes)
        #expect(throws: ReassemblyQueue.MessageTooLong.self) {
            try queue.insert(Self.data(TSN(2), 0, false, false), ([4, 5] as [UInt8]).span.bytes)
        }
        #expect(throws: ReassemblyQueue.MessageTooLong.self) {
            try queue.insert(Self.data(TSN(9), 0, true, true), [UInt8](repeating: 0, count: 6).span.bytes)
        }
    }

    @Test func doesNotJoinFragmentsOfDifferentMessages() throws {
        var queue = ReassemblyQueue(maximumMessageSize: 100)
        try queue.insert(Self.data(TSN(1), 0, true, false), ([1] as [UInt8]).span.bytes)
        var other = Self.data(TSN(2), 0, false, true)
        other.stream = 9
        try queue.insert(other, ([2] as [UInt8]).span.bytes)
        try queue.insert(Self.data(TSN(4), 1, true, false), ([1] as [UInt8]).span.bytes)
        try queue.insert(Self.data(TSN(5), 2, false, true), ([1] as [UInt8]).span.bytes)
        #expect(Self.drain(&queue) == [])
    }

    @Test func deliversWhatWaitsWhenItIsToldToSkip() throws {
        var queue = ReassemblyQueue(maximumMessageSize: 100)
        // Number 0 is missing, 1 is here, 2 lacks its end, 3 is here.
        try queue.insert(Self.data(TSN(2), 1, true, true), ([1] as [UInt8]).span.bytes)
        try queue.insert(Self.data(TSN(3), 2, true, false), ([2] as [UInt8]).span.bytes)
        try queue.insert(Self.data(TSN(5), 3, true, true), ([3] as [UInt8]).span.bytes)
        #expect(Self.drain(&queue) == [])
        queue.skip(through: TSN(1))
        queue.skip(SCTPForwardTSN.Skip(stream: 1, streamSequence: SequenceNumber(0)))
        #expect(Self.drain(&queue) == [[1]])
        queue.skip(through: TSN(4))
        queue.skip(SCTPForwardTSN.Skip(stream: 1, streamSequence: SequenceNumber(2)))
        #expect(Self.drain(&queue) == [[3]])
        #expect(queue.bytes == 0)
        // An old one changes nothing.
        queue.skip(SCTPForwardTSN.Skip(stream: 1, streamSequence: SequenceNumber(1)))
        try queue.insert(Self.data(TSN(6), 4, true, true), ([4] as [UInt8]).span.bytes)
        #expect(Self.drain(&queue) == [[4]])
    }

    @Test func dropsNumbersUsedTwice() throws {
        var queue = ReassemblyQueue(maximumMessageSize: 100)
        for (tsn, sequence) in [(1, 2), (2, 2), (3, 0), (4, 0), (5, 1)] as [(UInt32, UInt16)] {
            try queue.insert(Self.data(TSN(tsn), sequence, true, true), [UInt8(tsn)].span.bytes)
        }
        #expect(Self.drain(&queue) == [[3], [5], [1]])
        #expect(queue.bytes == 0)
    }

    @Test func expectsZeroAfterAReset() throws {
        var queue = ReassemblyQueue(maximumMessageSize: 100)
        try queue.insert(Self.data(TSN(1), 0, true, true), ([1] as [UInt8]).span.bytes)
        try queue.insert(Self.data(TSN(2), 5, true, true), ([2] as [UInt8]).span.bytes)
        queue.reset([1])
        #expect(queue.bytes == 0)
        try queue.insert(Self.data(TSN(3), 0, true, true), ([3] as [UInt8]).span.bytes)
        #expect(Self.drain(&queue) == [[1], [3]])
    }

    private static func data(
        _ tsn: TSN,
        _ sequence: UInt16,
        _ isBeginning: Bool,
        _ isEnding: Bool,
        isUnordered: Bool = false
    ) -> SCTPData {
        SCTPData(
            tsn: tsn,
            stream: 1,
            streamSequence: SequenceNumber(sequence),
            payloadProtocol: 53,
            isBeginning: isBeginning,
            isEnding: isEnding,
            isUnordered: isUnordered,
            isUrgent: false
        )
    }

    private static func drain(_ queue: inout ReassemblyQueue) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        while let message = queue.popMessage() { messages.append(message.bytes) }
        return messages
    }
}
