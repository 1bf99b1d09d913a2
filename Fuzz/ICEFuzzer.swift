#if canImport(Wire)
import Participant
import WebRTC
import Wire
#endif

/// Both agents survive any datagrams at any time, hold the same state, and believe none of them.
///
/// The input is a series of commands: a byte that says what happens, one that says how much later, and for a
/// datagram one for its length. A datagram may be a valid message with some bytes overwritten and FINGERPRINT
/// made right again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzICE(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var input = UnsafeBufferPointer(start: bytes, count: count)[...]
    let local = ICECredentials(usernameFragment: "room", password: "password of the room")
    let server = SocketAddress(ipv4: 1, port: 1)
    var agent = ICELiteAgent(local: local)
    var client = ICEControllingAgent(
        local: ICECredentials(usernameFragment: "peer", password: "password of the peer"),
        remote: local,
        remoteAddress: server,
        tieBreaker: 1,
        seed: 1
    )
    agent.remote = client.local
    var now = Instant(nanoseconds: 0)
    var queue = TransmitQueue(capacity: 4)
    client.start(now: now, into: &queue)
    var newest = queue.withBytes(at: 0) { bytes in bytes.withUnsafeBytes { Array($0) } }
    /// The sources that a message which nobody changed has come from.
    var honest: Set<SocketAddress> = []

    while let command = input.popFirst(), let delay = input.popFirst() {
        now += .milliseconds(Int64(delay) * 50)
        let source = SocketAddress(ipv4: 2, port: UInt16(command >> 4))
        switch command & 0b111 {
        case 0:
            agent.handleTimeout(now: now)
        case 1:
            client.handleTimeout(now: now, into: &queue)
        case 2:
            agent.restart(local)
        case 3:
            client.changePath(now: now, into: &queue)
        case 4:
            newest.withUnsafeBytes { message in
                agent.handle(RawSpan(_unsafeBytes: message), from: source, now: now, into: &queue)
                client.handle(RawSpan(_unsafeBytes: message), from: server, now: now, into: &queue)
            }
            honest.insert(source)
        case 6:
            agent.checkAddress(source, receiving: Int(delay), now: now, into: &queue)
        case 5:
            var changed = newest
            let length = input.popFirst() ?? 0
            for index in 0..<Int(length % 8) {
                guard let position = input.popFirst(), let value = input.popFirst() else { break }
                changed[(Int(position) + index) % changed.count] = value
            }
            restoreFingerprint(of: &changed)
            if changed == newest { honest.insert(source) }
            changed.withUnsafeBytes { message in
                agent.handle(RawSpan(_unsafeBytes: message), from: source, now: now, into: &queue)
                client.handle(RawSpan(_unsafeBytes: message), from: server, now: now, into: &queue)
            }
        default:
            let length = min(Int(input.popFirst() ?? 0), input.count)
            let datagram = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: input.prefix(length)))
            input = input.dropFirst(length)
            agent.handle(RawSpan(_unsafeBytes: datagram), from: source, now: now, into: &queue)
            client.handle(RawSpan(_unsafeBytes: datagram), from: server, now: now, into: &queue)
        }
        for index in queue.datagrams.indices where queue.datagrams[index].destination == server {
            newest = queue.withBytes(at: index) { bytes in bytes.withUnsafeBytes { Array($0) } }
        }
        for index in queue.datagrams.indices where queue.datagrams[index].destination != server {
            newest = queue.withBytes(at: index) { bytes in bytes.withUnsafeBytes { Array($0) } }
        }
        queue.removeAll()
        check(agent, honest)
    }
    return 0
}

/// Makes FINGERPRINT right again, so that a forgery gets as far as MESSAGE-INTEGRITY.
private func restoreFingerprint(of message: inout [UInt8]) {
    let checksum = CRC32.checksum(message.span.bytes, count: message.count - 8) ^ 0x5354_554e
    for index in 0..<4 {
        message[message.count - 4 + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index))
    }
}

private func check(_ agent: ICELiteAgent, _ honest: Set<SocketAddress>) {
    let isInUse = agent.state == .connected || agent.state == .disconnected
    precondition(isInUse == (agent.selectedAddress != nil), "an agent is in use while it knows where to send")
    precondition(isInUse == (agent.pollTimeout() != nil), "and while it has a deadline")
    var accepted = 0
    for port in 0..<16 as Range<UInt16> {
        let source = SocketAddress(ipv4: 2, port: port)
        guard agent.accepts(source) else { continue }
        accepted += 1
        precondition(honest.contains(source), "a forgery was believed")
    }
    precondition(accepted <= 8, "sources pile up")
    if let selected = agent.selectedAddress {
        precondition(agent.accepts(selected), "the selected source is not accepted")
        precondition(agent.isProven(selected), "the selected source has proved nothing")
    }
}
