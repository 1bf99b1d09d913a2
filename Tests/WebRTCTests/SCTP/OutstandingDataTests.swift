import TestSupport
import Testing
import WebRTC
import Wire

@Suite struct OutstandingDataTests {
    let start = Instant(nanoseconds: 0)

    @Test func measuresOneRoundTripAtATime() {
        var outstanding = filled(3)
        let first = acknowledge(&outstanding, 1, at: .milliseconds(30))
        #expect(first?.roundTrip == .milliseconds(30))
        #expect(first?.bytes == 10)
        #expect(first?.hasAdvanced == true)
        #expect(acknowledge(&outstanding, 3, at: .milliseconds(50))?.roundTrip == nil)
        #expect(outstanding.isEmpty)
        #expect(outstanding.inFlight == 0)
        #expect(outstanding.bytes == 0)
        #expect(outstanding.nextTSN == TSN(4))
    }

    @Test func doesNotMeasureWhatWasSentTwice() {
        var outstanding = filled(1)
        #expect(outstanding.handleTimeout(now: start).isEmpty)
        #expect(outstanding.firstLost() == 0)
        outstanding.retransmit(0, now: start)
        #expect(acknowledge(&outstanding, 1, at: .milliseconds(30))?.roundTrip == nil)
    }

    @Test func losesAChunkAtTheThirdMissAndOnlyOnce() {
        var outstanding = filled(8)
        #expect(acknowledge(&outstanding, 0, [2...2])?.hasLoss == false)
        #expect(acknowledge(&outstanding, 0, [2...3])?.hasLoss == false)
        #expect(outstanding.inFlight == 60)
        #expect(acknowledge(&outstanding, 0, [2...4])?.hasLoss == true)
        #expect(outstanding.firstLost() == 0)
        #expect(outstanding.inFlight == 40)
        outstanding.retransmit(0, now: start)
        for end in 5...8 { #expect(acknowledge(&outstanding, 0, [2...end])?.hasLoss == false) }
        #expect(acknowledge(&outstanding, 8)?.bytes == 10)
    }

    @Test func countsNoMissesInRecoveryUnlessTheFrontAdvances() {
        var outstanding = filled(8)
        for end in 2...7 {
            #expect(acknowledge(&outstanding, 0, [2...end], isRecovering: true)?.hasLoss == false)
        }
    }

    @Test func takesBackWhatThePeerNoLongerReports() {
        var outstanding = filled(4)
        _ = acknowledge(&outstanding, 0, [3...4])
        #expect(outstanding.inFlight == 20)
        _ = acknowledge(&outstanding, 0, [3...3])
        #expect(outstanding.inFlight == 30)
        _ = acknowledge(&outstanding, 1)
        #expect(outstanding.inFlight == 30)
        _ = outstanding.handleTimeout(now: start)
        #expect(outstanding.inFlight == 0)
        #expect(acknowledge(&outstanding, 4)?.bytes == 30)
        #expect(!outstanding.hasLost)
    }

    @Test func refusesAcknowledgementsOfWhatWasNotSent() {
        var outstanding = filled(3)
        #expect(acknowledge(&outstanding, 4) == nil)
        #expect(acknowledge(&outstanding, 0, [4...4]) == nil)
        #expect(acknowledge(&outstanding, 1, [3...3, 2...2]) == nil)
        // An old one is no mistake.
        #expect(acknowledge(&outstanding, UInt32.max)?.bytes == 0)
        #expect(acknowledge(&outstanding, 3)?.hasAdvanced == true)
        #expect(outstanding.isEmpty)
    }

    @Test func givesUpAllFragmentsOfAMessageWhenOneIsWornOut() {
        var outstanding = OutstandingData(firstTSN: TSN(1))
        var queue = SendQueue()
        queue.append(OutgoingMessage(stream: 5, payloadProtocol: 53, maximumRetransmits: 1, bytes: bytes(30)))
        queue.append(
            OutgoingMessage(
                stream: 6,
                payloadProtocol: 53,
                isUnordered: true,
                maximumRetransmits: 0,
                bytes: bytes(10)
            )
        )
        queue.append(OutgoingMessage(stream: 7, payloadProtocol: 53, bytes: bytes(10)))
        while queue.nextFragmentLength(maximum: 10, now: start) != nil,
            let fragment = queue.popFragment(maximum: 10)
        {
            _ = outstanding.append(fragment, now: start)
        }
        #expect(outstanding.advancedTSN == nil)
        // The unordered one may not be sent again at all.
        #expect(outstanding.handleTimeout(now: start).map(\.stream) == [6])
        #expect(outstanding.advancedTSN == nil)
        while let position = outstanding.firstLost() { outstanding.retransmit(position, now: start) }
        _ = acknowledge(&outstanding, 0, [2...2])
        #expect(outstanding.handleTimeout(now: start).map(\.stream) == [5])
        #expect(outstanding.advancedTSN == TSN(4))
        #expect(
            outstanding.skips(through: TSN(4)) == [
                SCTPForwardTSN.Skip(stream: 5, streamSequence: SequenceNumber(0))
            ]
        )
        #expect(outstanding.bytes == 10)
        #expect(outstanding.inFlight == 0)
        _ = acknowledge(&outstanding, 4)
        #expect(outstanding.advancedTSN == nil)
        #expect(outstanding.count == 1)
    }

    @Test func givesUpWhatIsTooOldWhenItIsLost() {
        var outstanding = OutstandingData(firstTSN: TSN(1))
        let expiry = start + .milliseconds(100)
        let message = OutgoingMessage(stream: 5, payloadProtocol: 53, expiry: expiry, bytes: bytes(20))
        _ = outstanding.append(SendQueue.Fragment(message: message, range: 0..<10), now: start)
        #expect(outstanding.handleTimeout(now: start + .milliseconds(99)).isEmpty)
        outstanding.retransmit(0, now: start)
        let abandoned = outstanding.handleTimeout(now: expiry)
        #expect(abandoned.count == 1)
        for message in abandoned { outstanding.appendEnd(ofAbandoned: message, now: expiry) }
        #expect(outstanding.advancedTSN == TSN(2))
    }

    private func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    /// Messages of ten bytes, sent at the start, with TSNs from 1 on.
    private func filled(_ count: Int) -> OutstandingData {
        var outstanding = OutstandingData(firstTSN: TSN(1))
        for identifier in 0..<count {
            var message = OutgoingMessage(stream: 0, payloadProtocol: 53, bytes: bytes(10))
            message.identifier = UInt64(identifier)
            _ = outstanding.append(SendQueue.Fragment(message: message, range: 0..<10), now: start)
        }
        return outstanding
    }

    private func acknowledge(
        _ outstanding: inout OutstandingData,
        _ cumulative: UInt32,
        _ gaps: [ClosedRange<Int>] = [],
        isRecovering: Bool = false,
        at time: Interval = .zero
    ) -> OutstandingData.Acknowledgement? {
        let packet = written { out in
            SCTPPacket(sourcePort: 1, destinationPort: 1, verificationTag: 1).write(into: &out)
            SCTPSack.write(
                cumulativeTSN: TSN(cumulative),
                receiverWindow: 0,
                gaps: gaps,
                duplicates: [],
                into: &out
            )
        }
        var chunks = SCTPChunks()
        guard let chunk = try? chunks.next(in: packet.span.bytes),
            let sack = try? SCTPSack(chunk, in: packet.span.bytes)
        else { return nil }
        return outstanding.handle(sack, in: packet.span.bytes, isRecovering: isRecovering, now: start + time)
    }
}
