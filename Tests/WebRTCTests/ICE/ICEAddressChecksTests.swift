import Participant
import Testing
import WebRTC
import Wire

/// What a lite agent does about packets from an address that no check has come from.
@Suite struct ICEAddressChecksTests {
    private static let peer = ICECredentials(usernameFragment: "peer", password: "password of the peer")
    private var agent: ICELiteAgent

    /// Connected to `peer(1)`.
    init() {
        agent = ICELiteAgent(local: ICECheck.local)
        agent.remote = Self.peer
        _ = Self.handle(ICECheck(useCandidate: true).bytes, in: &agent, from: .peer(1), at: 0)
        while agent.pollEvent() != nil {}
    }

    @Test mutating func theCheckIsOneThatAFullAgentAnswers() throws {
        let sent = check(.peer(2), at: 1)
        #expect(sent.map(\.destination) == [.peer(2)])
        let bytes = try #require(sent.first).bytes
        let message = try STUNMessage(parsing: bytes.span.bytes)
        #expect(message.kind == .request && message.method == STUNMessage.binding)
        let username = try #require(message.username)
        #expect(String(decoding: bytes[username], as: UTF8.self) == "peer:room")
        #expect(message.iceControlled != nil && message.iceControlling == nil)
        #expect(message.priority == 1_862_270_975, "of a peer-reflexive candidate")
        #expect(message.hasFingerprint)
        let isAuthentic = message.isAuthentic(bytes.span.bytes, password: Self.peer.password)
        #expect(isAuthentic)
        #expect(agent.isChecking(.peer(2)))
        #expect(agent.selectedAddress == .peer(1) && !agent.accepts(.peer(2)))
    }

    @Test mutating func theAnswerFromThereSelectsTheAddress() throws {
        let answer = try Answer().bytes(to: check(.peer(2), at: 1))
        let answers = Self.handle(answer, in: &agent, from: .peer(2), at: 1.1)
        #expect(answers.isEmpty)
        let events = [agent.pollEvent(), agent.pollEvent()]
        #expect(events == [.selectedAddressChanged(.peer(2)), nil])
        #expect(agent.accepts(.peer(2)))
        #expect(agent.pollTimeout() == .seconds(8.1))
        #expect(!agent.isChecking(.peer(2)))
        #expect(agent.rejectedMessages == 0)
    }

    @Test(arguments: [
        Answer(password: "guess"), Answer(password: nil), Answer(changesID: true), Answer(source: .peer(3)),
        Answer(source: .peer(1)), Answer(kind: .errorResponse), Answer(mapsAddress: false),
        Answer(hasFingerprint: false),
    ])
    mutating func noOtherAnswerMovesAnything(answer: Answer) throws {
        let bytes = try answer.bytes(to: check(.peer(2), at: 1))
        _ = Self.handle(bytes, in: &agent, from: answer.source, at: 1.1)
        let event = agent.pollEvent()
        #expect(event == nil)
        #expect(agent.selectedAddress == .peer(1))
        #expect(agent.accepts(answer.source) == (answer.source == .peer(1)))
        #expect(agent.rejectedMessages == 1)
    }

    @Test mutating func anAnswerThatWasTakenIsNotTakenAgain() throws {
        let answer = try Answer().bytes(to: check(.peer(2), at: 1))
        _ = Self.handle(answer, in: &agent, from: .peer(2), at: 1.1)
        _ = Self.handle(ICECheck(useCandidate: true).bytes, in: &agent, from: .peer(1), at: 1.2)
        _ = Self.handle(answer, in: &agent, from: .peer(2), at: 1.3)
        #expect(agent.selectedAddress == .peer(1))
        #expect(agent.rejectedMessages == 1)
    }

    /// Of as many packets a second as a camera sends.
    @Test mutating func anAddressIsCheckedMoreAndMoreSlowlyAndThenAnew() throws {
        var sent: [(at: Int, id: STUNTransactionID)] = []
        for step in 0..<800 {
            for one in check(.peer(2), at: 1 + Double(step) / 100) {
                sent.append((step * 10, try STUNMessage(parsing: one.bytes.span.bytes).transactionID))
            }
        }
        #expect(sent.map(\.at) == [0, 100, 300, 700, 1_500, 3_100, 5_000, 5_100, 5_300, 5_700, 6_500])
        #expect(Set(sent.prefix(6).map(\.id)).count == 1)
        #expect(Set(sent.map(\.id)).count == 2)
        #expect(agent.sentChecks == 11)
    }

    @Test mutating func manyAddressesAreCheckedNoOftenerThanOne() throws {
        var sent = 0
        for step in 0..<1_000 {
            sent += check(.peer(UInt16(2 + step)), at: 1 + Double(step) / 1_000).count
        }
        #expect(sent == 10)
        #expect((2..<1_002 as Range<UInt16>).count { agent.isChecking(.peer($0)) } == 4)
    }

