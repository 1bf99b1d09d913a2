import Testing
import WebRTC
import Wire

/// Paths that are TCP connections: they end, and the agent is told.
@Suite struct ICEConnectionTests {
    private var agent = ICELiteAgent(local: ICECheck.local)

    @Test mutating func anotherPathThatIsKnownTakesOverAtOnce() {
        check(.connection(1), at: 0, useCandidate: true)
        check(.peer(2), at: 1)
        #expect(agent.selectedAddress == .connection(1))
        agent.handleClosed(.connection(1))
        #expect(agent.selectedAddress == .peer(2))
        #expect(agent.state == .connected)
        #expect(!agent.accepts(.connection(1)) && !agent.isProven(.connection(1)))
    }

    @Test mutating func withoutAnotherPathTheNextThatProvesItselfIsSelected() {
        check(.connection(1), at: 0, useCandidate: true)
        agent.handleClosed(.connection(1))
        #expect(agent.state == .disconnected)
        check(.connection(2), at: 0.5)
        #expect(agent.selectedAddress == .connection(2))
        #expect(agent.state == .connected)
    }

    @Test mutating func aPathThatIsNotSelectedIsOnlyForgotten() {
        check(.peer(1), at: 0, useCandidate: true)
        check(.connection(2), at: 0)
        agent.handleClosed(.connection(2))
        #expect(agent.selectedAddress == .peer(1))
        #expect(agent.state == .connected)
        #expect(!agent.accepts(.connection(2)))
    }

    @Test mutating func aPeerThatNeverComesBackHasFailedInTheEnd() {
        check(.connection(1), at: 0, useCandidate: true)
        agent.handleClosed(.connection(1))
        #expect(agent.pollTimeout() == .seconds(30))
        agent.handleTimeout(now: .seconds(30))
        #expect(agent.state == .failed)
    }

    @Test mutating func oneAddressOverUDPAndOverTCPAreTwoPaths() {
        var connection = SocketAddress.peer(1)
        connection.connection = 7
        check(.peer(1), at: 0)
        #expect(agent.isProven(.peer(1)) && !agent.isProven(connection))
        #expect(connection.connection == 7 && SocketAddress.peer(1).connection == nil)
    }

    private mutating func check(_ source: SocketAddress, at seconds: Double, useCandidate: Bool = false) {
        var queue = TransmitQueue(capacity: 4)
        let bytes = ICECheck(useCandidate: useCandidate).bytes
        agent.handle(bytes.span.bytes, from: source, now: .seconds(seconds), into: &queue)
        agent.handleProof(of: source, now: .seconds(seconds))
    }
}

extension SocketAddress {
    /// The far end of a connection.
    fileprivate static func connection(_ number: UInt16) -> Self {
        var address = peer(number)
        address.connection = number
        return address
    }
}
