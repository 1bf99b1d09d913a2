import TestSupport
import Testing
import WebRTC
import Wire

/// One association against packets made by hand.
@Suite struct SCTPAssociationTests {
    @Test func answersTheHandshake() {
        let peer = HandmadePeer.connected()
        #expect(peer.association.state == .established)
        #expect(peer.events == [.connected])
    }

    @Test func ignoresPacketsThatAreNotMeantForIt() {
        var peer = HandmadePeer.connected()
        let heartbeat = HandmadePeer.heartbeat
        #expect(peer.exchange(heartbeat, tag: peer.tag &+ 1) == [])
        #expect(peer.exchange(heartbeat, sourcePort: 5_001) == [])
        #expect(peer.exchange(heartbeat, damage: true) == [])
        // INIT with a tag, or not alone; ABORT by a stranger.
        #expect(peer.exchange(HandmadePeer.initiation) == [])
        #expect(peer.exchange(HandmadePeer.initiation + heartbeat, tag: 0) == [])
        #expect(peer.exchange("06000004", tag: peer.tag &+ 1) == [])
        #expect(peer.exchange("06010004", tag: peer.tag) == [])
        #expect(peer.association.statistics.rejected == 7)
        #expect(peer.association.state == .established)
    }

    @Test func answersAHeartbeatWithItsBytes() {
        var peer = HandmadePeer.connected()
        #expect(peer.exchange("0400000b 00010007 abcdef 00") == ["0500000b 00010007 abcdef 00"])
    }

