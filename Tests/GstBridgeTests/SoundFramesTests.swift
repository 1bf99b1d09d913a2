import GstBridge
import Testing
import Wire

@Suite struct SoundFramesTests {
    @Test func soundIsCutIntoFramesThatFollowEachOther() {
        var recording = Recording()
        // Fragments of 7 ms, 20 of them: 140 ms are fourteen frames.
        for index in 1...20 { recording.add(milliseconds: 7, sample: 1, at: .milliseconds(Int64(index) * 7)) }
        #expect(recording.sent.map(\.date) == (0..<14).map { start + .milliseconds($0 * 10) })
        #expect(recording.sent.allSatisfy { $0.first == 1 && $0.last == 1 })
    }

    @Test func silenceBeforeAnySoundIsLeftOut() {
        var recording = Recording()
        recording.add(milliseconds: 400, sample: 0, at: .milliseconds(400))
        recording.add(milliseconds: 400, sample: nil, at: .milliseconds(800))
        #expect(recording.sent.isEmpty)
    }

    @Test func soundEndsWithAHangoverOfSilence() {
        var recording = Recording()
        recording.add(milliseconds: 40, sample: 9, at: .milliseconds(40))
        recording.add(milliseconds: 1_000, sample: 0, at: .milliseconds(1_040))
        #expect(
            recording.sent.map(\.first) == [9, 9, 9, 9] + Array(repeating: 0, count: SoundFrames.hangover)
        )
    }

    @Test func theFrameInWhichSoundBeginsIsSentWholeAndDatedAfterThePause() {
        var recording = Recording()
        recording.add(milliseconds: 20, sample: 9, at: .milliseconds(20))
        recording.add(milliseconds: 1_013, sample: 0, at: .milliseconds(1_033))
        recording.add(milliseconds: 7, sample: 5, at: .milliseconds(1_040))
        let last = recording.sent.last
        #expect(last?.date == start + .milliseconds(1_030))
        #expect(last?.first == 0)
        #expect(last?.last == 5)
        #expect(
            recording.sent.map(\.endsPause) == [true]
                + Array(repeating: false, count: 1 + SoundFrames.hangover) + [true]
        )
    }

    @Test func jitterOfTheRecorderDoesNotShiftDates() {
        var recording = Recording()
        for index in 1...50 {
            let late = Int64(index * 37 % 150)
            recording.add(milliseconds: 20, sample: 3, at: .milliseconds(Int64(index) * 20 + late))
        }
        let dates = recording.sent.map(\.date)
        #expect(zip(dates, dates.dropFirst()).allSatisfy { $1 - $0 == .milliseconds(10) })
    }

    @Test func aRecorderThatStaysLateHasLostSomething() {
        var recording = Recording()
        for index in 1...200 {
            recording.add(
                milliseconds: 10,
                sample: 3,
                at: .milliseconds(Int64(index) * 10 + (index > 20 ? 100 : 0))
            )
        }
        let steps = zip(recording.sent, recording.sent.dropFirst()).map { $1.date - $0.date }
        #expect(steps.count { $0 != .milliseconds(10) } == 1)
        #expect(steps.contains(.milliseconds(110)))
    }

    @Test func aDateTakenTooLateIsCorrectedInAPauseAndNeverBehindWhatWasSent() {
        var recording = Recording()
        // The first fragment came 150 ms late.
        recording.add(milliseconds: 20, sample: 3, at: .milliseconds(170))
        recording.add(milliseconds: 980, sample: 0, at: .milliseconds(1_000))
        recording.add(milliseconds: 20, sample: 0, at: .milliseconds(1_020))
        recording.add(milliseconds: 20, sample: 3, at: .milliseconds(1_040))
        #expect(recording.sent.first?.date == start + .milliseconds(150))
        #expect(recording.sent.last?.date == start + .milliseconds(1_030))
        #expect(
            zip(recording.sent, recording.sent.dropFirst()).allSatisfy {
                $1.date - $0.date >= .milliseconds(10)
            }
        )
    }

    @Test func soundAfterAShortInterruptionIsDatedWhenItWasRecorded() {
        var recording = Recording()
        recording.add(milliseconds: 20, sample: 3, at: .milliseconds(20))
        recording.frames.handleInterruption()
        recording.add(milliseconds: 20, sample: 4, at: .milliseconds(130))
        #expect(
            recording.sent.map(\.date).suffix(2) == [start + .milliseconds(110), start + .milliseconds(120)]
        )
    }

    private struct Recording: ~Copyable {
        struct Sent {
            var date: Instant
            var endsPause: Bool
            var first: Int16?
            var last: Int16?
        }

        var frames = SoundFrames()
        var sent: [Sent] = []

        /// - Parameter sample: The value of every sample; `nil` is a hole.
        mutating func add(milliseconds: Int, sample: Int16?, at end: Interval) {
            let samples = [Int16](repeating: sample ?? 0, count: milliseconds * 96)
            samples.withUnsafeBytes { bytes in
                frames.handle(
                    sample == nil ? nil : bytes.baseAddress,
                    byteCount: bytes.count,
                    recordedUntil: start + end
                ) { frame in
                    let samples = frame.samples.bindMemory(to: Int16.self)
                    let (first, last) = (samples.first, samples.last)
                    sent.append(Sent(date: frame.date, endsPause: frame.endsPause, first: first, last: last))
                }
            }
        }
    }
}

private let start = Instant(nanoseconds: 5_000_000_000)
