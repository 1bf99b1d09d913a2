import Appliance
import RemoteControl
import Testing
import Wire

@Suite struct HealthFactsTests {
    private var good: HealthFacts {
        var facts = HealthFacts()
        facts.isDeskConnected = true
        facts.desk = .live
        facts.certificate = 1_000...2_000
        facts.clock = 1_500
        facts.hasBeenReady = true
        return facts
    }

    @Test func aRoomWithADeskThatIsSeenIsReady() {
        #expect(good.reasons.isEmpty)
        #expect(good.status == .ok)
    }

    private typealias Change = @Sendable (inout HealthFacts) -> Void

    private static let faults: [(Change, HealthReason)] = [
        ({ $0.isDraining = true }, .draining),
        ({ $0.isMediaThreadAnswering = false }, .mediaThreadStuck),
        ({ $0.isSessionAnswering = false }, .sessionStuck), ({ $0.isDeskConnected = false }, .deskMissing),
        ({ $0.desk = nil }, .deskStarting), ({ $0.desk = .failed }, .deskFailed),
        ({ $0.desk = .waitingForScreen }, .deskScreenMissing),
        ({ $0.isDeskAnswering = false }, .deskNotAnswering),
        ({ $0.isAuditKept = false }, .auditNotWritable),
        ({ $0.clock = 2_001 }, .certificateExpired), ({ $0.clock = 999 }, .certificateNotYetValid),
    ]

    @Test func eachFaultHasAReasonOfItsOwn() {
        for (change, reason) in Self.faults {
            var facts = good
            change(&facts)
            #expect(facts.reasons == [reason])
            #expect(facts.status == (reason == .draining ? .draining : .degraded))
        }
    }

    @Test func aRoomIsStartingUntilItsDeskIsThereButNotForEver() {
        var facts = good
        facts.isDeskConnected = false
        facts.hasBeenReady = false
        facts.age = .seconds(5)
        #expect(facts.status == .starting)
        facts.age = .seconds(31)
        #expect(facts.status == .degraded)
        facts.age = .seconds(5)
        facts.hasBeenReady = true
        #expect(facts.status == .degraded)
    }

    @Test func aRenewedCertificateThatCannotBeUsedIsSaidAndKeepsNobodyAway() {
        var facts = good
        facts.isNewerCertificateRefused = true
        #expect(facts.reasons.isEmpty)
        #expect(facts.status == .degraded)
    }

    @Test func aRoomWithAProblemIsReadyAllTheSame() {
        var facts = good
        facts.hasProblems = true
        #expect(facts.reasons.isEmpty)
        #expect(facts.status == .degraded)
    }

    @Test func aDeskWithoutSoundIsSeenAllTheSame() {
        var facts = good
        facts.desk = .waitingForSound
        #expect(facts.reasons.isEmpty)
        #expect(facts.status == .degraded)
    }
}
