import TestSupport
import WebRTC
import Wire

/// The other end of a ``TURNConnection``, whose owner it is as well: gives it what a browser would send, by a clock that it
/// moves on.
struct TURNClient {
    /// An answer, or a Data indication.
    struct Answer {
        var kind: STUNMessage.Class
        var method: UInt16
        var code: UInt16?
        var attributes: TURNAttributes
        var mappedAddress: SocketAddress?
        var unknown: [UInt16]
        var bytes: [UInt8]

        var isSuccess: Bool { kind == .successResponse }
        func text(_ range: Range<Int>?) -> String? {
            range.map { String(decoding: bytes[$0], as: UTF8.self) }
        }
    }

    /// Appends what a request says besides.
    typealias More = (inout OutputRawSpan, STUNTransactionID) -> Void

    static let credentials = TURNCredentials(secret: "north", realm: "room.example")
    static let address = SocketAddress(ipv4: 0xc633_6407, port: 50_000)
    /// Two addresses of the room's media, the second of them IPv6, and one of somebody else.
    static let room = SocketAddress(ipv4: 0xcb00_7107, port: 40_000)
    static let six = SocketAddress(high: 0x2001_0db8_0000_0000, low: 7, port: 40_000)
    static let stranger = SocketAddress(ipv4: 0x0a00_0001, port: 80)
    static let epoch: Int64 = 1_700_000_000

    var connection: TURNConnection
    var output = TURNOutput()
    var now: Instant
    var name: String
    var key: [UInt8]
    var realm = Self.credentials.realm
    var nonce = ""
    private var last: UInt64 = 0

    init(expires seconds: Int64 = 60, id: UInt64 = 7) {
        now = Instant(nanoseconds: 0)
        connection = TURNConnection(
            Self.credentials,
            client: Self.address,
            random: RandomSource(seed: 1),
            now: now
        )
        name = TURNCredentials.username(for: id, until: Self.epoch + seconds)
        key = Self.credentials.key(for: name) ?? []
    }

    mutating func rename(_ name: String) {
        self.name = name
        key = Self.credentials.key(for: name) ?? []
    }

    mutating func advance(_ interval: Interval) { now += interval }

    /// Sends bytes, and returns what is answered; what is to be done besides is in ``output`` until the next call.
    @discardableResult
    mutating func send(_ bytes: [UInt8]) -> [Answer] {
        output.removeAll()
        let clock = Self.epoch + now.nanoseconds / 1_000_000_000
        connection.handle(bytes.span.bytes, now: now, clock: clock, into: &output)
        return answers
    }

    /// What ``output`` has for the client, but for ChannelData.
    var answers: [Answer] { messages(in: output.stream) }

    /// ChannelData in ``output``, by channel.
    var channelData: [(channel: UInt16, bytes: [UInt8])] {
        var found: [(UInt16, [UInt8])] = []
        var reader = TURNFrameReader()
        try? reader.take(output.stream.span.bytes) { frame, body in
            if case .channelData(let channel) = frame {
                found.append((channel, body.withUnsafeBytes { Array($0) }))
            }
            return true
        }
        return found
    }

    private func messages(in stream: [UInt8]) -> [Answer] {
        var found: [Answer] = []
        var reader = TURNFrameReader()
        try? reader.take(stream.span.bytes) { frame, body in
            guard frame == .message, let message = try? STUNMessage(parsing: body),
                let attributes = try? TURNAttributes(of: message, in: body)
            else { return true }
            found.append(
                Answer(
                    kind: message.kind,
                    method: message.method,
                    code: message.errorCode,
                    attributes: attributes,
                    mappedAddress: message.mappedAddress,
                    unknown: (0..<message.unknownAttributes.count).map { message.unknownAttributes[$0] },
                    bytes: body.withUnsafeBytes { Array($0) }
                )
            )
            return true
        }
        return found
    }

    /// A request as it is sent, with everything that proves who it is from.
    mutating func request(_ method: UInt16, _ more: More = { _, _ in }) -> [UInt8] {
        last += 1
        let id = STUNTransactionID(high: 1, low: last)
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        return written { out in
            out.appendSTUNHeader(.request, method: method, id)
            more(&out, id)
            out.appendSTUNUsername(parts[0], parts.count > 1 ? parts[1] : "")
            out.appendSTUNRealm(realm)
            out.appendSTUNNonce(nonce)
            out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, key: key) }
        }
    }

    /// Sends a request, and returns its answer, the only one.
    @discardableResult
    mutating func ask(_ method: UInt16, _ more: More = { _, _ in }) -> Answer? {
        let found = send(request(method, more))
        return found.count == 1 ? found[0] : nil
    }

    /// Learns the nonce as every client does: by asking without one.
    mutating func learn() {
        let bytes = written { out in
            out.appendSTUNHeader(.request, method: TURNMethod.allocate, STUNTransactionID(high: 9, low: 9))
            out.appendTURNTransport(17)
        }
        guard let answer = send(bytes).first else { return }
        nonce = answer.text(answer.attributes.nonce) ?? ""
    }

    /// What becomes of an allocation that it asks for; `nil` if nobody was asked to make one.
    mutating func allocate(
        family: UInt8? = nil,
        lifetime: UInt32? = nil,
        peers: [SocketAddress] = [Self.room, Self.six]
    ) -> Answer? {
        send(
            request(TURNMethod.allocate) { out, _ in
                out.appendTURNTransport(17)
                if let family { out.appendTURNAddressFamily(family) }
                if let lifetime { out.appendTURNLifetime(lifetime) }
            }
        )
        guard case .wanted = output.events.first else { return nil }
        return answer(.made(port: 50_001, peers: peers))
    }

    mutating func answer(_ made: TURNConnection.Allocation) -> Answer? {
        output.removeAll()
        connection.handleAllocation(made, now: now, into: &output)
        return answers.first
    }

    mutating func permit(_ peers: SocketAddress...) -> Answer? {
        ask(TURNMethod.createPermission) { out, id in
            for peer in peers { out.appendTURNPeerAddress(peer, id) }
        }
    }

    mutating func bind(_ channel: UInt16, to peer: SocketAddress) -> Answer? {
        ask(TURNMethod.channelBind) { out, id in
            out.appendTURNChannelNumber(channel)
            out.appendTURNPeerAddress(peer, id)
        }
    }

    mutating func refresh(_ lifetime: UInt32) -> Answer? {
        ask(TURNMethod.refresh) { out, _ in out.appendTURNLifetime(lifetime) }
    }

    /// Sends a Send indication; returns the datagrams that go to peers.
    mutating func indicate(_ data: [UInt8], to peer: SocketAddress) -> [TURNOutput.Datagram] {
        let id = STUNTransactionID(high: 2, low: 2)
        send(
            written { out in
                out.appendSTUNHeader(.indication, method: TURNMethod.send, id)
                out.appendTURNPeerAddress(peer, id)
                out.appendTURNData(data.span.bytes)
            }
        )
        return output.datagrams
    }

    /// Something comes from a peer.
    mutating func receive(_ data: [UInt8], from peer: Int) {
        output.removeAll()
        connection.handleDatagram(data.span.bytes, from: peer, now: now, into: &output)
    }

    mutating func wait(until instant: Instant) {
        now = instant
        output.removeAll()
        connection.handleTimeout(now: now, into: &output)
    }
}
