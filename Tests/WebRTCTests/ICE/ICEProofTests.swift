import Testing
import WebRTC
import Wire

/// Whoever knows the password can send a check in anybody's name: only what comes back from an address proves it.
@Suite struct ICEProofTests {
    private static let peer = ICECredentials(usernameFragment: "peer", password: "password of the peer")
    private var agent = ICELiteAgent(local: ICECheck.local)

    init() { agent.remote = Self.peer }

    @Test mutating func aNewSourceIsAskedForAProofAndThenAnswered() throws {
        let sent = handle(ICECheck(useCandidate: true).bytes, from: .peer(1), at: 0)
        #expect(sent.map(\.destination) == [.peer(1), .peer(1)])
        let (first, second) = (sent[0].bytes, sent[1].bytes)
        let asked = try STUNMessage(parsing: first.span.bytes)
        let answer = try STUNMessage(parsing: second.span.bytes)
        #expect(asked.kind == .request && asked.iceControlled != nil)
        let isAuthentic = asked.isAuthentic(first.span.bytes, password: Self.peer.password)
        #expect(isAuthentic)
        #expect(answer.kind == .successResponse)
        #expect(agent.selectedAddress == nil && agent.state == .new)
        #expect(agent.accepts(.peer(1)) && !agent.isProven(.peer(1)))
        #expect(agent.pollTimeout() == nil)
        #expect(agent.isAnswered(by: asked.transactionID, from: .peer(1)))
        #expect(!agent.isAnswered(by: asked.transactionID, from: .peer(2)))

        _ = handle(try Self.answer(to: sent[0].bytes), from: .peer(1), at: 0.02)
        #expect(events() == [.selectedAddressChanged(.peer(1)), .stateChanged(.connected)])
        #expect(agent.isProven(.peer(1)))
        #expect(agent.pollTimeout() == .seconds(7.02))
        let later = handle(ICECheck().bytes, from: .peer(1), at: 1)
        #expect(later.count == 1, "it is not asked again")
    }

    @Test mutating func nothingElseProvesAnything() throws {
        let asked = handle(ICECheck(useCandidate: true).bytes, from: .peer(1), at: 0)[0].bytes
        _ = handle(try Self.answer(to: asked), from: .peer(2), at: 0.1)
        _ = handle(try Self.answer(to: asked, password: "guess"), from: .peer(1), at: 0.1)
        _ = handle(try Self.answer(to: asked, password: ICECheck.local.password), from: .peer(1), at: 0.1)
        _ = handle(try Self.answer(to: asked, changesID: true), from: .peer(1), at: 0.1)
        _ = handle(ICECheck(useCandidate: true).bytes, from: .peer(1), at: 0.2)
        agent.handleProof(of: .peer(2), now: .seconds(0.3))
        #expect(agent.selectedAddress == nil && !agent.isProven(.peer(1)) && !agent.isProven(.peer(2)))
        #expect(events().isEmpty)
        #expect(agent.rejectedMessages == 4)
    }

    @Test mutating func aNominationWithoutProofMovesNothing() throws {
        try prove(.peer(1), at: 0)
        for step in 0..<100 {
            _ = handle(ICECheck(useCandidate: true).bytes, from: .peer(9), at: 1 + Double(step) / 10)
            _ = handle(ICECheck(useCandidate: true).bytes, from: .peer(1), at: 1 + Double(step) / 10)
        }
        #expect(agent.selectedAddress == .peer(1))
        #expect(agent.state == .connected)
    }

    /// The checks of somebody else's address are no sign of life.
    @Test mutating func aCheckWithoutProofKeepsNoConsentAlive() throws {
        try prove(.peer(1), at: 0)
        _ = handle(ICECheck(useCandidate: true).bytes, from: .peer(9), at: 6)
        #expect(agent.pollTimeout() == .seconds(7))
        agent.handleTimeout(now: .seconds(30))
        #expect(agent.state == .failed && !agent.accepts(.peer(9)))
    }

    @Test mutating func aNominatedSourceIsSelectedWhenItHasProvedItself() throws {
        let first = handle(ICECheck().bytes, from: .peer(1), at: 0)[0].bytes
        let second = handle(ICECheck(useCandidate: true).bytes, from: .peer(2), at: 0.01)[0].bytes
        _ = handle(try Self.answer(to: first), from: .peer(1), at: 0.02)
        #expect(agent.selectedAddress == .peer(1), "better than none")
        _ = handle(try Self.answer(to: second), from: .peer(2), at: 0.03)
        #expect(agent.selectedAddress == .peer(2))
    }

    @Test mutating func aSilentSelectionIsLeftOnceAnotherSourceHasProvedItself() throws {
        try prove(.peer(1), at: 0)
        let asked = handle(ICECheck().bytes, from: .peer(2), at: 4)[0].bytes
        #expect(agent.selectedAddress == .peer(1))
        _ = handle(try Self.answer(to: asked), from: .peer(2), at: 4.02)
        #expect(agent.selectedAddress == .peer(2))
    }

