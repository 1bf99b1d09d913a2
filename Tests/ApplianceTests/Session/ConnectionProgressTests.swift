import Appliance
import Foundation
import SFU
import Testing
import WebRTC

/// How far a connection has come, as a page and the log are told.
@Suite struct ConnectionProgressTests {
    @Test func eachStepIsTold() {
        #expect(step { _ in } == .unheard)
        #expect(step { $0.progress.isHeard = true } == .heard)
        #expect(step { $0.progress.isAnswered = true } == .path)
        let connecting: (inout TransportStatistics) -> Void = { $0.dtlsState = .connecting }
        #expect(step(connecting) == .unheard)
        #expect(
            step {
                connecting(&$0)
                $0.progress.isAnswered = true
            } == .handshake
        )
        #expect(step { $0.dtlsState = .connected } == .secured)
        #expect(
            step {
                $0.dtlsState = .connected
                $0.progress.hasReports = true
            } == .reports
        )
        #expect(
            step {
                $0.dtlsState = .connected
                $0.progress.hasMedia = true
            } == .media
        )
    }

    @Test func aHandshakeThatFailedSaysWhy() throws {
        var statistics = TransportStatistics()
        statistics.dtlsState = .failed
        statistics.progress.failure = .peerAlert(40)
        let alert = ConnectionProgress(statistics)
        #expect(alert.step == .handshakeFailed && alert.alert == 40 && alert.failure == nil)
        statistics.progress.failure = .timedOut
        let late = ConnectionProgress(statistics)
        #expect(late.step == .handshakeFailed && late.alert == nil && late.failure == "time")
        #expect(!late.isConnected)
        let json = try JSONEncoder().encode(late)
        #expect(String(decoding: json, as: UTF8.self).contains(#""step":"handshakeFailed""#))
    }

    @Test func aPageThatAsksIsToldWhatTheRoomSees() async throws {
        let events = RoomEvents()
        let room = try await SessionRoom(events: events)
        let page = await room.join("Ada")
        page.say(["type": "connections"])
        #expect(await page.wait { $0.steps != nil })
        page.say(["type": "publishOffer", "sdp": try recording("chromium-media")])
        #expect(await page.wait { !$0.answers.isEmpty })
        page.say(["type": "connections"])
        #expect(await page.wait { $0.steps?["publish"] == "unheard" })
        #expect(await page.errors.isEmpty)
        // Whoever watches over rooms is told once for each connection, however often its page asks.
        for _ in 0..<3 { page.say(["type": "connections"]) }
        page.say(["type": "publishOffer", "sdp": "v=0"])
        #expect(await page.wait { !$0.errors.isEmpty })
        await room.end()
        let told = try #require(events.subscribe(after: 0))
        events.finish()
        var steps: [RoomEvent.Value?] = []
        for await case .event(let event) in told.items where event.event.name == .connectionFailed {
            steps.append(event.event.attributes["deskroom.step"])
        }
        #expect(steps == [.text("unheard"), .text("unheard")], "publish, and subscribe")
    }

    private func step(_ change: (inout TransportStatistics) -> Void) -> ConnectionProgress.Step {
        var statistics = TransportStatistics()
        change(&statistics)
        return ConnectionProgress(statistics).step
    }
}
