import SFU
import Testing
import WebRTC
import Wire

@Suite struct TransportFeedbackResultsTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    @Test func onlyWhatIsMissingMatters() {
        var results = TransportFeedbackResults()
        results.note(packet(10, of: 7, hasArrived: true))
        results.note(packet(11, of: 7, hasArrived: false))
        #expect(results.results.map(\.sequence) == [11])
        #expect(results.results.allSatisfy { $0.isLost && $0.ssrc == 7 })
    }

    /// One copy that came makes up for another that did not.
    @Test func ofARepetitionItMattersThatItHasCome() {
        var results = TransportFeedbackResults()
        results.repetitions = [8]
        results.note(packet(10, of: 8, hasArrived: true))
        results.note(packet(10, of: 8, hasArrived: false))
        #expect(results.results.map(\.isLost) == [false, true])
    }

    @Test func nobodyMissesPadding() {
        var results = TransportFeedbackResults()
        results.note(packet(0, of: 0, hasArrived: false))
        #expect(results.results.isEmpty)
    }

    @Test func arrivalsAreToldToWhoeverWaitsForThem() {
        var results = TransportFeedbackResults()
        results.expected = [5, 9]
        for number in UInt16(1)...6 { results.noteArrival(of: number) }
        #expect(results.arrived == [5])
    }

    @Test func ofVeryManyOnlySoManyAreRepaired() {
        var results = TransportFeedbackResults()
        for sequence in UInt16(0)..<1_000 { results.note(packet(sequence, of: 7, hasArrived: false)) }
        #expect(results.results.map(\.sequence) == Array(0..<256))
    }

    @Test func eachMessageIsReadByItself() {
        var results = TransportFeedbackResults()
        results.repetitions = [8]
        results.expected = [5]
        results.noteArrival(of: 5)
        results.note(packet(10, of: 8, hasArrived: true))
        results.removeAll()
        #expect(results.repetitions.isEmpty && results.expected.isEmpty)
        #expect(results.arrived.isEmpty && results.results.isEmpty)
    }

    private func packet(_ sequence: UInt16, of ssrc: UInt32, hasArrived: Bool) -> PacketResult {
        PacketResult(
            sent: start,
            arrival: hasArrived ? .milliseconds(5) : nil,
            size: 1_000,
            ssrc: ssrc,
            rtpSequence: sequence
        )
    }
}
