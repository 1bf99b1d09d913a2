import Participant
import Testing
import WebRTC
import Wire

@Suite struct ICEControllingAgentTests {
    @Test func bothAgentsConnectWithinARoundTrip() {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 1)
        #expect(simulation.clientEvents == [.checking, .connected])
        #expect(
            simulation.agentEvents == [.selectedAddressChanged(.peer(1)), .stateChanged(.connected)]
        )
        #expect(simulation.client.mappedAddress == .peer(1))
        #expect(simulation.sent.count == 1)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func bothAgentsConnectInSpiteOfHeavyLoss(seed: UInt64) {
        let simulation = ICESimulation(seed: seed, loss: 0.3)
        simulation.start()
        simulation.run(seconds: 10)
        #expect(simulation.client.state == .connected)
        #expect(simulation.agent.selectedAddress == .peer(1))
        simulation.loss = 0
        simulation.run(seconds: 60)
        #expect(simulation.client.state == .connected)
        #expect(simulation.agent.state == .connected)
    }

    @Test func aCheckThatIsNotAnsweredIsSentAgainMoreAndMoreSlowlyUntilItFails() throws {
        let simulation = ICESimulation(loss: 1)
        simulation.start()
        simulation.run(seconds: 100)
        let pauses = zip(simulation.sent.dropFirst(), simulation.sent).map { ($0 - $1).milliseconds }
        #expect(pauses.prefix(8) == [50, 100, 200, 400, 800, 1_600, 1_600, 1_600])
        #expect(pauses.max() == 1_600)
        #expect(simulation.clientEvents == [.checking, .failed])
        #expect(simulation.client.pollTimeout() == nil)
        // Consent would have expired after 30 s.
        let last = try #require(simulation.sent.last)
        #expect((28_000..<30_000).contains((last - simulation.sent[0]).milliseconds))
    }

    @Test func consentIsAskedForEveryFourToSixSeconds() {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 600)
        let pauses = zip(simulation.sent.dropFirst(), simulation.sent).map { ($0 - $1).milliseconds }
        #expect((100...150).contains(pauses.count))
        #expect(pauses.allSatisfy { (4_000...6_040).contains($0) })
        #expect(Set(pauses).count > 50)
        #expect(simulation.clientEvents == [.checking, .connected])
        #expect(simulation.agentEvents.count == 2)
    }

    @Test func bothAgentsNoticeThatTheNetworkIsGoneAndThatItIsBack() {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 20)
        simulation.loss = 1
        simulation.run(seconds: 15)
        #expect(simulation.client.state == .disconnected)
        #expect(simulation.agent.state == .disconnected)
        simulation.loss = 0
        simulation.run(seconds: 2)
        #expect(simulation.clientEvents == [.checking, .connected, .disconnected, .connected])
        #expect(simulation.agent.state == .connected)
    }

    @Test func consentExpiresOnBothSides() {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 20)
        simulation.loss = 1
        simulation.run(seconds: 31)
        #expect(simulation.client.state == .failed)
        #expect(simulation.agent.state == .failed)
        let sent = simulation.sent.count
        simulation.loss = 0
        simulation.run(seconds: 100)
        #expect(simulation.sent.count == sent)
        #expect(simulation.agent.state == .failed)
    }

    @Test func aNewMappingOfTheNATIsFollowedAtTheNextCheck() {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 20)
        simulation.clientAddress = .peer(2)
        simulation.run(seconds: 7)
        #expect(simulation.agent.selectedAddress == .peer(2))
        #expect(simulation.client.mappedAddress == .peer(2))
        #expect(simulation.clientEvents == [.checking, .connected])
    }

    @Test(arguments: [0, 0.3])
    func aChangeOfPathIsFollowedAtOnceOrWhenACheckGetsThrough(loss: Double) {
        let simulation = ICESimulation(seed: 5)
        simulation.start()
        simulation.run(seconds: 20)
        simulation.loss = loss
        simulation.changePath(to: .peer(2))
        simulation.run(seconds: loss == 0 ? 1 : 6)
        #expect(simulation.agent.selectedAddress == .peer(2))
        #expect(simulation.client.mappedAddress == .peer(2))
        #expect(simulation.agent.accepts(.peer(1)))
    }

    @Test func aRestartKeepsTheConnection() {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 10)
        let renewed = ICECredentials(usernameFragment: "newroom", password: "another password")
        simulation.agent.restart(renewed)
        // The answer of signalling takes its time; consent goes on meanwhile.
        simulation.run(seconds: 12)
        simulation.restartClient(local: .random(), remote: renewed)
        simulation.run(seconds: 12)
        #expect(simulation.clientEvents == [.checking, .connected])
        #expect(simulation.agentEvents.count == 2)
        #expect(simulation.agent.answers(to: "room") == false)
        #expect(simulation.agent.state == .connected)
    }

    @Test func aRestartThatIsEarlyIsRefusedUntilThePeerKnowsIt() {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 10)
        let renewed = ICECredentials(usernameFragment: "newroom", password: "another password")
        simulation.restartClient(local: .random(), remote: renewed)
        simulation.run(seconds: 1)
        #expect(simulation.client.rejectedMessages > 0)
        simulation.agent.restart(renewed)
        simulation.run(seconds: 3)
        #expect(simulation.clientEvents == [.checking, .connected])
        #expect(simulation.agent.answers(to: "room") == false)
    }

    @Test func aRestartRevivesBothAfterFailure() {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 10)
        simulation.loss = 1
        simulation.run(seconds: 40)
        simulation.loss = 0
        let renewed = ICECredentials(usernameFragment: "newroom", password: "another password")
        simulation.agent.restart(renewed)
        simulation.restartClient(local: .random(), remote: renewed)
        simulation.run(seconds: 1)
        #expect(simulation.client.state == .connected)
        #expect(simulation.agent.state == .connected)
        #expect(simulation.agent.selectedAddress == .peer(1))
    }

    @Test func theWrongPasswordNeverConnects() {
        var remote = ICECheck.local
        remote.password += "?"
        let simulation = ICESimulation(remote: remote)
        simulation.start()
        simulation.run(seconds: 60)
        #expect(simulation.clientEvents == [.checking, .failed])
        #expect(simulation.agentEvents.isEmpty)
        #expect(simulation.agent.state == .new)
        #expect(simulation.agent.accepts(.peer(1)) == false)
        #expect(simulation.agent.rejectedMessages == simulation.sent.count)
    }

    @Test func credentialsThatFitInNoCheckFail() {
        let long = ICECredentials(
            usernameFragment: String(repeating: "a", count: 2_000),
            password: "password"
        )
        let simulation = ICESimulation(remote: long)
        simulation.start()
        #expect(simulation.client.state == .failed)
        #expect(simulation.sent.isEmpty)
    }

    @Test(arguments: [
        // From somebody who saw the check but has no password, or from elsewhere.
        (Self.Forgery(password: "guess"), ICEState.checking),
        (Self.Forgery(password: nil), .checking),
        (Self.Forgery(password: nil, errorCode: 487), .checking),
        (Self.Forgery(source: .peer(9)), .checking),
        (Self.Forgery(changesID: true), .checking),
        // From the peer.
        (Self.Forgery(), .connected),
        (Self.Forgery(errorCode: 487), .failed),
    ])
    func onlyThePeerAnswersACheck(forgery: Forgery, state: ICEState) throws {
        var agent = ICEControllingAgent(
            local: ICESimulation.clientCredentials,
            remote: ICECheck.local,
            remoteAddress: ICESimulation.server,
            tieBreaker: 1,
            seed: 1
        )
        var queue = TransmitQueue(capacity: 2)
        agent.start(now: .seconds(0), into: &queue)
        let id = try queue.withBytes(at: 0) { check in try STUNMessage(parsing: check).transactionID }
        queue.removeAll()
        queue.append(to: .peer(1)) { forgery.write(answering: id, into: &$0) }
        var answers = TransmitQueue(capacity: 2)
        queue.withBytes(at: 0) {
            agent.handle($0, from: forgery.source, now: .seconds(0.01), into: &answers)
        }
        let answered = answers.count
        #expect(answered == 0)
        #expect(agent.state == state)
        #expect(agent.rejectedMessages == (state == .checking ? 1 : 0))
    }

    private static let password = ICESimulation.clientCredentials.password

    /// Of a lite agent that wants to know whether this one has moved, or of somebody else.
    @Test(arguments: [
        (ICECheck(fragment: "peer", password: Self.password, isControlled: true), true),
        (ICECheck(fragment: "peer", password: Self.password), false),
        (ICECheck(fragment: "peer", password: "guess", isControlled: true), false),
        (ICECheck(fragment: "pee", password: Self.password, isControlled: true), false),
        (ICECheck(fragment: "peer", password: nil, isControlled: true), false),
    ])
    func aCheckOfThePeersIsAnswered(check: ICECheck, isAnswered: Bool) throws {
        let simulation = ICESimulation()
        simulation.start()
        simulation.run(seconds: 1)
        var queue = TransmitQueue(capacity: 2)
        let check = check.bytes
        simulation.client.handle(check.span.bytes, from: .peer(9), now: simulation.now, into: &queue)
        let toOthers = queue.count
        #expect(toOthers == 0, "from elsewhere")
        simulation.client.handle(
            check.span.bytes,
            from: ICESimulation.server,
            now: simulation.now,
            into: &queue
        )
        let destinations = queue.datagrams.map(\.destination)
        #expect(destinations == (isAnswered ? [ICESimulation.server] : []))
        #expect(simulation.client.rejectedMessages == (isAnswered ? 1 : 2))
        guard isAnswered else { return }
        try queue.withBytes(at: 0) { bytes in
            let response = try STUNMessage(parsing: bytes)
            #expect(response.kind == .successResponse && response.transactionID == ICECheck.id)
            #expect(response.mappedAddress == ICESimulation.server)
            let isAuthentic = response.isAuthentic(bytes, password: Self.password)
            #expect(isAuthentic)
        }
    }

    struct Forgery: Sendable {
        var password: String? = ICECheck.local.password
        var source = ICESimulation.server
        var errorCode: UInt16?
        var changesID = false

        func write(answering id: STUNTransactionID, into out: inout OutputRawSpan) {
            var id = id
            if changesID { id.low ^= 1 }
            out.appendSTUNHeader(errorCode == nil ? .successResponse : .errorResponse, id)
            if let errorCode { out.appendSTUNErrorCode(errorCode) }
            out.appendSTUNXORMappedAddress(.peer(1), id)
            if let password {
                out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: password) }
            }
            out.appendSTUNFingerprint()
        }
    }
}