    @Test mutating func thereIsNoCheckWithoutWhatItNeeds() {
        #expect(check(.peer(1), at: 1).isEmpty, "the address is known")
        #expect(Self.check(.peer(2), in: &agent, receiving: 20, at: 1).isEmpty, "so little asks for less")
        var other = ICELiteAgent(local: ICECheck.local)
        other.remote = Self.peer
        #expect(Self.check(.peer(2), in: &other, at: 1).isEmpty, "nothing is selected")
        _ = Self.handle(ICECheck().bytes, in: &other, from: .peer(1), at: 1)
        other.remote = nil
        #expect(Self.check(.peer(2), in: &other, at: 2).isEmpty, "the peer's password is not known")
        other.remote = ICECredentials(
            usernameFragment: String(repeating: "x", count: 257),
            password: "password"
        )
        #expect(Self.check(.peer(2), in: &other, at: 3).isEmpty, "the name does not fit")
        other.remote = Self.peer
        #expect(Self.check(.peer(2), in: &other, at: 4).count == 1)
        other.restart(ICECredentials(usernameFragment: "newroom", password: "another password"))
        #expect(!other.isChecking(.peer(2)))
        #expect(Self.check(.peer(2), in: &other, at: 5).isEmpty, "the peer may not know the new name")
        other.handleTimeout(now: .seconds(40))
        #expect(other.state == .failed)
        #expect(Self.check(.peer(2), in: &other, at: 41).isEmpty, "consent has expired")
        #expect(other.sentChecks == 1)
    }

    @Test mutating func newCredentialsOfThePeerEndAChecksValidity() throws {
        let answer = try Answer().bytes(to: check(.peer(2), at: 1))
        agent.remote = ICECredentials(usernameFragment: "newpeer", password: "another password")
        _ = Self.handle(answer, in: &agent, from: .peer(2), at: 1.1)
        #expect(agent.selectedAddress == .peer(1))
    }

    // MARK: The whole of it

    /// With a controlling agent that knows nothing of the router.
    @Test func aNewMappingIsFollowedWithinARoundTripOfTheNextPacket() {
        let simulation = ICESimulation()
        simulation.agent.remote = ICESimulation.clientCredentials
        simulation.start()
        simulation.run(for: .milliseconds(500))
        simulation.clientAddress = .peer(2)
        simulation.hearFromClient()
        simulation.run(for: ICESimulation.latency * 2)
        #expect(simulation.agent.selectedAddress == .peer(2))
        #expect(simulation.client.rejectedMessages == 0)
    }

    // MARK: Help

    /// A response, as the peer gives it or somebody hostile.
    struct Answer: Sendable {
        var password: String? = ICEAddressChecksTests.peer.password
        var changesID = false
        var source = SocketAddress.peer(2)
        var kind = STUNMessage.Class.successResponse
        var mapsAddress = true
        var hasFingerprint = true

        func bytes(to sent: [Sent]) throws -> [UInt8] {
            let check = try #require(sent.first)
            var id = try STUNMessage(parsing: check.bytes.span.bytes).transactionID
            if changesID { id.low ^= 1 }
            var queue = TransmitQueue(capacity: 1)
            queue.append(to: source) { out in
                out.appendSTUNHeader(kind, id)
                if kind == .errorResponse { out.appendSTUNErrorCode(487) }
                if mapsAddress { out.appendSTUNXORMappedAddress(ICESimulation.server, id) }
                if let password {
                    out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: password) }
                }
                if hasFingerprint { out.appendSTUNFingerprint() }
            }
            return queue.withBytes(at: 0) { message in message.withUnsafeBytes { Array($0) } }
        }
    }

    struct Sent {
        var bytes: [UInt8]
        var destination: SocketAddress
    }

    private mutating func check(_ address: SocketAddress, at seconds: Double) -> [Sent] {
        Self.check(address, in: &agent, at: seconds)
    }

    private static func check(
        _ address: SocketAddress,
        in agent: inout ICELiteAgent,
        receiving bytes: Int = 60,
        at seconds: Double
    ) -> [Sent] {
        var queue = TransmitQueue(capacity: 4)
        agent.checkAddress(address, receiving: bytes, now: .seconds(seconds), into: &queue)
        return sent(queue)
    }

    private static func handle(
        _ bytes: [UInt8],
        in agent: inout ICELiteAgent,
        from source: SocketAddress,
        at seconds: Double
    ) -> [Sent] {
        var queue = TransmitQueue(capacity: 4)
        agent.handle(bytes.span.bytes, from: source, now: .seconds(seconds), into: &queue)
        agent.handleProof(of: source, now: .seconds(seconds))
        return sent(queue)
    }

    private static func sent(_ queue: borrowing TransmitQueue) -> [Sent] {
        queue.datagrams.indices.map { index in
            Sent(
                bytes: queue.withBytes(at: index) { bytes in bytes.withUnsafeBytes { Array($0) } },
                destination: queue.datagrams[index].destination
            )
        }
    }
}
