import CX11
import IO
import RemoteControl
import Testing
import Wire

/// Characters that the layout lacks, in a program that takes its time: it reads when the test says so.
@Suite(.serialized, .timeLimit(.minutes(1))) struct FocusPingTests {
    private let screen: DeskScreen
    private let client: XClient
    private let server: XServer
    /// More than there are spare keycodes.
    private let text = String(
        String.UnicodeScalarView((0..<128).compactMap { Unicode.Scalar(0x4e00 + $0 * 7) })
    )

    init() throws {
        server = try XServer()
        client = try XClient(display: server.display)
        screen = try DeskScreen(display: server.display)
    }

    @Test func aProgramThatReadsLateIsWaitedFor() throws {
        client.answerPings()
        var now = Instant.now()
        try type(now: now)
        // Ten times as long as a keycode rests otherwise.
        var (delivered, arrived) = (run(for: .milliseconds(2_500), from: &now), "")
        #expect(delivered < 4)
        for _ in 0..<200 where delivered < 4 {
            arrived += typed()
            delivered += run(for: .milliseconds(300), from: &now)
        }
        #expect(arrived + typed() == text)
        #expect(screen.dropped == 0)
    }

    @Test func aProgramThatHangsIsNotWaitedForForEver() throws {
        client.answerPings()
        var now = Instant.now()
        try type(now: now)
        #expect(run(for: .milliseconds(30_000), from: &now) == 4)
        // It has all of them when it goes on, but their meanings are gone.
        #expect(typed().unicodeScalars.count == 128)
    }

    @Test func aProgramThatDoesNotAnswerIsNotAsked() throws {
        var now = Instant.now()
        try type(now: now)
        #expect(run(for: .milliseconds(5_000), from: &now) == 4)
    }

    private func type(now: Instant) throws {
        let keysyms = try text.unicodeScalars.map { try #require(Keysym($0)) }
        for start in stride(from: 0, to: keysyms.count, by: 32) {
            let piece = Array(keysyms[start..<min(start + 32, keysyms.count)])
            screen.inject(
                ControlEvent(lease: LeaseID(1), sequence: UInt16(start), clientTime: 0, action: .text(piece)),
                now: now
            )
        }
    }

    /// Lets virtual time go by; returns how many texts were delivered.
    private func run(for time: Interval, from now: inout Instant) -> Int {
        let end = now + time
        var delivered = 0
        while now < end {
            now = now + .milliseconds(5)
            screen.handleTimeout(now: now)
            // What the server tells of a new meaning is there by then.
            screen.synchronize()
            screen.handleEvents(now: now)
            while let answer = screen.pollAnswer() {
                if case .text(let receipt) = answer, receipt.outcome == .delivered { delivered += 1 }
            }
        }
        return delivered
    }

    private func typed() -> String {
        client.all().filter { $0.kind == .keyDown }.map(\.text).joined()
    }
}
