import TestSupport
import Wire

/// The test vectors of RFC 5769 §2.1 to §2.3.
enum STUNSample {
    static let request = bytes(
        """
        00010058 2112a442 b7e7a701bc34d686fa87dfae
        80220010 5354554e207465737420636c69656e74
        00240004 6e0001ff
        80290008 932ff9b151263b36
        00060009 6576746a3a68367659202020
        00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
        80280004 e57a3bcf
        """
    )

    static let ipv4Response = bytes(
        """
        0101003c 2112a442 b7e7a701bc34d686fa87dfae
        8022000b 7465737420766563746f7220
        00200008 0001a147e112a643
        00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
        80280004 c07d4c96
        """
    )

    static let ipv6Response = bytes(
        """
        01010048 2112a442 b7e7a701bc34d686fa87dfae
        8022000b 7465737420766563746f7220
        00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
        00080014 a382954e4be67bf11784c97c8292c275bfe3ed41
        80280004 c8fb0b4c
        """
    )

    static let all = [request, ipv4Response, ipv6Response]

    static let id = STUNTransactionID(high: 0xb7e7_a701, low: 0xbc34_d686_fa87_dfae)
    static let ipv4 = SocketAddress(ipv4: 0xc000_0201, port: 32_853)
    static let ipv6 = SocketAddress(high: 0x2001_0db8_1234_5678, low: 0x0011_2233_4455_6677, port: 32_853)

    static func parse(_ bytes: [UInt8]) throws(STUNParseError) -> STUNMessage {
        try STUNMessage(parsing: bytes.span.bytes)
    }

    static func integrity(_ bytes: [UInt8], of message: STUNMessage) -> STUNIntegrity? {
        message.messageIntegrity.flatMap { STUNIntegrity(bytes.span.bytes, at: $0.lowerBound) }
    }

    static func localUsernameFragment(of bytes: [UInt8]) -> String? {
        STUNMessage.localUsernameFragment(of: bytes.span.bytes)
    }

    /// The message that `write` produces.
    static func written(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
        var queue = TransmitQueue(capacity: 1)
        queue.append(to: ipv4, write)
        return queue.withBytes(at: 0) { message in message.withUnsafeBytes { Array($0) } }
    }

    /// `message` with other attributes: the header of §2.1, and its length set right.
    static func request(attributes: String) -> [UInt8] {
        let attributes = bytes(attributes)
        var message = bytes("0001 0000 2112a442 b7e7a701bc34d686fa87dfae") + attributes
        message[2] = UInt8(attributes.count >> 8)
        message[3] = UInt8(attributes.count & 0xff)
        return message
    }

    /// The bytes that hexadecimal digits stand for; anything else is skipped.
    static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
