#if canImport(Wire)
import Wire
#endif
#if canImport(WebRTC)
import WebRTC
#endif

/// Made once: making keys takes longer than the rest.
private let certificate = try? DTLSCertificate()

/// A server takes datagrams, each behind its length in 16 bits, and lets time pass between them.
///
/// A length of 0 stands for the first flight of a genuine client, so that what follows meets a handshake
/// under way.
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
    var sent = TransmitQueue(capacity: 64), hello = TransmitQueue(capacity: 64)
    server.start(now: now, to: address, into: &sent)
    client.start(now: now, to: address, into: &hello)

    let input = UnsafeBufferPointer(start: bytes, count: count)
    var offset = 0
    while offset + 2 <= count {
        let length = min(Int(input[offset]) << 8 | Int(input[offset + 1]), count - offset - 2)
        offset += 2
        let datagram = RawSpan(_unsafeElements: input[offset..<(offset + length)])
        if length == 0 {
            hello.withBytes(at: 0) { server.handle($0, from: address, now: now, into: &sent) }
        } else {
            server.handle(datagram, from: address, now: now, into: &sent)
        }
        offset += length

        now += .milliseconds(100)
        server.handleTimeout(now: now, to: address, into: &sent)
        while server.pollEvent() != nil {}
        while server.pollApplicationData({ _ in }) {}
        sent.removeAll()
        precondition(server.state != .connected, "nobody has the key to the certificate")
    }
    return 0
}
