import Appliance
import SFU
import Testing
import Wire

/// What the room answers to a test's channels, and how much that is.
@Suite struct CheckExchangeTests {
    @Test func aShortMessageComesBack() {
        var exchange = CheckExchange()
        #expect(echo(&exchange, 64) == .send([UInt8](repeating: 1, count: 64), isBinary: true))
        #expect(echo(&exchange, 257) == .none)
    }

    @Test func loadIsSentOnceAndNeverMoreThanTheLimit() {
        var exchange = CheckExchange()
        #expect(say(&exchange, "down") == .load(CheckExchange.mostLoad))
        #expect(say(&exchange, "down") == .none)
        #expect(exchange.outgoing == CheckExchange.mostBytes - CheckExchange.mostLoad)
        #expect(CheckExchange.mostLoad < CheckExchange.mostBytes)
    }

    @Test func whatComesIsCountedFromTheFirstMessageToTheLast() {
        var exchange = CheckExchange()
        #expect(say(&exchange, "end") == .none, "nothing was begun")
        #expect(say(&exchange, "up") == .none)
        for millisecond in [100, 200, 300] { #expect(load(&exchange, 1_000, at: millisecond) == .none) }
        let told = Array(#"{"bytes":2000,"milliseconds":200}"#.utf8)
        #expect(say(&exchange, "end") == .send(told, isBinary: false))
        #expect(say(&exchange, "up") == .none)
        #expect(say(&exchange, "end") == .none, "once")
    }

    @Test func whoeverSendsTooMuchIsCutOff() {
        var exchange = CheckExchange()
        var answer = CheckExchange.Answer.none
        var sent = 0
        while answer != .end, sent < 2 * CheckExchange.mostBytes {
            answer = load(&exchange, 65_536, at: 0)
            sent += 65_536
        }
        #expect(answer == .end)
        #expect(sent <= CheckExchange.mostBytes + 65_536)
    }

    @Test func emptyMessagesAreNotFree() {
        var exchange = CheckExchange()
        var count = 0
        while echo(&exchange, 0) != .end, count < 1_000_000 { count += 1 }
        #expect(count < 1_000_000)
    }

    @Test func otherChannelsAndTextsAreNotAnswered() {
        var exchange = CheckExchange()
        #expect(say(&exchange, "hello") == .none)
        #expect(exchange.handle(message([1], isBinary: true), on: "control") == .none)
    }

    private func message(_ bytes: [UInt8], isBinary: Bool, at millisecond: Int = 0) -> DataMessage {
        DataMessage(
            bytes: bytes,
            isBinary: isBinary,
            received: Instant(nanoseconds: Int64(millisecond) * 1_000_000)
        )
    }

    private func say(_ exchange: inout CheckExchange, _ text: String) -> CheckExchange.Answer {
        exchange.handle(message(Array(text.utf8), isBinary: false), on: "load")
    }

    private func load(
        _ exchange: inout CheckExchange,
        _ count: Int,
        at millisecond: Int
    ) -> CheckExchange.Answer {
        exchange.handle(
            message([UInt8](repeating: 1, count: count), isBinary: true, at: millisecond),
            on: "load"
        )
    }

    private func echo(_ exchange: inout CheckExchange, _ count: Int) -> CheckExchange.Answer {
        exchange.handle(message([UInt8](repeating: 1, count: count), isBinary: true), on: "echo")
    }
}