    @Test func acknowledgesAtOnceWithGapsAndDuplicates() {
        var peer = HandmadePeer.connected()
        let window = "00080000"
        #expect(peer.exchange(peer.data(1, "61")) == ["03000010 000003e9 0007ffbf 0000 0000"])
        #expect(peer.exchange(peer.data(3, "61")) == ["03000014 000003e9 0007ff7e 0001 0000 0002 0002"])
        #expect(
            peer.exchange(peer.data(3, "61")) == ["03000018 000003e9 0007ff7e 0001 0001 0002 0002 000003eb"]
        )
        peer.takeMessages()
        #expect(peer.exchange(peer.data(2, "61")) == ["03000010 000003eb 0007ffbf 0000 0000"])
        peer.takeMessages()
        #expect(peer.exchange(peer.data(2, "61")) == ["03000014 000003eb \(window) 0000 0001 000003ea"])
    }

    /// RFC 9260 §3.2: the two highest bits say what to do.
    @Test(
        arguments: [
            ("3f000004", [], false), ("7f000005 aa000000", ["0900000d 00060009 7f000005 aa000000"], false),
            ("bf000004", [], true), ("ff000004", ["0900000c 00060008 ff000004"], true),
        ] as [(String, [String], Bool)]
    ) func treatsUnknownChunksAsTheirTypeSays(
        _ chunk: String,
        _ answers: [String],
        goesOn: Bool
    ) {
        var peer = HandmadePeer.connected()
        let ack = "05000008 00010004"
        #expect(
            peer.exchange(chunk + "04000008 00010004").sorted()
                == (goesOn ? answers + [ack] : answers).sorted()
        )
    }

    @Test func abortsOnDataWithoutData() {
        var peer = HandmadePeer.connected()
        #expect(peer.exchange(peer.data(1, "")) == ["06000008 00090004"])
        #expect(peer.association.state == .closed)
    }

    @Test func acknowledgesAndReportsAStreamThatDoesNotExist() {
        var peer = HandmadePeer.connected()
        // The peer has announced ten streams.
        let answers = peer.exchange(peer.data(1, "61", stream: 10))
        #expect(answers == ["0900000c 00010008 000a0000", "03000010 000003e9 00080000 0000 0000"])
        #expect(peer.events.count == 1)
    }

    @Test func refusesAnInitiationThatMakesNoSense() {
        var peer = HandmadePeer()
        // No outbound streams.
        #expect(
            peer.exchange("01000014 0000004d 00020000 0000 000a 000003e9", tag: 0) == ["06000008 00070004"]
        )
        #expect(peer.association.state == .idle)
    }

    @Test func reportsParametersOfAnInitiationThatItDoesNotKnow() {
        var peer = HandmadePeer()
        let answers = peer.exchange("01000018 0000004d 00020000 000a 000a 000003e9 c1230004", tag: 0)
        #expect(answers.first?.hasSuffix("00080008 c1230004".filter { $0 != " " }) == true)
    }

    @Test func refusesAnOldCookieAndOneThatIsNotItsOwn() {
        var peer = HandmadePeer()
        let cookie = peer.requestCookie()
        var forged = cookie
        forged[10] ^= 1
        #expect(peer.exchange(HandmadePeer.echo(forged)) == [])
        peer.now += .seconds(61)
        // One second too late.
        #expect(peer.exchange(HandmadePeer.echo(cookie)) == ["0900000c 00030008 000f4240"])
        #expect(peer.association.state == .idle)
    }

    @Test func goesOnWithTheHandshakeAfterANoisyPeer() {
        var peer = HandmadePeer()
        let cookie = peer.requestCookie()
        #expect(peer.exchange("ff000004") == [])
        #expect(peer.exchange(HandmadePeer.heartbeat) == [])
        #expect(peer.exchange(HandmadePeer.echo(cookie)) == ["0b000004"])
    }

    @Test func answersALostCookieAckAgain() {
        var peer = HandmadePeer()
        let cookie = peer.requestCookie()
        #expect(peer.exchange(HandmadePeer.echo(cookie)) == ["0b000004"])
        peer.now += .seconds(100)
        #expect(peer.exchange(HandmadePeer.echo(cookie)) == ["0b000004"])
        #expect(peer.events == [.connected])
    }

    @Test func completesAShutdownThatThePeerRepeats() {
        var peer = HandmadePeer.connected()
        #expect(peer.exchange("07000008 00000000".replacingTSN(peer.ownTSN &- 1)) == ["08000004"])
        #expect(peer.exchange("0e000004") == [])
        #expect(peer.association.state == .closed)
        #expect(peer.events == [.connected, .closed])
        #expect(peer.exchange("08000004") == ["0e010004"])
    }

    @Test func grantsStreamsUpToItsLimit() {
        var peer = HandmadePeer.connected()
        #expect(
            peer.exchange("82000010 0011000c 000003e9 00100000") == ["82000010 0010000c 000003e9 00000001"]
        )
        // Repeated: not granted twice.
        #expect(
            peer.exchange("82000010 0011000c 000003e9 00100000") == ["82000010 0010000c 000003e9 00000001"]
        )
        #expect(peer.exchange(peer.data(1, "61", stream: 25)).count == 1)
        #expect(peer.exchange(peer.data(2, "61", stream: 26)).count == 2)
        #expect(
            peer.exchange("82000010 0011000c 000003ea 04000000") == ["82000010 0010000c 000003ea 00000002"]
        )
        #expect(peer.exchange("82000008 00120004") == [])
        #expect(
            peer.exchange("82000010 0012000c 000003eb 00010000") == ["82000010 0010000c 000003eb 00000002"]
        )
    }

    @Test func performsAResetOnceTheDataBeforeItAreHere() {
        var peer = HandmadePeer.connected()
        let request = "82000016 000d0012 000003e9 00000000 000003ea 0002 0000"
        #expect(peer.exchange(request) == ["82000010 0010000c 000003e9 00000006"])
        _ = peer.exchange(peer.data(2, "62"))
        let answers = peer.exchange(peer.data(1, "61"))
        #expect(answers.first == "82000010 0010000c 000003e9 00000001".filter { $0 != " " })
        #expect(peer.events.last == .incomingReset([2]))
        #expect(peer.events.count == 4)
        #expect(peer.exchange(request) == ["82000010 0010000c 000003e9 00000001"])
    }

    @Test func forgetsFragmentsThatItIsToldToSkip() {
        var peer = HandmadePeer.connected()
        // The middle of a message, ordered, whose ends are missing.
        #expect(
            peer.exchange("00000014 000003ea 0000 0000 00000035 61626364")
                == ["03000014 000003e8 0007ffbc 0001 0000 0002 0002"]
        )
        #expect(peer.exchange("c000000c 000003eb 0000 0000") == ["03000010 000003eb 00080000 0000 0000"])
        // The next number of the stream is due now; skipping again changes nothing.
        _ = peer.exchange("00030011 000003ec 0000 0001 00000035 61000000")
        #expect(peer.events.count == 2)
        peer.takeMessages()
        #expect(peer.exchange("c000000c 000003eb 0000 0000") == ["03000010 000003ec 00080000 0000 0000"])
    }

    @Test func probesAClosedWindowWithOneChunk() {
        var peer = HandmadePeer.connected()
        for byte in UInt8(1)...3 {
            peer.association.send(OutgoingMessage(stream: 1, payloadProtocol: 53, bytes: [byte]))
            if byte == 1 {
                #expect(peer.poll().count == 1)
                #expect(peer.exchange("03000010 00000000 00000000 00000000".replacingTSN(peer.ownTSN)) == [])
            }
        }
        let probe = peer.poll()
        #expect(probe.map { $0.suffix(8) } == ["02000000"])
        // Dropped: asked again when the timer says so.
        #expect(peer.exchange("03000010 00000000 00000000 00000000".replacingTSN(peer.ownTSN)) == [])
        peer.now = peer.association.pollTimeout() ?? peer.now
        peer.association.handleTimeout(now: peer.now)
        #expect(peer.poll() == probe)
        // Taken, and there is room.
        let answers = peer.exchange("03000010 00000000 00010000 00000000".replacingTSN(peer.ownTSN &+ 1))
        #expect(answers.map { $0.suffix(8) } == ["03000000"])
    }

    @Test func ignoresAcknowledgementsOfWhatItNeverSent() {
        var peer = HandmadePeer.connected()
        #expect(peer.exchange("03000010 00000000 00010000 00000000".replacingTSN(peer.ownTSN &+ 5)) == [])
        #expect(peer.association.statistics.rejected == 1)
        #expect(peer.association.state == .established)
    }

    @Test func asksAgainForTheHandshakeUntilItIsAnswered() {
        var peer = HandmadePeer()
        peer.association.connect(now: peer.now)
        #expect(peer.poll().map { $0.prefix(2) } == ["01"])
        for wait in [500, 1_000, 2_000, 3_000, 3_000] as [Int64] {
            #expect(peer.association.pollTimeout() == peer.now + .milliseconds(wait))
            peer.now += .milliseconds(wait)
            peer.association.handleTimeout(now: peer.now)
            #expect(peer.poll().map { $0.prefix(2) } == ["01"])
        }
    }
}

