import SFU
import Testing
import WebRTC
import Wire

@Suite struct PacketSenderTests {
    private let now = Instant(nanoseconds: 1_000_000_000_000)
    private let peer = SocketAddress(ipv4: 0x7f00_0001, port: 6_000)
    private let format: ConsumerFormat
    private let payload: [UInt8] = [1, 2, 3, 4, 5]

    init() throws {
        let room = try WayRoom()
        format = try ConsumerFormat(
            room.core.producer(room.producer),
            options: ConsumerOptions(capabilities: WayRoom.capabilities(rtx: true)),
            mid: "0",
            ssrc: 7,
            rtxSSRC: 8,
            cname: "room"
        )
    }

    @Test func aPlainPeerIsSentPacketsAsTheyAreOnceItIsKnownWhereItIs() throws {
        var sender = PacketSender(.plain, rtcpOutbox: nil, scratch: Scratch())
        let outbox = Outbox()
        let (isSendable, mayRepeat, isAwaitingKeys) = (
            sender.isSendable, sender.mayRepeat, sender.isAwaitingKeys
        )
        #expect(!isSendable && mayRepeat && !isAwaitingKeys)
        #expect(send(payload, through: &sender, into: outbox) == 0)
        sender.setAddress(peer, rtcp: nil, isAlive: true)
        let length = send(payload, through: &sender, into: outbox)
        let sent = try #require(outbox.drain().first)
        #expect(sent.destination == peer && sent.bytes.count == length)
        #expect(sent.payload == payload)
        let statistics = sender.statistics
        #expect(statistics.packetsSent == 1 && statistics.bytesSent == UInt64(length))
        #expect(statistics.packetsRejected == 0)
    }

    @Test func onAPathThatIsLostNothingIsSent() {
        var sender = PacketSender(.plain, rtcpOutbox: nil, scratch: Scratch())
        let outbox = Outbox()
        sender.setAddress(peer, rtcp: nil, isAlive: false)
        #expect(send(payload, through: &sender, into: outbox) == 0)
        #expect(outbox.drain().isEmpty)
    }

    @Test func aRetransmissionHasTheOriginalNumberBeforeItsPayload() throws {
        var sender = PacketSender(.plain, rtcpOutbox: nil, scratch: Scratch())
        let outbox = Outbox()
        sender.setAddress(peer, rtcp: nil, isAlive: true)
        _ = send(payload, prefix: 0x0102, through: &sender, into: outbox)
        #expect(try #require(outbox.drain().first).payload == [1, 2] + payload)
    }

    @Test(arguments: [false, true])
    func whatDoesNotFitInADatagramIsCountedAndDropped(isSealed: Bool) throws {
        var sender = PacketSender(isSealed ? .sealed : .plain, rtcpOutbox: nil, scratch: Scratch())
        let outbox = Outbox()
        sender.setAddress(peer, rtcp: nil, isAlive: true)
        if isSealed { sender.setKeys(try SRTPSender(Self.keys)) }
        let large = [UInt8](repeating: 1, count: TransmitQueue.datagramCapacity)
        #expect(send(large, through: &sender, into: outbox) == 0)
        #expect(outbox.drain().isEmpty)
        let statistics = sender.statistics
        #expect(statistics.packetsRejected == 1 && statistics.packetsSent == 0)
    }

    @Test func aPeerWithKeysIsSentNothingBeforeTheyAreThereAndThenWhatItCanOpen() throws {
        var sender = PacketSender(.sealed, rtcpOutbox: nil, scratch: Scratch())
        let outbox = Outbox()
        sender.setAddress(peer, rtcp: nil, isAlive: true)
        let (isAwaiting, mayRepeat) = (sender.isAwaitingKeys, sender.mayRepeat)
        #expect(isAwaiting && !mayRepeat)
        #expect(send(payload, through: &sender, into: outbox) == 0)
        sendReport(through: &sender, into: outbox)
        #expect(outbox.drain().isEmpty)

        sender.setKeys(try SRTPSender(Self.keys))
        let isSendable = sender.isSendable
        #expect(isSendable)
        _ = send(payload, through: &sender, into: outbox)
        sendReport(through: &sender, into: outbox)
        let sent = outbox.drain()
        var receiver = try SRTPReceiver(Self.keys.reversed)
        let packet = open(sent[0].bytes) { span throws(SRTPError) in try receiver.unprotectRTP(&span) }
        #expect(try Array(packet[RTPHeader(parsing: packet.span.bytes).payload]) == payload)
        #expect(sent[0].payload != payload)
        let report = open(sent[1].bytes) { span throws(SRTPError) in try receiver.unprotectRTCP(&span) }
        #expect(elements(of: report).map(\.type) == [RTCPType.receiverReport])

        sender.setKeys(nil)
        #expect(send(payload, through: &sender, into: outbox) == 0, "it takes nothing any more")
    }

