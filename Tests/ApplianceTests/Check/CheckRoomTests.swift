import Access
import Appliance
import Testing
import Wire

/// The test page's connections, in a real session.
@Suite struct CheckRoomTests {
    private let share = NetworkShare(SocketAddress(ipv4: 0xc000_0207, port: 1))

    @Test func anOfferOfDataChannelsIsAnsweredAndNobodyIsInTheRoomForIt() async throws {
        let room = try await SessionRoom()
        let checks = try #require(await room.session.checks)
        let answer = try await checks.open(recording("chromium-media"), showing: nil, from: share)
        #expect(answer.sdp.contains("a=candidate"))
        #expect(answer.iceServers == nil)
        #expect(await checks.count == 1)
        #expect(await room.session.people.isEmpty)
        #expect(await room.session.ownedTransports == 0)
        await room.end()
    }

    @Test func relaysAreToldWithANameThatIsNobodysAndSoonExpires() async throws {
        var configuration = Configuration()
        configuration.turn.urls = ["turn:turn.example:3478"]
        configuration.turn.secret = "north"
        configuration.turn.isOnly = true
        let room = try await SessionRoom(configuration)
        let checks = try #require(await room.session.checks)
        let answer = try await checks.open(recording("chromium-media"), showing: nil, from: share)
        let servers = try #require(answer.iceServers)
        #expect(servers.only)
        #expect(servers.servers.map(\.urls) == [configuration.turn.urls])
        #expect(servers.servers.first?.username == "\(answer.now / 1_000 + 300):0")
        #expect(servers.servers.first?.credential.isEmpty == false)
        await room.end()
    }

    @Test func whatIsNoOfferIsRefusedAndCostsNothing() async throws {
        let room = try await SessionRoom()
        let checks = try #require(await room.session.checks)
        for _ in 0..<6 {
            await #expect(throws: APIProblem.self) {
                _ = try await checks.open("v=0\r\n", showing: nil, from: share)
            }
        }
        #expect(await checks.count == 0)
        _ = try await checks.open(recording("chromium-media"), showing: nil, from: share)
        await room.end()
    }

    @Test func theFifthFromOneAddressHasToWait() async throws {
        let room = try await SessionRoom()
        let checks = try #require(await room.session.checks)
        for _ in 0..<4 { _ = try await checks.open(recording("chromium-media"), showing: nil, from: share) }
        let offer = try recording("chromium-media")
        do throws(APIProblem) {
            _ = try await checks.open(offer, showing: nil, from: share)
            Issue.record("it was let in")
        } catch {
            #expect(error.retryAfter != nil)
        }
        await room.end()
    }

    @Test func withoutThePageThereIsNothingToTestBy() async throws {
        var configuration = Configuration()
        configuration.check.isOn = false
        let room = try await SessionRoom(configuration)
        #expect(await room.session.checks == nil)
        await room.end()
    }
}