/// A peer whose packets are written in hexadecimal; its tag is 0x4d and its first TSN 0x3e9.
private struct HandmadePeer {
    var association: SCTPAssociation
    var now = Instant(nanoseconds: 1_000_000_000)
    var events: [SCTPAssociation.Event] = []
    /// What the association has told of itself.
    var tag: UInt32 = 0
    var ownTSN: UInt32 = 0

    static let initiation = "01000020 0000004d 00020000 000a 000a 000003e9 c0000004 80080006 82c00000"
    static let heartbeat = "04000008 00010004"

    init() {
        var random = RandomSource(seed: 1)
        association = SCTPAssociation(SCTPAssociation.Configuration(), using: &random)
    }

    static func connected() -> HandmadePeer {
        var peer = HandmadePeer()
        _ = peer.exchange(echo(peer.requestCookie()))
        return peer
    }

    /// Sends INIT and returns the cookie of the answer.
    mutating func requestCookie() -> [UInt8] {
        let answer = exchange(Self.initiation, tag: 0).first.map(Self.bytes) ?? []
        tag = answer.span.bytes.bigEndian(UInt32.self, at: 4) ?? 0
        ownTSN = answer.span.bytes.bigEndian(UInt32.self, at: 16) ?? 0
        // Behind the fixed part, FORWARD TSN supported, supported extensions and the parameter's header.
        guard answer.count > 36, let length = answer.span.bytes.bigEndian(UInt16.self, at: 34) else {
            return []
        }
        return Array(answer[36..<(32 + Int(length))])
    }

    static func echo(_ cookie: [UInt8]) -> String {
        let length = cookie.count + 4
        let padding = [UInt8](repeating: 0, count: (4 - length % 4) % 4)
        return hex([10, 0, UInt8(length >> 8), UInt8(length & 0xff)] + cookie + padding)
    }

    /// A whole unordered message, the `number`-th chunk from one on.
    func data(_ number: UInt32, _ text: String, stream: UInt16 = 0) -> String {
        let bytes = Self.bytes(text)
        let length = 16 + bytes.count
        let padding = [UInt8](repeating: 0, count: (4 - length % 4) % 4)
        return Self.hex(
            [0, 7, 0, UInt8(length), 0, 0, 3, UInt8(0xe8 + number), 0, UInt8(stream), 0, 0, 0, 0, 0, 53]
                + bytes + padding
        )
    }

    /// Delivers chunks and returns the chunks of the answers, padded.
    mutating func exchange(
        _ chunks: String,
        tag: UInt32? = nil,
        sourcePort: UInt16 = 5_000,
        damage: Bool = false
    ) -> [String] {
        var packet = written { out in
            SCTPPacket(sourcePort: sourcePort, destinationPort: 5_000, verificationTag: tag ?? self.tag)
                .write(into: &out)
            for byte in Self.bytes(chunks) { out.append(bigEndian: byte) }
            SCTPPacket.seal(&out)
        }
        if damage { packet[8] ^= 1 }
        association.handle(packet.span.bytes, now: now)
        while let event = association.pollEvent() { events.append(event) }
        return poll()
    }

    /// The chunks that the association sends now.
    mutating func poll() -> [String] {
        var chunks: [String] = []
        while true {
            var isPacket = false
            let packet = written { isPacket = association.pollPacket(now: now, into: &$0) }
            guard isPacket else { return chunks }
            var walk = SCTPChunks()
            while let chunk = try? walk.next(in: packet.span.bytes) {
                chunks.append(
                    Self.hex(Array(packet[chunk.bytes.lowerBound..<((chunk.bytes.upperBound + 3) & ~3)]))
                )
            }
        }
    }

    /// Releases the messages among the events.
    mutating func takeMessages() {
        events.removeAll {
            guard case .message(let message) = $0 else { return false }
            association.releaseMessage(ofLength: message.bytes.count)
            return true
        }
    }

    static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// Compares without regard to spaces.
private func == (lhs: [String], rhs: [String]) -> Bool {
    lhs.map { $0.filter { $0 != " " } }.elementsEqual(rhs.map { $0.filter { $0 != " " } })
}

extension String {
    /// The chunk with its first field, a TSN, replaced.
    fileprivate func replacingTSN(_ tsn: UInt32) -> String {
        var bytes = HandmadePeer.bytes(self)
        for index in 0..<4 { bytes[4 + index] = UInt8(truncatingIfNeeded: tsn >> (24 - 8 * UInt32(index))) }
        return HandmadePeer.hex(bytes)
    }
}
