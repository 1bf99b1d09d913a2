import Testing
import WebRTC
import Wire

@Suite struct ICELiteAgentTests {
    private var agent = ICELiteAgent(local: ICECheck.local)

    // MARK: Answers

    @Test mutating func aValidCheckIsAnsweredWithTheSourceItCameFrom() throws {
        let responses = handle(ICECheck(), from: .peer(1), at: 0)
        #expect(responses.map(\.destination) == [.peer(1)])
        let response = try #require(responses.first)
        #expect(response.message.kind == .successResponse)
        #expect(response.message.transactionID == ICECheck.id)
        #expect(response.message.mappedAddress == .peer(1))
        #expect(response.message.hasFingerprint)
        #expect(response.isAuthentic(password: ICECheck.local.password))
        #expect(events() == [.selectedAddressChanged(.peer(1)), .stateChanged(.connected)])
        #expect(agent.selectedAddress == .peer(1))
        #expect(agent.accepts(.peer(1)))
        #expect(agent.rejectedMessages == 0)
    }

    @Test(
        arguments: [
            (ICECheck(fragment: nil), 400, false),
            (ICECheck(password: nil), 400, false),
            (ICECheck(fragment: "rooms"), 401, false),
            (ICECheck(fragment: "roo"), 401, false),
            (ICECheck(fragment: ""), 401, false),
            (ICECheck(password: "password of the rooms"), 401, false),
            (ICECheck(password: "", useCandidate: true), 401, false),
            (ICECheck(isControlled: true), 487, true),
            (ICECheck(useCandidate: true, unknownAttribute: 0x7f01), 420, true),
        ] as [(ICECheck, UInt16, Bool)]
    )
    mutating func aCheckThatIsRefusedChangesNothing(check: ICECheck, code: UInt16, isProtected: Bool) throws {
        let responses = handle(check, from: .peer(1), at: 0)
        let response = try #require(responses.first)
        #expect(responses.count == 1)
        #expect(response.destination == .peer(1))
        #expect(response.message.kind == .errorResponse)
        #expect(response.message.errorCode == code)
        #expect(response.message.transactionID == ICECheck.id)
        #expect(response.message.hasFingerprint)
        #expect(response.isAuthentic(password: ICECheck.local.password) == isProtected)
        expectNothingHappened()
        #expect(agent.rejectedMessages == 1)
    }

