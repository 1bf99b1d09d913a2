#if canImport(Wire)
import WebRTC
import Wire
#endif

/// However a client's stream is cut into pieces, the same is answered and relayed; and a client that is known, which the fuzzer is,
/// reaches only the peers that there are.
///
/// The input's first byte says how long pieces are; the rest is the stream, in which a frame may have a letter in front of it that
/// says what is to be done to it: `A` is an allocation that is made, `D` a datagram from the peer, `T` time that passes, and `S`
/// a request that is signed, method and attributes being the input's.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTURN(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: bytes + 1, count: count - 1))
    let whole = stream(input, piece: input.count)
    precondition(stream(input, piece: max(1, Int(bytes[0]))) == whole, "a piece changes what is answered")
    script(input)
    return 0
}

private let credentials = TURNCredentials(secret: "north", realm: "room")
private let name = TURNCredentials.username(for: 7, until: 2_000_000_000)
private let key = credentials.key(for: name) ?? []
private let peers = [
    SocketAddress(ipv4: 0xc000_0201, port: 40_000),
    SocketAddress(high: 0x2001_0db8 << 32, low: 1, port: 40_000),
]

private func connection() -> TURNConnection {
    TURNConnection(
        credentials,
        client: SocketAddress(ipv4: 0x7f00_0001, port: 1),
        random: RandomSource(seed: 1),
        now: Instant(nanoseconds: 0)
    )
}

private func stream(_ input: [UInt8], piece: Int) -> [UInt8] {
    var connection = connection()
    var output = TURNOutput()
    for start in stride(from: 0, to: input.count, by: piece) {
        let part = Array(input[start..<min(start + piece, input.count)])
        connection.handle(part.span.bytes, now: Instant(nanoseconds: 1), clock: 1_900_000_000, into: &output)
    }
    return output.stream
}

private func script(_ input: [UInt8]) {
    var connection = connection()
    var output = TURNOutput()
    var now = Instant(nanoseconds: 1)
    var nonce = ""
    var place = 0
    func next(_ count: Int) -> ArraySlice<UInt8> {
        let end = min(place + count, input.count)
        defer { place = end }
        return input[place..<end]
    }
    while place < input.count {
        let verb = input[place]
        place += 1
        let length = Int(next(1).first ?? 0)
        let body = Array(next(length))
        switch verb {
        case UInt8(ascii: "A"):
            if case .wanted = output.events.last {
                output.removeAll()
                connection.handleAllocation(.made(port: 5, peers: peers), now: now, into: &output)
            }
        case UInt8(ascii: "D"):
            connection.handleDatagram(body.span.bytes, from: length & 1, now: now, into: &output)
        case UInt8(ascii: "T"):
            now += .seconds(Int64(length))
            connection.handleTimeout(now: now, into: &output)
        case UInt8(ascii: "S"):
            let message = signed(body, nonce)
            connection.handle(message.span.bytes, now: now, clock: 1_900_000_000, into: &output)
        default: connection.handle(body.span.bytes, now: now, clock: 1_900_000_000, into: &output)
        }
        for datagram in output.datagrams {
            precondition(peers.indices.contains(datagram.peer), "a stranger is reached")
            precondition(datagram.range.upperBound <= output.data.count, "a datagram has no end")
        }
        nonce = told(output.stream) ?? nonce
        let wanted = output.events.last
        output.removeAll()
        if let wanted { output.events.append(wanted) }
    }
}

/// A request with the input's method and attributes, signed by somebody who is known.
private func signed(_ body: [UInt8], _ nonce: String) -> [UInt8] {
    let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 8)
    defer { space.deallocate() }
    var out = OutputRawSpan(buffer: space, initializedCount: 0)
    out.appendSTUNHeader(.request, method: UInt16(body.first ?? 3) & 0xf, STUNTransactionID(high: 1, low: 1))
    for byte in body.dropFirst().prefix(4 * ((body.count - 1) / 4)) { out.append(byte) }
    out.appendSTUNUsername("2000000000", "7")
    out.appendSTUNRealm("room")
    out.appendSTUNNonce(nonce)
    out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, key: key) }
    let count = out.finalize(for: space)
    return Array(space[..<count])
}

private func told(_ stream: [UInt8]) -> String? {
    var reader = TURNFrameReader()
    var nonce: String?
    try? reader.take(stream.span.bytes) { _, body in
        if let message = try? STUNMessage(parsing: body),
            let range = (try? TURNAttributes(of: message, in: body))?.nonce
        {
            nonce = body.extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
        return true
    }
    return nonce
}
