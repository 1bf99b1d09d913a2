import SFU
import Testing
import WebRTC
import Wire

@Suite struct SourceFeedbackTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    @Test func receptionIsReportedEachSecondFromTheFirstPacketOn() throws {
        var feedback = SourceFeedback(.video, clockRate: 90_000, asksAgain: false)
        #expect(feedback.pollTimeout() == nil)
        take(1, in: &feedback, at: start)
        #expect(feedback.pollTimeout() == start + .seconds(1))
        #expect(!feedback.isDue(now: start + .milliseconds(999)))
        #expect(feedback.isDue(now: start + .seconds(1)))
        let report = write(&feedback, at: start + .seconds(1))
        #expect(elements(of: report).map(\.type) == [RTCPType.receiverReport])
        let block = try ReportBlock(at: 8, in: report.span.bytes)
        #expect(block.ssrc == 7 && block.highestSequence & 0xffff == 1)
        #expect(feedback.pollTimeout() == start + .seconds(2))
    }

    @Test(arguments: [true, false])
    func whatIsMissingIsAskedForAgainIfThatWasAgreed(asksAgain: Bool) {
        var feedback = SourceFeedback(.video, clockRate: 90_000, asksAgain: asksAgain)
        for sequence in [UInt16(1), 2, 5, 6] { take(sequence, in: &feedback, at: start) }
        var asked: [UInt16] = []
        var now = start
        for _ in 0..<20 {
            now += .milliseconds(5)
            feedback.handleTimeout(isStopped: false, now: now)
            guard feedback.isDue(now: now) else { continue }
            let compound = write(&feedback, at: now)
            for element in elements(of: compound) where element.type == RTCPType.transportFeedback {
                if let nack = try? RTCPFeedback(element, in: compound.span.bytes) {
                    try? GenericNACK.forEachLost(nack, in: compound.span.bytes) { asked.append($0.rawValue) }
                }
            }
        }
        #expect(Set(asked) == (asksAgain ? [3, 4] : []))
        take(3, in: &feedback, at: now)
        #expect(feedback.recovered == (asksAgain ? 1 : 0))
        #expect(feedback.lost == 1)
    }

    @Test func aKeyFrameIsAskedForAgainUntilItHasCome() {
        var feedback = SourceFeedback(.video, clockRate: 90_000, asksAgain: false)
        var requests: [Int64] = []
        feedback.requestKeyFrame(now: start)
        #expect(feedback.isKeyFrameRequestDue)
        for milliseconds in Int64(0)..<1_000 {
            let now = start + .milliseconds(milliseconds)
            // Others need it as well.
            feedback.requestKeyFrame(now: now)
            feedback.handleTimeout(isStopped: false, now: now)
            if feedback.isKeyFrameRequestDue, asksForKeyFrame(write(&feedback, at: now)) {
                requests.append(milliseconds)
            }
        }
        #expect(requests == [0, 300, 600, 900])
        #expect(feedback.keyFrameRequests == 4)
        take(1, isKeyFrame: true, in: &feedback, at: start + .seconds(1))
        feedback.handleTimeout(isStopped: false, now: start + .milliseconds(1_500))
        #expect(!feedback.isKeyFrameRequestDue)
    }

    @Test func ofSoundThereIsNoneToAskFor() {
        var feedback = SourceFeedback(.audio, clockRate: 48_000, asksAgain: false)
        feedback.requestKeyFrame(now: start)
        #expect(!feedback.isKeyFrameRequestDue)
        #expect(feedback.pollTimeout() == nil)
    }

    /// The source goes on with other encodings, and has nothing to answer with.
    @Test func whatIsStoppedIsAskedWhenItIsNotAnyMore() throws {
        var feedback = SourceFeedback(.video, clockRate: 90_000, asksAgain: false)
        feedback.requestKeyFrame(now: start)
        var now = start
        for _ in 0..<3 {
            feedback.handleTimeout(isStopped: true, now: now)
            #expect(!feedback.isKeyFrameRequestDue)
            let next = try #require(feedback.pollTimeout(), "somebody waits")
            #expect(next > now)
            now = next
        }
        feedback.handleTimeout(isStopped: false, now: now)
        #expect(feedback.isKeyFrameRequestDue)
        take(1, isKeyFrame: true, in: &feedback, at: now)
        #expect(!feedback.isKeyFrameRequestDue)
    }

    @Test func ofWhatWasStoppedAKeyFrameMayComeUnasked() {
        var feedback = SourceFeedback(.video, clockRate: 90_000, asksAgain: false)
        feedback.requestKeyFrame(now: start)
        feedback.handleTimeout(isStopped: true, now: start)
        take(1, isKeyFrame: true, in: &feedback, at: start + .seconds(1))
        feedback.handleTimeout(isStopped: false, now: start + .seconds(10))
        #expect(!feedback.isKeyFrameRequestDue)
    }

    /// So that the first request of the new beginning does not wait for the last one of the old.
    @Test func requestsOfAnotherBeginningAreForgotten() {
        var feedback = SourceFeedback(.video, clockRate: 90_000, asksAgain: false)
        feedback.requestKeyFrame(now: start)
        _ = write(&feedback, at: start)
        feedback.forgetKeyFrameRequests()
        feedback.handleTimeout(isStopped: false, now: start + .milliseconds(400))
        #expect(!feedback.isKeyFrameRequestDue)
        feedback.requestKeyFrame(now: start + .milliseconds(1))
        #expect(feedback.isKeyFrameRequestDue)
    }

    @Test func whatASourceThatBeginsAnewHadLostIsForgotten() {
        var feedback = SourceFeedback(.video, clockRate: 90_000, asksAgain: true)
        for sequence in [UInt16(1), 2, 5] { take(sequence, in: &feedback, at: start) }
        #expect(feedback.lost == 2)
        feedback.expectRestart()
        feedback.restart()
        take(40_000, in: &feedback, at: start)
        #expect(feedback.lost == 0)
        feedback.handleTimeout(isStopped: false, now: start + .milliseconds(500))
        #expect(!feedback.isDue(now: start + .milliseconds(500)))
    }

    // MARK: Private

    private func take(
        _ sequence: UInt16,
        isKeyFrame: Bool = false,
        in feedback: inout SourceFeedback,
        at now: Instant
    ) {
        let header = RTPHeader(
            payloadType: 96,
            sequenceNumber: sequence,
            timestamp: UInt32(sequence) &* 3_000,
            ssrc: 7,
            payloadLength: 100
        )
        _ = feedback.handle(header, size: 112, now: now)
        feedback.handleTaken(header, isKeyFrame: isKeyFrame, now: now)
    }

    private func write(_ feedback: inout SourceFeedback, at now: Instant) -> [UInt8] {
        written { feedback.write(from: 1, about: 7, now: now, into: &$0) }
    }

    private func asksForKeyFrame(_ compound: [UInt8]) -> Bool {
        elements(of: compound).contains {
            $0.type == RTCPType.payloadFeedback && $0.count == RTCPType.pictureLossIndication
        }
    }
}
