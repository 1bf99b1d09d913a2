#if canImport(Wire)
import Wire
#endif
#if canImport(WebRTC)
import WebRTC
#endif

/// Made once: making keys takes longer than the rest.
private let certificate = try? DTLSCertificate()
private let address = SocketAddress(ipv4: 0x7f00_0001, port: 9)
private let now = Instant(nanoseconds: 1_000_000_000)

/// An established connection gets records in and out of order, damaged, cut, joined and made up, and carries data
/// afterwards, each record once.
///
/// The input is a list of commands: what to do (1 byte) with which record (1 byte), and what that takes. One
/// connection goes through all inputs: a handshake takes longer than the rest.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDTLSConnection(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    connection.sendData()
    let records = connection.records
    let input = UnsafeBufferPointer(start: bytes, count: count)
    var offset = 0
    while offset + 2 <= count {
        let command = input[offset], record = records[Int(input[offset + 1]) % records.count]
        offset += 2
        var datagram = record
        switch command & 7 {
        case 0: break
        case 1:  // One byte is another.
            guard offset + 2 <= count else { continue }
            datagram[Int(input[offset]) % datagram.count] = input[offset + 1]
            offset += 2
        case 2: datagram = Array(record.prefix(Int(command >> 3)))
        case 3: datagram += records[Int(command >> 3) % records.count]
        case 4:  // Something before it.
            let end = min(count, offset + Int(command >> 3))
            datagram = Array(input[offset..<end]) + record
            offset = end
        default:  // A header that fits, with whatever follows.
            let end = min(count, offset + Int(command >> 3))
            datagram = [
                20 + command % 4, 0xfe, 0xfd, 0, command >> 4 & 1, 0, 0, 0, 0, 0, input[offset - 1], 0,
            ]
            datagram += [UInt8(end - offset)] + input[offset..<end]
            offset = end
        }
        connection.deliver(datagram, toClient: command & 0x80 != 0)
    }
    connection.expectStanding()
    return 0
}

// The fuzzer has one thread.
nonisolated(unsafe) private var connection = Connection()

/// Two sides that have shaken hands, and sixteen records that the client has sent since.
private struct Connection: ~Copyable {
    private var client: DTLSSession
    private var server: DTLSSession
    /// Those of the handshake, too.
    var records: [[UInt8]] { handshake + fresh }

    private var handshake: [[UInt8]] = []
    private var fresh: [[UInt8]] = []
    private var queue = TransmitQueue(capacity: 64)
    private var delivered: [[UInt8]] = []
    private let data = (0..<16 as Range<UInt8>).map { [$0, 1, 2, 3] }

    init() {
        guard
            let certificate,
            let client = Self.session(certificate, .client), let server = Self.session(certificate, .server)
        else { fatalError("OpenSSL has made no session") }
        self.client = client
        self.server = server
        self.server.start(now: now, to: address, into: &queue)
        self.client.start(now: now, to: address, into: &queue)
        var isFromClient = true
        while !queue.isEmpty {
            let flight = take()
            handshake += flight
            for datagram in flight {
                deliver(datagram, to: isFromClient ? .server : .client, keepsAnswers: true)
            }
            isFromClient.toggle()
        }
        while self.client.pollEvent() != nil {}
        while self.server.pollEvent() != nil {}
    }

    mutating func sendData() {
        for data in data { send(data, from: .client) }
        fresh = take()
        delivered = []
    }

    private static func session(_ certificate: DTLSCertificate, _ role: DTLSRole) -> DTLSSession? {
        try? DTLSSession(
            certificate: certificate,
            role: role,
            remoteFingerprints: [certificate.fingerprint]
        )
    }

    mutating func deliver(_ datagram: [UInt8], toClient: Bool) {
        deliver(datagram, to: .server)
        if toClient { deliver(datagram, to: .client) }
    }

    mutating func expectStanding() {
        for record in records { deliver(record, to: .server) }
        precondition(
            server.state == .connected && client.state == .connected,
            "somebody ended the connection"
        )
        precondition(server.pollEvent() == nil && client.pollEvent() == nil, "something happened")
        precondition(delivered.count == data.count, "a record is missing, or was taken twice")
        precondition(Set(delivered) == Set(data), "a record was changed")
        for (sender, receiver) in [(DTLSRole.client, DTLSRole.server), (.server, .client)] {
            delivered = []
            send([9, 9, 9], from: sender)
            for datagram in take() { deliver(datagram, to: receiver) }
            precondition(delivered == [[9, 9, 9]], "the connection carries nothing")
        }
    }

    private mutating func deliver(_ datagram: [UInt8], to receiver: DTLSRole, keepsAnswers: Bool = false) {
        switch receiver {
        case .client: client.handle(datagram.span.bytes, from: address, now: now, into: &queue)
        case .server: server.handle(datagram.span.bytes, from: address, now: now, into: &queue)
        }
        if !keepsAnswers { queue.removeAll() }
        while client.pollApplicationData({ delivered.append($0.withUnsafeBytes { Array($0) }) }) {}
        while server.pollApplicationData({ delivered.append($0.withUnsafeBytes { Array($0) }) }) {}
    }

    private mutating func send(_ data: [UInt8], from sender: DTLSRole) {
        do {
            switch sender {
            case .client: try client.send(data.span.bytes, to: address, into: &queue)
            case .server: try server.send(data.span.bytes, to: address, into: &queue)
            }
        } catch {
            fatalError("nothing can be sent: \(error)")
        }
    }

    private mutating func take() -> [[UInt8]] {
        defer { queue.removeAll() }
        return (0..<queue.count).map { index in
            queue.withBytes(at: index) { $0.withUnsafeBytes { Array($0) } }
        }
    }
}
