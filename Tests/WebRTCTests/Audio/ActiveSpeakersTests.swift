import Testing
import WebRTC
import Wire

@Suite struct ActiveSpeakersTests {
    @Test func whoeverSpeaksFirstLeads() {
        var talk = Talk()
        talk.run(milliseconds: 200) { _ in .quiet }
        #expect(talk.events == [])
        talk.run(milliseconds: 300) { $0 == 2 ? .speech : .quiet }
        #expect(talk.events == [.speakingChanged([2]), .dominantChanged(2)])
        #expect(talk.speakers.dominant == 2 && talk.speakers.speaking == [2])
    }

    @Test func silenceEndsSpeakingButNotTheLead() {
        var talk = Talk()
        talk.run(milliseconds: 1_000) { $0 == 1 ? .speech : .quiet }
        talk.events = []
        talk.run(milliseconds: 300) { _ in .quiet }
        #expect(talk.events == [])  // a pause for breath
        talk.run(milliseconds: 1_000) { _ in .quiet }
        #expect(talk.events == [.speakingChanged([])])
        #expect(talk.speakers.dominant == 1)
    }

    @Test func theNextSpeakerTakesTheLeadWithinASecond() {
        var talk = Talk()
        talk.run(milliseconds: 3_000) { $0 == 1 ? .speech : .quiet }
        talk.events = []
        let start = talk.now
        talk.run(milliseconds: 3_000) { $0 == 3 ? .speech : .quiet }
        #expect(talk.events.contains(.dominantChanged(3)))
        #expect(talk.speakers.dominant == 3 && talk.speakers.speaking == [3])
        let taken = talk.times[.dominantChanged(3)].map { $0 - start }
        #expect(taken ?? .zero > .milliseconds(150) && taken ?? .seconds(9) < .seconds(1))
    }

    @Test func aCoughTakesNobodysLead() {
        var talk = Talk()
        talk.run(milliseconds: 3_000) { $0 == 1 ? .speech : .quiet }
        talk.events = []
        for _ in 0..<10 {
            talk.run(milliseconds: 80) { $0 == 2 ? .loud : $0 == 1 ? .speech : .quiet }
            talk.run(milliseconds: 1_000) { $0 == 1 ? .speech : .quiet }
        }
        #expect(talk.speakers.dominant == 1)
        #expect(!talk.events.contains(.dominantChanged(2)))
    }

    @Test func twoAtOnceDoNotTakeTurnsInTheLead() {
        var talk = Talk()
        talk.run(milliseconds: 500) { $0 == 1 ? .speech : .quiet }
        talk.events = []
        talk.run(milliseconds: 20_000) { $0 <= 2 ? .speech : .quiet }
        let changes = talk.events.filter { if case .dominantChanged = $0 { true } else { false } }
        #expect(changes.count <= 2)
        #expect(talk.speakers.speaking == [1, 2])
    }

    @Test func aSteadyNoiseIsTakenForTheRoom() {
        var talk = Talk()
        talk.run(milliseconds: 40_000) { $0 == 1 ? .noise : .quiet }
        #expect(talk.speakers.speaking == [])
        talk.run(milliseconds: 1_000) { $0 == 1 ? .loud : .quiet }
        #expect(talk.speakers.speaking == [1])
    }

    @Test func aLongSilenceDoesNotMakeItHarderToBeHeard() {
        var talk = Talk()
        talk.run(milliseconds: 40_000) { $0 == 1 ? .mute : .quiet }
        talk.run(milliseconds: 300) { $0 == 1 ? .speech : .quiet }
        #expect(talk.speakers.speaking == [1])
    }

    @Test func whoeverLeavesGivesTheLeadAway() {
        var talk = Talk()
        talk.run(milliseconds: 1_000) { $0 == 1 ? .speech : .quiet }
        talk.run(milliseconds: 600) { $0 <= 2 ? .speech : .quiet }
        talk.events = []
        talk.speakers.remove(1)
        talk.drain()
        #expect(talk.events == [.dominantChanged(2), .speakingChanged([2])])
        talk.events = []
        talk.speakers.remove(2)
        talk.speakers.remove(2)
        talk.drain()
        #expect(talk.events == [.dominantChanged(nil), .speakingChanged([])])
    }

    @Test func packetsOfSixtyMillisecondsCountAsMuchAsShortOnes() {
        var talk = Talk(packet: 60)
        talk.run(milliseconds: 600) { $0 == 4 ? .speech : .quiet }
        #expect(talk.speakers.dominant == 4)
    }

    @Test func theTimerRestsWhileAllAreSilent() {
        var talk = Talk()
        #expect(talk.speakers.pollTimeout() == nil)
        talk.run(milliseconds: 500) { _ in .mute }
        #expect(talk.speakers.pollTimeout() == nil)
        talk.run(milliseconds: 500) { $0 == 1 ? .speech : .mute }
        #expect(talk.speakers.pollTimeout() != nil)
        talk.run(milliseconds: 3_000) { _ in .mute }
        #expect(talk.speakers.pollTimeout() == nil && talk.speakers.speaking == [])
    }
}

/// Four microphones on a virtual clock.
private struct Talk {
    enum Sound { case loud, mute, noise, quiet, speech }

    var speakers = ActiveSpeakers<Int>()
    var now = Instant(nanoseconds: 5_000_000_000)
    var events: [ActiveSpeakers<Int>.Event] = []
    var times: [ActiveSpeakers<Int>.Event: Instant] = [:]
    var packet: Int64 = 20
    var random = SplitMix64(seed: 16)

    init(packet: Int64 = 20) { self.packet = packet }

    mutating func run(milliseconds: Int64, _ sound: (Int) -> Sound) {
        let end = now + .milliseconds(milliseconds)
        while now < end {
            for id in 1...4 {
                let level: UInt8
                switch sound(id) {
                case .loud: level = .random(in: 10...15, using: &random)
                case .mute: level = 127
                case .noise: level = .random(in: 44...46, using: &random)
                case .quiet: level = .random(in: 75...85, using: &random)
                // One sound in six is the pause between two.
                case .speech:
                    level =
                        Int.random(in: 0..<6, using: &random) == 0 ? 70 : .random(in: 20...36, using: &random)
                }
                speakers.handle(level: level, isVoice: level < 50, of: id, now: now)
            }
            let next = now + .milliseconds(packet)
            while let due = speakers.pollTimeout(), due <= next {
                speakers.handleTimeout(now: due)
                now = due
                drain()
            }
            now = next
        }
    }

    mutating func drain() {
        while let event = speakers.pollEvent() {
            events.append(event)
            times[event] = now
        }
    }
}