    @Test func theAttributesThatWereNotUnderstoodAreNamed() throws {
        var agent = agent
        let response = try #require(
            Self.handle(ICECheck(unknownAttribute: 0x7f01), in: &agent, from: .peer(1), at: 0).first
        )
        #expect(response.bytes[28..<36] == [0x00, 0x0a, 0x00, 0x02, 0x7f, 0x01, 0x00, 0x00])
    }

    @Test(arguments: [
        ICECheck(hasFingerprint: false), ICECheck(method: 0x003), ICECheck(kind: .successResponse),
        ICECheck(kind: .errorResponse),
    ])
    mutating func whatIsNoCheckIsCountedAndNotAnswered(check: ICECheck) {
        #expect(handle(check, from: .peer(1), at: 0).isEmpty)
        expectNothingHappened()
        #expect(agent.rejectedMessages == 1)
    }

    @Test mutating func aKeepaliveIsIgnored() {
        #expect(handle(ICECheck(kind: .indication), from: .peer(1), at: 0).isEmpty)
        expectNothingHappened()
        #expect(agent.rejectedMessages == 0)
    }

    @Test mutating func anAttributeThatMayBeIgnoredIs() {
        _ = handle(ICECheck(unknownAttribute: 0xff01), from: .peer(1), at: 0)
        #expect(agent.state == .connected)
    }

    @Test mutating func everyTruncationAndChangedBitOfACheckChangesNothing() {
        let check = ICECheck(useCandidate: true).bytes
        for count in check.indices { _ = handle(Array(check[..<count]), from: .peer(1), at: 0) }
        for bit in 0..<(8 * check.count) {
            var changed = check
            changed[bit / 8] ^= 1 << (bit % 8)
            _ = handle(changed, from: .peer(1), at: 0)
        }
        expectNothingHappened()
        #expect(agent.rejectedMessages == 9 * check.count)
    }

    // MARK: Selection

    @Test mutating func theFirstValidCheckIsSelectedUntilANominationMovesIt() {
        _ = handle(ICECheck(), from: .peer(1), at: 0)
        _ = handle(ICECheck(), from: .peer(2), at: 0.1)
        #expect(agent.selectedAddress == .peer(1))
        _ = handle(ICECheck(useCandidate: true), from: .peer(2), at: 0.2)
        #expect(agent.selectedAddress == .peer(2))
        _ = handle(ICECheck(), from: .peer(1), at: 0.3)
        #expect(agent.selectedAddress == .peer(2))
        _ = handle(ICECheck(useCandidate: true), from: .peer(1), at: 0.4)
        #expect(agent.selectedAddress == .peer(1))
        #expect(agent.accepts(.peer(2)))
    }

    @Test mutating func aCheckFromElsewhereMovesASelectionThatHasGoneSilent() {
        _ = handle(ICECheck(useCandidate: true), from: .peer(1), at: 0)
        _ = handle(ICECheck(), from: .peer(2), at: 2.9)
        #expect(agent.selectedAddress == .peer(1))
        _ = handle(ICECheck(), from: .peer(2), at: 3)
        #expect(agent.selectedAddress == .peer(2))
        #expect(events() == [.selectedAddressChanged(.peer(2)), .stateChanged(.connected)])
    }

    @Test mutating func onlyAFewSourcesAreRememberedAndTheSelectedOneAlways() {
        _ = handle(ICECheck(useCandidate: true), from: .peer(0), at: 0)
        for number in 1...100 as ClosedRange<UInt16> {
            _ = handle(ICECheck(), from: .peer(number), at: Double(number) / 1_000)
        }
        #expect(agent.selectedAddress == .peer(0))
        let accepted = (0...100 as ClosedRange<UInt16>).filter { agent.accepts(.peer($0)) }
        #expect(accepted == [0, 94, 95, 96, 97, 98, 99, 100])
    }

    @Test mutating func aSourceThatHasBeenSilentForLongIsForgotten() {
        _ = handle(ICECheck(useCandidate: true), from: .peer(1), at: 0)
        for second in stride(from: 0.0, through: 32, by: 2) {
            _ = handle(ICECheck(useCandidate: true), from: .peer(2), at: second)
        }
        _ = handle(ICECheck(), from: .peer(3), at: 32)
        #expect(agent.accepts(.peer(1)) == false)
        #expect(agent.accepts(.peer(2)))
        #expect(agent.accepts(.peer(3)))
    }

    @Test mutating func aWrongPasswordFromTheSelectedSourceChangesNothing() {
        _ = handle(ICECheck(), from: .peer(1), at: 0)
        _ = events()
        _ = handle(ICECheck(password: "guess", useCandidate: true), from: .peer(2), at: 5)
        _ = handle(ICECheck(password: "guess", useCandidate: true), from: .peer(1), at: 6)
        #expect(agent.selectedAddress == .peer(1))
        #expect(agent.accepts(.peer(2)) == false)
        #expect(agent.pollTimeout() == .seconds(7))
        #expect(events().isEmpty)
    }

    // MARK: Consent

    @Test mutating func silenceDisconnectsAndThenFails() {
        #expect(agent.pollTimeout() == nil)
        _ = handle(ICECheck(), from: .peer(1), at: 1)
        _ = events()
        #expect(agent.pollTimeout() == .seconds(8))
        agent.handleTimeout(now: .seconds(7.9))
        #expect(agent.state == .connected)
        agent.handleTimeout(now: .seconds(8))
        #expect(events() == [.stateChanged(.disconnected)])
        #expect(agent.selectedAddress == .peer(1))
        #expect(agent.accepts(.peer(1)))
        #expect(agent.pollTimeout() == .seconds(31))
        agent.handleTimeout(now: .seconds(31))
        #expect(events() == [.stateChanged(.failed)])
        #expect(agent.selectedAddress == nil)
        #expect(agent.accepts(.peer(1)) == false)
        #expect(agent.pollTimeout() == nil)
    }

    @Test mutating func aCheckBringsADisconnectedPeerBack() {
        _ = handle(ICECheck(), from: .peer(1), at: 0)
        agent.handleTimeout(now: .seconds(10))
        _ = events()
        _ = handle(ICECheck(), from: .peer(1), at: 29)
        #expect(events() == [.stateChanged(.connected)])
        #expect(agent.pollTimeout() == .seconds(36))
    }

    @Test mutating func aLateTimerFailsAtOnce() {
        _ = handle(ICECheck(), from: .peer(1), at: 0)
        agent.handleTimeout(now: .seconds(1_000))
        #expect(events() == [.stateChanged(.failed)])
    }

    @Test mutating func onlyARestartLeadsOutOfFailure() {
        _ = handle(ICECheck(), from: .peer(1), at: 0)
        agent.handleTimeout(now: .seconds(30))
        _ = events()
        #expect(agent.answers(to: "room") == false)
        #expect(handle(ICECheck(useCandidate: true), from: .peer(1), at: 31).isEmpty)
        #expect(agent.state == .failed)

        agent.restart(Self.renewed)
        #expect(events() == [.stateChanged(.checking)])
        #expect(agent.pollTimeout() == nil)
        // Consent under the old credentials has expired for good.
        #expect(handle(ICECheck(), from: .peer(1), at: 32).map(\.message.errorCode) == [401])
        #expect(agent.state == .checking)
        _ = handle(Self.renewedCheck, from: .peer(2), at: 33)
        #expect(events() == [.selectedAddressChanged(.peer(2)), .stateChanged(.connected)])
        #expect(agent.accepts(.peer(1)) == false)
    }

    // MARK: Restart

    @Test mutating func oldCredentialsAreGoodUntilTheNewOnesAreUsed() {
        _ = handle(ICECheck(useCandidate: true), from: .peer(1), at: 0)
        _ = events()
        agent.restart(Self.renewed)
        #expect(agent.local == Self.renewed)
        #expect(agent.answers(to: "room") && agent.answers(to: "newroom"))
        #expect(agent.state == .connected)
        #expect(handle(ICECheck(), from: .peer(1), at: 1).map(\.message.kind) == [.successResponse])
        #expect(events().isEmpty)

        // Without a nomination too: the old network may be gone.
        _ = handle(Self.renewedCheck, from: .peer(2), at: 2)
        #expect(events() == [.selectedAddressChanged(.peer(2))])
        #expect(agent.answers(to: "room") == false)
        #expect(handle(ICECheck(useCandidate: true), from: .peer(1), at: 2).map(\.message.errorCode) == [401])
        #expect(agent.selectedAddress == .peer(2))
        // What is still on its way from the old network is welcome.
        #expect(agent.accepts(.peer(1)))
    }

    @Test mutating func aSecondRestartKeepsTheCredentialsThatThePeerUses() {
        _ = handle(ICECheck(), from: .peer(1), at: 0)
        agent.restart(ICECredentials(usernameFragment: "between", password: "never used"))
        agent.restart(Self.renewed)
        #expect(agent.answers(to: "room") && agent.answers(to: "newroom"))
        #expect(agent.answers(to: "between") == false)
    }

    @Test mutating func thePasswordsOfTwoGenerationsAreNotMixed() {
        _ = handle(ICECheck(), from: .peer(1), at: 0)
        agent.restart(Self.renewed)
        let mixed = ICECheck(fragment: "newroom", password: ICECheck.local.password)
        #expect(handle(mixed, from: .peer(2), at: 1).map(\.message.errorCode) == [401])
        #expect(agent.answers(to: "room"))
    }

    @Test mutating func eventsThatNobodyPollsDoNotPileUp() {
        for round in 0..<1_000 {
            _ = handle(ICECheck(useCandidate: true), from: .peer(UInt16(round)), at: Double(round) * 20)
            agent.handleTimeout(now: .seconds(Double(round) * 20 + 10))
        }
        #expect(events() == [.selectedAddressChanged(.peer(999)), .stateChanged(.disconnected)])
    }

    @Test mutating func arbitraryBytesChangeNothing() {
        var generator = SplitMix64(seed: 3)
        let check = ICECheck(useCandidate: true).bytes
        for _ in 0..<20_000 {
            var bytes = check
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                bytes[.random(in: bytes.indices, using: &generator)] ^= .random(
                    in: 1...255,
                    using: &generator
                )
            }
            guard bytes != check else { continue }
            _ = handle(bytes, from: .peer(1), at: 0)
        }
        expectNothingHappened()
    }

    // MARK: Help

    private static let renewed = ICECredentials(usernameFragment: "newroom", password: "another password")
    private static let renewedCheck = ICECheck(fragment: "newroom", password: "another password")

    struct Response {
        var message: STUNMessage
        var bytes: [UInt8]
        var destination: SocketAddress

        func isAuthentic(password: String) -> Bool {
            message.isAuthentic(bytes.span.bytes, password: password)
        }
    }

    private mutating func handle(
        _ check: ICECheck,
        from source: SocketAddress,
        at seconds: Double
    ) -> [Response] {
        Self.handle(check, in: &agent, from: source, at: seconds)
    }

    private mutating func handle(
        _ bytes: [UInt8],
        from source: SocketAddress,
        at seconds: Double
    ) -> [Response] {
        Self.handle(bytes, in: &agent, from: source, at: seconds)
    }

    private static func handle(
        _ check: ICECheck,
        in agent: inout ICELiteAgent,
        from source: SocketAddress,
        at seconds: Double
    ) -> [Response] {
        handle(check.bytes, in: &agent, from: source, at: seconds)
    }

    private static func handle(
        _ bytes: [UInt8],
        in agent: inout ICELiteAgent,
        from source: SocketAddress,
        at seconds: Double
    ) -> [Response] {
        var queue = TransmitQueue(capacity: 4)
        agent.handle(bytes.span.bytes, from: source, now: .seconds(seconds), into: &queue)
        // Whoever sent a valid check is there, and something else has shown it: see `ICEProofTests`.
        agent.handleProof(of: source, now: .seconds(seconds))
        return queue.datagrams.indices.compactMap { index in
            let destination = queue.datagrams[index].destination
            return queue.withBytes(at: index) { bytes in
                guard let message = try? STUNMessage(parsing: bytes) else { return nil }
                return Response(
                    message: message,
                    bytes: bytes.withUnsafeBytes { Array($0) },
                    destination: destination
                )
            }
        }
    }

    private mutating func events() -> [ICELiteAgent.Event] {
        var events: [ICELiteAgent.Event] = []
        while let event = agent.pollEvent() { events.append(event) }
        return events
    }

    private mutating func expectNothingHappened() {
        #expect(agent.state == .new)
        #expect(agent.selectedAddress == nil)
        #expect(agent.accepts(.peer(1)) == false)
        #expect(agent.pollTimeout() == nil)
        #expect(events().isEmpty)
    }
}