    /// In bytes, whatever the lengths of names.
    @Test(arguments: [4, 30, 200, 256], [0, 1, 40])
    mutating func anAddressGetsThreeTimesWhatCameFromIt(name: Int, checks: Int) {
        agent.remote = ICECredentials(
            usernameFragment: String(repeating: "n", count: name),
            password: Self.peer.password
        )
        let check = ICECheck(useCandidate: true).bytes
        var (received, sent, answers) = (0, 0, 0)
        for step in 0..<checks {
            received += check.count
            for datagram in handle(check, from: .peer(9), at: Double(step)) {
                sent += datagram.bytes.count
                let bytes = datagram.bytes
                let message = try? STUNMessage(parsing: bytes.span.bytes)
                if message?.kind == .successResponse { answers += 1 }
            }
            #expect(sent <= 3 * received)
        }
        #expect(answers == checks, "the answer always goes")
        #expect(agent.allows(3 * received - sent, to: .peer(9)) == (checks > 0))
        #expect(!agent.allows(3 * received - sent + 1, to: .peer(9)))
        agent.noteReceived(10, from: .peer(9))
        #expect(agent.allows(3 * (received + 10) - sent, to: .peer(9)) == (checks > 0))
    }

    @Test mutating func whatSomethingElseHasProvedCounts() {
        agent.remote = nil
        let sent = handle(ICECheck(useCandidate: true).bytes, from: .peer(1), at: 0)
        #expect(sent.count == 1)
        #expect(agent.selectedAddress == nil)
        agent.handleProof(of: .peer(1), now: .seconds(0.1))
        #expect(events() == [.selectedAddressChanged(.peer(1)), .stateChanged(.connected)])
        #expect(agent.allows(1 << 30, to: .peer(1)))
    }

    /// The check may come before signalling has told of the peer.
    @Test mutating func aSourceThatWaitsIsAskedWhenThePeerIsKnown() throws {
        agent.remote = nil
        _ = handle(ICECheck().bytes, from: .peer(1), at: 0)
        agent.remote = Self.peer
        var queue = TransmitQueue(capacity: 4)
        agent.checkUnproven(into: &queue)
        let asked = Self.sent(queue)
        #expect(asked.map(\.destination) == [.peer(1)])
        _ = handle(try Self.answer(to: asked[0].bytes), from: .peer(1), at: 0.1)
        #expect(agent.selectedAddress == .peer(1))
    }

    @Test mutating func sourcesWithoutProofMakeRoomFirst() throws {
        try prove(.peer(0), at: 0)
        try prove(.peer(1), at: 0.1)
        for number in 2...100 as ClosedRange<UInt16> {
            _ = handle(ICECheck().bytes, from: .peer(number), at: 1 + Double(number) / 1_000)
        }
        #expect(agent.isProven(.peer(0)) && agent.isProven(.peer(1)))
        #expect((0...100 as ClosedRange<UInt16>).count { agent.accepts(.peer($0)) } == 8)
    }

    // MARK: Help

    private struct Sent {
        var bytes: [UInt8]
        var destination: SocketAddress
    }

    private mutating func prove(_ source: SocketAddress, at seconds: Double) throws {
        let sent = handle(ICECheck(useCandidate: true).bytes, from: source, at: seconds)
        _ = handle(try Self.answer(to: sent[0].bytes), from: source, at: seconds)
        _ = events()
    }

    private mutating func handle(_ bytes: [UInt8], from source: SocketAddress, at seconds: Double) -> [Sent] {
        var queue = TransmitQueue(capacity: 4)
        agent.handle(bytes.span.bytes, from: source, now: .seconds(seconds), into: &queue)
        return Self.sent(queue)
    }

    private static func sent(_ queue: borrowing TransmitQueue) -> [Sent] {
        queue.datagrams.indices.map { index in
            Sent(
                bytes: queue.withBytes(at: index) { bytes in bytes.withUnsafeBytes { Array($0) } },
                destination: queue.datagrams[index].destination
            )
        }
    }

    private static func answer(
        to check: [UInt8],
        password: String = peer.password,
        changesID: Bool = false
    ) throws -> [UInt8] {
        var id = try STUNMessage(parsing: check.span.bytes).transactionID
        if changesID { id.low ^= 1 }
        var queue = TransmitQueue(capacity: 1)
        queue.append(to: .peer(0)) { [id] out in
            out.appendSTUNHeader(.successResponse, id)
            out.appendSTUNXORMappedAddress(ICESimulation.server, id)
            out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: password) }
            out.appendSTUNFingerprint()
        }
        return queue.withBytes(at: 0) { message in message.withUnsafeBytes { Array($0) } }
    }

    private mutating func events() -> [ICELiteAgent.Event] {
        var events: [ICELiteAgent.Event] = []
        while let event = agent.pollEvent() { events.append(event) }
        return events
    }
}
