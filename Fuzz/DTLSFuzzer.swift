#if canImport(Wire)
import Wire
#endif
#if canImport(WebRTC)
import WebRTC
#endif

/// Made once: making keys takes longer than the rest.
private let certificate = try? DTLSCertificate()

/// A server takes datagrams, each behind its length in 16 bits, while a genuine client shakes hands with it, which
/// must come to its end.
///
/// A length of 0 stands for the next flight of the client, so that what follows meets a handshake under way.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDTLS(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard
        let certificate,
        var client = try? DTLSSession(
            certificate: certificate,
            role: .client,
            remoteFingerprints: [certificate.fingerprint]
        ),
        var server = try? DTLSSession(
            certificate: certificate,
            role: .server,
            remoteFingerprints: [certificate.fingerprint]
        )
    else { fatalError("OpenSSL has made no session") }

    let address = SocketAddress(ipv4: 0x7f00_0001, port: 9)
    var now = Instant(nanoseconds: 1_000_000_000)
    var toClient = TransmitQueue(capacity: 256), toServer = TransmitQueue(capacity: 256)
    server.start(now: now, to: address, into: &toClient)
    client.start(now: now, to: address, into: &toServer)

    let input = UnsafeBufferPointer(start: bytes, count: count)
    var offset = 0
    while offset + 2 <= count {
        let length = min(Int(input[offset]) << 8 | Int(input[offset + 1]), count - offset - 2)
        offset += 2
        let datagram = RawSpan(_unsafeElements: input[offset..<(offset + length)])
        if length == 0 {
            // What cannot be forged without the other's answer comes at the end.
            if server.state == .connecting { deliver(&toServer, to: &server, address, now, &toClient) }
            deliver(&toClient, to: &client, address, now, &toServer)
        } else {
            server.handle(datagram, from: address, now: now, into: &toClient)
        }
        offset += length
        now += .milliseconds(1)
        while server.pollApplicationData({ _ in fatalError("nobody has sent anything") }) {}
    }
    for _ in 0..<40 where client.state != .connected || server.state != .connected {
        now += .milliseconds(200)
        deliver(&toServer, to: &server, address, now, &toClient)
        deliver(&toClient, to: &client, address, now, &toServer)
        server.handleTimeout(now: now, to: address, into: &toClient)
        client.handleTimeout(now: now, to: address, into: &toServer)
    }
    precondition(
        server.state == .connected && client.state == .connected,
        "the handshake has not come to its end"
    )
    return 0
}

private func deliver(
    _ queue: inout TransmitQueue,
    to receiver: inout DTLSSession,
    _ address: SocketAddress,
    _ now: Instant,
    _ answers: inout TransmitQueue
) {
    for index in 0..<queue.count {
        queue.withBytes(at: index) { receiver.handle($0, from: address, now: now, into: &answers) }
    }
    queue.removeAll()
}
