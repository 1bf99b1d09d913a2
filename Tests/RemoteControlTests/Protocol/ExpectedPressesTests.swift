import RemoteControl
import Testing
import Wire

@Suite struct ExpectedPressesTests {
    private let start = Instant(nanoseconds: 1_000)

    @Test func whatTheServerHasPressedIsToldInOrderAndTogether() {
        var presses = ExpectedPresses()
        for number in UInt16(0)..<3 { expect(&presses, .keys, 0xfffe &+ number, keycode: 38 + UInt8(number)) }
        #expect(presses.due == start + .milliseconds(50))
        for number in UInt8(0)..<3 { presses.handle(keycode: 38 + number, keysym: 0x61 + UInt32(number)) }
        presses.judge()
        #expect(presses.due == nil)
        #expect(echoes(&presses) == [[0x61, 0x62, 0x63]])
    }

    @Test func pressesOfOthersAreNotOurs() {
        var presses = ExpectedPresses()
        expect(&presses, .text, 7, keycode: 38)
        expect(&presses, .text, 7, keycode: 39)
        // Shift, which it takes, and a program that types by itself, the same key too.
        for (keycode, keysym) in [(50, 0xffe1), (40, 0x64), (38, 0x41), (39, 0x73), (38, 0x61), (39, 0x73)] {
            presses.handle(keycode: UInt8(keycode), keysym: UInt32(keysym))
        }
        presses.judge()
        #expect(echoes(&presses) == [[0x41, 0x73]])
    }

    @Test func whatIsMissingIsSaidAndTheRestFound() {
        var presses = ExpectedPresses()
        for number in UInt16(0)..<4 {
            expect(&presses, .keys, number, keycode: number == 1 ? nil : 40 + UInt8(number))
        }
        presses.handle(keycode: 40, keysym: 1)
        presses.handle(keycode: 43, keysym: 4)
        presses.judge()
        #expect(echoes(&presses) == [[1, nil, nil, 4]])
    }

    @Test func anEchoIsOfOneLeaseAndKindAndHasABound() {
        var presses = ExpectedPresses()
        for number in UInt16(0)..<40 { expect(&presses, .keys, number, keycode: nil) }
        expect(&presses, .text, 40, keycode: nil)
        presses.expect(.init(.text, lease: LeaseID(2), sequence: 40, keycode: nil), now: start)
        // A number is left out: a key that was down already.
        expect(&presses, .keys, 50, keycode: nil)
        presses.judge()
        #expect(echoes(&presses).map(\.count) == [32, 8, 1, 1, 1])
    }

    @Test func whatEverybodyPressesIsBounded() {
        var presses = ExpectedPresses()
        for _ in 0..<10_000 { presses.handle(keycode: 38, keysym: 1) }
        for number in UInt16(0)..<1_000 { expect(&presses, .keys, number, keycode: 38) }
        #expect(presses.isFull)
        for _ in 0..<10_000 { presses.handle(keycode: 39, keysym: 1) }
        presses.judge()
        #expect(echoes(&presses).joined().allSatisfy { $0 == nil })
    }

    private func expect(
        _ presses: inout ExpectedPresses,
        _ kind: TypingEcho.Kind,
        _ sequence: UInt16,
        keycode: UInt8?
    ) {
        presses.expect(.init(kind, lease: LeaseID(1), sequence: sequence, keycode: keycode), now: start)
    }

    private func echoes(_ presses: inout ExpectedPresses) -> [[UInt32?]] {
        var echoes: [[UInt32?]] = []
        while let echo = presses.pollEcho() {
            #expect((try? TypingEcho(parsing: echo.encoded().span.bytes)) == echo)
            echoes.append(echo.keysyms)
        }
        return echoes
    }
}
