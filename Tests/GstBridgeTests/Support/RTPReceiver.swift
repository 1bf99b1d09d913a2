import Glibc

/// The room's end of a desk stream: a UDP socket on loopback.
final class RTPReceiver {
    struct Packet: Hashable {
        var bytes: [UInt8]

        var isRTCP: Bool { (192...223).contains(bytes[1]) }
        var marker: Bool { bytes[1] & 0x80 != 0 }
        var payloadType: UInt8 { bytes[1] & 0x7f }
        var sequenceNumber: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }
        var timestamp: UInt32 { word(4) }
        var ssrc: UInt32 { word(8) }
        var payload: ArraySlice<UInt8> { bytes[12...] }

        func word(_ offset: Int) -> UInt32 { bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    private(set) var port: UInt16 = 0
    private let descriptor: CInt
    private var peer = sockaddr_in()

    init() {
        descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
        var size: CInt = 4 << 20
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutableBytes(of: &address) {
            let pointer = $0.assumingMemoryBound(to: sockaddr.self).baseAddress
            bind(descriptor, pointer, length)
            getsockname(descriptor, pointer, &length)
        }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
        close(descriptor)
    }

    /// The packets that are here, in order.
    func receive() -> [Packet] {
        var packets: [Packet] = []
        var buffer = [UInt8](repeating: 0, count: 2_000)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        while true {
            let count = withUnsafeMutableBytes(of: &peer) {
                recvfrom(
                    descriptor,
                    &buffer,
                    buffer.count,
                    CInt(MSG_DONTWAIT),
                    $0.assumingMemoryBound(to: sockaddr.self).baseAddress,
                    &length
                )
            }
            guard count >= 12 else { return packets }
            packets.append(Packet(bytes: Array(buffer[..<count])))
        }
    }

    /// RTP packets until `isEnough` says so, or five seconds are over.
    func receiveMedia(until isEnough: ([Packet]) -> Bool) -> [Packet] {
        var packets: [Packet] = []
        _ = eventually {
            packets += receive().filter { !$0.isRTCP }
            return isEnough(packets)
        }
        return packets
    }

    /// Waits until nothing has come for `seconds`.
    func receiveUntilSilent(_ seconds: Double = 0.5) {
        var quiet = 0.0
        while quiet < seconds {
            usleep(20_000)
            quiet = receive().contains { !$0.isRTCP } ? 0 : quiet + 0.02
        }
    }

    /// Sends to whoever sent last.
    func send(_ words: [UInt32]) {
        let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
        withUnsafeMutableBytes(of: &peer) {
            let pointer = $0.assumingMemoryBound(to: sockaddr.self).baseAddress
            _ = sendto(descriptor, bytes, bytes.count, 0, pointer, socklen_t($0.count))
        }
    }

    /// Sends a packet on to another port on loopback.
    func forward(_ packet: Packet, to port: UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        withUnsafeMutableBytes(of: &address) {
            let pointer = $0.assumingMemoryBound(to: sockaddr.self).baseAddress
            _ = sendto(descriptor, packet.bytes, packet.bytes.count, 0, pointer, socklen_t($0.count))
        }
    }

    func sendPictureLossIndication(for ssrc: UInt32) { send([0x81ce_0002, 1, ssrc]) }

    /// Sends it from this receiver's port to whoever sends to the other one.
    func sendPictureLossIndication(for ssrc: UInt32, toPeerOf other: RTPReceiver) {
        peer = other.peer
        sendPictureLossIndication(for: ssrc)
    }
}
