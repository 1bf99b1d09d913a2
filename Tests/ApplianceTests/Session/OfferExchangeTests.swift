import Appliance
import Testing
import Wire

@Suite struct OfferExchangeTests {
    private let now = Instant(nanoseconds: 100_000_000_000)

    @Test func oneOfferAtATimeWaitsForItsAnswer() {
        var exchange = OfferExchange()
        begin(&exchange, now, is: true)
        begin(&exchange, now, is: false)
        exchange.change()
        begin(&exchange, now, is: false)
        exchange.handleAnswer()
        begin(&exchange, now, is: true)
        exchange.handleAnswer()
        begin(&exchange, now, is: false)
    }

    @Test func anOfferThatIsNeverAnsweredGivesWayToTheNext() {
        var exchange = OfferExchange()
        _ = exchange.begin(now: now)
        exchange.change()
        begin(&exchange, now + .seconds(9), is: false)
        begin(&exchange, now + .seconds(10), is: true)
    }

    @Test func whatFailsIsRepeatedThenRenewedThenLeftUntilSomethingChanges() {
        var exchange = OfferExchange()
        _ = exchange.begin(now: now)
        fail(&exchange, .again)
        begin(&exchange, now, is: true)
        fail(&exchange, .renew)
        var renewed = OfferExchange(failures: exchange.failures)
        begin(&renewed, now, is: true)
        fail(&renewed, .rest)
        begin(&renewed, now, is: false)
        renewed.change()
        begin(&renewed, now, is: true)
        renewed.handleAnswer()
        #expect(renewed.failures == 0)
    }

    private func begin(
        _ exchange: inout OfferExchange,
        _ now: Instant,
        is expected: Bool,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let begins = exchange.begin(now: now)
        #expect(begins == expected, sourceLocation: location)
    }

    private func fail(
        _ exchange: inout OfferExchange,
        _ expected: OfferExchange.Remedy,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let remedy = exchange.handleFailure()
        #expect(remedy == expected, sourceLocation: location)
    }
}