    @Test func rtcpGoesThroughASocketOfItsOwnIfItHasOne() {
        let (outbox, rtcpOutbox) = (Outbox(), Outbox())
        var sender = PacketSender(.plain, rtcpOutbox: rtcpOutbox, scratch: Scratch())
        sender.setAddress(peer, rtcp: nil, isAlive: true)
        sendReport(through: &sender, into: outbox)
        #expect(rtcpOutbox.drain().isEmpty, "nobody knows where to")
        var address = peer
        address.port += 1
        sender.setAddress(peer, rtcp: address, isAlive: true)
        sendReport(through: &sender, into: outbox)
        #expect(rtcpOutbox.drain().map(\.destination) == [address])
        #expect(outbox.drain().isEmpty)
    }

    @Test func aReaderInThisProcessIsHandedWhatWouldLeave() {
        let read = Recorded<[UInt8]>()
        let reader = EgressReader(handleRTP: { _, _, _ in }, handleRTCP: { read.append(bytes(of: $0)) })
        var sender = PacketSender(.reader(reader), rtcpOutbox: nil, scratch: Scratch())
        let outbox = Outbox()
        let isSendable = sender.isSendable
        #expect(isSendable)
        sendReport(through: &sender, into: outbox)
        #expect(read.all.flatMap { elements(of: $0) }.map(\.type) == [RTCPType.receiverReport])
        #expect(outbox.drain().isEmpty)
    }

    @Test func anEmptyCompoundIsNotSent() {
        var sender = PacketSender(.plain, rtcpOutbox: nil, scratch: Scratch())
        let outbox = Outbox()
        sender.setAddress(peer, rtcp: nil, isAlive: true)
        sender.sendRTCP(into: &outbox.queue) { _ in }
        let packets = sender.statistics.packetsSent
        #expect(outbox.drain().isEmpty && packets == 0)
    }

    /// Padding is for the path of a peer that tells arrival times, which has keys.
    @Test func paddingIsSealedAndAllPadding() throws {
        var sender = PacketSender(.sealed, rtcpOutbox: nil, scratch: Scratch())
        let outbox = Outbox()
        sender.setAddress(peer, rtcp: nil, isAlive: true)
        #expect(sendPadding(through: &sender, into: outbox) == 0)
        sender.setKeys(try SRTPSender(Self.keys))
        #expect(sendPadding(through: &sender, into: outbox) > 250)
        var receiver = try SRTPReceiver(Self.keys.reversed)
        let packet = open(try #require(outbox.drain().first).bytes) { span throws(SRTPError) in
            try receiver.unprotectRTP(&span)
        }
        #expect(packet[0] & 0x20 != 0)
        #expect(packet.last == 255)
    }

    // MARK: Private

    private static let keys = SRTPKeyingMaterial(
        profile: .aeadAES128GCM,
        localKey: Array(1...16),
        localSalt: Array(1...12),
        remoteKey: Array(101...116),
        remoteSalt: Array(101...112)
    )

    private func send(
        _ payload: [UInt8],
        prefix: UInt16? = nil,
        through sender: inout PacketSender,
        into outbox: Outbox
    ) -> Int {
        let head = OutgoingHead(
            header: RTPHeader(
                payloadType: 100,
                sequenceNumber: 500,
                timestamp: 9_000,
                ssrc: 7,
                payloadLength: payload.count
            ),
            audioLevel: nil,
            prefix: prefix,
            descriptor: 0,
            transportSequence: 1
        )
        return sender.sendRTP(
            head,
            format,
            payload: payload.span.bytes,
            .unchanged,
            now: now,
            into: &outbox.queue
        )
    }

    private func sendPadding(through sender: inout PacketSender, into outbox: Outbox) -> Int {
        sender.sendPadding(
            RTPHeader(payloadType: 101, sequenceNumber: 1, timestamp: 0, ssrc: 8, payloadLength: 0),
            format: format,
            transportSequence: 1,
            now: now,
            into: &outbox.queue
        )
    }

    private func sendReport(through sender: inout PacketSender, into outbox: Outbox) {
        sender.sendRTCP(into: &outbox.queue) { ReportBlock.writeEmptyReceiverReport(from: 1, into: &$0) }
    }

    /// What is in a sealed packet; empty if it cannot be opened.
    private func open(
        _ sealed: [UInt8],
        _ unprotect: (inout MutableRawSpan) throws(SRTPError) -> Int
    ) -> [UInt8] {
        var bytes = sealed
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        guard let length = try? unprotect(&raw) else { return [] }
        return Array(bytes.prefix(length))
    }
}

extension SRTPKeyingMaterial {
    /// As the other side has it.
    var reversed: Self {
        Self(
            profile: profile,
            localKey: remoteKey,
            localSalt: remoteSalt,
            remoteKey: localKey,
            remoteSalt: localSalt
        )
    }
}
