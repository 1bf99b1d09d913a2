/// What a proxy sends before everything else on a connection to say who is behind it: HAProxy's PROXY protocol, version 1
/// (a line of text) or 2 (binary); `proxy-protocol.txt`, sections 2.1 and 2.2.
public struct ProxyHeader: Hashable, Sendable {
    /// Who connected to the proxy; `nil` if it speaks for itself (`LOCAL`), or does not say (`UNKNOWN`).
    public var source: SocketAddress?
    /// Whether whoever is behind it speaks TLS with the proxy (`PP2_TYPE_SSL`); `nil`: it does not say.
    public var isSecure: Bool?

    public init(source: SocketAddress?, isSecure: Bool? = nil) {
        self.source = source
        self.isSecure = isSecure
    }

    /// The bytes cannot be the beginning of a header.
    public struct ParseError: Error, Hashable, Sendable {}

    /// Reads the header at the beginning of what has come so far.
    ///
    /// - Returns: The header and its length in bytes; `nil` if there have to be more bytes.
    public static func parse(_ bytes: RawSpan) throws(ParseError) -> (header: ProxyHeader, length: Int)? {
        guard bytes.byteCount > 0 else { return nil }
        let isBinary = bytes.byte(at: 0) == signature[0]
        let beginning = isBinary ? signature : word
        for offset in 0..<min(bytes.byteCount, beginning.count)
        where bytes.byte(at: offset) != beginning[offset] {
            throw ParseError()
        }
        guard bytes.byteCount >= beginning.count else { return nil }
        return isBinary ? try parseBinary(bytes) : try parseText(bytes)
    }

    // MARK: Version 2

    /// ```
    /// |             signature: 0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a            |
    /// | version, command | family, protocol |     length of what follows      |
    /// |     source address, destination address, their ports, then TLVs       |
    /// ```
    private static func parseBinary(_ bytes: RawSpan) throws(ParseError) -> (ProxyHeader, Int)? {
        guard bytes.byteCount > signature.count else { return nil }
        let command = bytes.byte(at: signature.count)
        guard command == 0x20 || command == 0x21 else { throw ParseError() }
        guard let family = bytes.bigEndian(UInt8.self, at: 13),
            let count = bytes.bigEndian(UInt16.self, at: 14).map(Int.init)
        else { return nil }
        guard count <= longest else { throw ParseError() }
        let length = fixedLength + count
        guard bytes.byteCount >= length else { return nil }
        let whole = bytes.extracting(first: length)
        var header = ProxyHeader(source: nil)
        var addresses = 0
        switch family {
        case 0x11: addresses = 12
        case 0x21: addresses = 36
        case 0x00, 0x12, 0x22, 0x31, 0x32: addresses = count
        default: throw ParseError()
        }
        guard count >= addresses else { throw ParseError() }
        if family == 0x11, let ipv4 = whole.bigEndian(UInt32.self, at: 16),
            let port = whole.bigEndian(UInt16.self, at: 24)
        {
            header.source = SocketAddress(ipv4: ipv4, port: port)
        } else if family == 0x21, let high = whole.bigEndian(UInt64.self, at: 16),
            let low = whole.bigEndian(UInt64.self, at: 24), let port = whole.bigEndian(UInt16.self, at: 48)
        {
            header.source = SocketAddress(high: high, low: low, port: port)
        }
        header.isSecure = try isSecure(whole, from: fixedLength + addresses)
        // The proxy's own connection, such as a health check.
        return (command == 0x20 ? ProxyHeader(source: nil) : header, length)
    }

    /// What `PP2_TYPE_SSL` says, among the type-length-values at `offset`; a checksum must be right.
    private static func isSecure(_ bytes: RawSpan, from offset: Int) throws(ParseError) -> Bool? {
        var offset = offset
        var isSecure: Bool?
        while offset < bytes.byteCount {
            guard let type = bytes.bigEndian(UInt8.self, at: offset),
                let count = bytes.bigEndian(UInt16.self, at: offset + 1).map(Int.init),
                offset + 3 + count <= bytes.byteCount
            else { throw ParseError() }
            let value = offset + 3
            if type == 0x20 {
                guard count >= 5 else { throw ParseError() }
                isSecure = bytes.byte(at: value) & 0x01 != 0
            } else if type == 0x03 {
                guard count == 4, bytes.bigEndian(UInt32.self, at: value) == checksum(bytes, without: value)
                else { throw ParseError() }
            }
            offset = value + count
        }
        return isSecure
    }

    /// CRC-32c of all of it with zeros in the checksum's place.
    private static func checksum(_ bytes: RawSpan, without place: Int) -> UInt32 {
        let zeroed = (0..<bytes.byteCount).map { offset in
            (place..<place + 4).contains(offset) ? 0 : bytes.byte(at: offset)
        }
        return CRC32c.checksum(of: unsafe zeroed.span.bytes)
    }

    // MARK: Version 1

    /// `PROXY TCP4 192.0.2.7 203.0.113.1 50000 443\r\n`, at most 107 bytes.
    private static func parseText(_ bytes: RawSpan) throws(ParseError) -> (ProxyHeader, Int)? {
        var line: [UInt8] = []
        for offset in 0..<min(bytes.byteCount, longestLine) {
            let byte = bytes.byte(at: offset)
            guard byte != 0x0a else {
                guard line.last == 0x0d else { throw ParseError() }
                return (try ProxyHeader(line: line.dropLast()), offset + 1)
            }
            guard byte == 0x0d || (0x20..<0x7f).contains(byte), line.last != 0x0d else { throw ParseError() }
            line.append(byte)
        }
        guard bytes.byteCount < longestLine else { throw ParseError() }
        return nil
    }

    private init(line: ArraySlice<UInt8>) throws(ParseError) {
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard words.count >= 2 else { throw ParseError() }
        if words[1] == "UNKNOWN" {
            self.init(source: nil)
            return
        }
        guard words.count == 6, let port = Self.port(words[4]), Self.port(words[5]) != nil else {
            throw ParseError()
        }
        let isIPv4 = words[1] == "TCP4"
        guard isIPv4 || words[1] == "TCP6",
            let source = isIPv4 ? AddressText.ipv4(words[2], port) : AddressText.ipv6(words[2], port),
            (isIPv4 ? AddressText.ipv4(words[3], 0) : AddressText.ipv6(words[3], 0)) != nil
        else { throw ParseError() }
        self.init(source: source)
    }

    private static func port(_ text: String) -> UInt16? {
        guard let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
        return UInt16(text)
    }

    private static let signature: [UInt8] = [
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
    ]
    private static let word = Array("PROXY ".utf8)
    private static let fixedLength = 16
    /// Bytes of addresses and TLVs of version 2: what a proxy may have to say about a certificate.
    private static let longest = 4_096
    private static let longestLine = 107
}
