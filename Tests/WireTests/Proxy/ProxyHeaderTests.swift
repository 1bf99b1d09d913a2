import TestSupport
import Testing
import Wire

@Suite struct ProxyHeaderTests {
    /// 192.0.2.7:50000, and [2001:db8::7]:50000.
    private static let four = SocketAddress(ipv4: 0xc000_0207, port: 50_000)
    private static let six = SocketAddress(high: 0x2001_0db8_0000_0000, low: 7, port: 50_000)
    private static let signature = "0d0a0d0a000d0a515549540a"

    static let lines: [(String, ProxyHeader)] = [
        ("PROXY TCP4 192.0.2.7 203.0.113.1 50000 443\r\n", ProxyHeader(source: four)),
        ("PROXY TCP6 2001:db8::7 ::1 50000 443\r\n", ProxyHeader(source: six)),
        ("PROXY TCP6 2001:db8:0:0:0:0:0:7 ::ffff:192.0.2.1 50000 443\r\n", ProxyHeader(source: six)),
        ("PROXY TCP6 ::ffff:192.0.2.7 2001:: 50000 443\r\n", ProxyHeader(source: four)),
        ("PROXY UNKNOWN\r\n", ProxyHeader(source: nil)),
        ("PROXY UNKNOWN ffff:f::1 ffff::1 65535 65535\r\n", ProxyHeader(source: nil)),
    ]
    static let blocks: [(String, ProxyHeader)] = [
        (signature + "2111 000c c0000207 cb007101 c350 01bb", ProxyHeader(source: four)),
        (
            signature + "2121 0024 20010db8000000000000000000000007"
                + "00000000000000000000000000000001 c350 01bb",
            ProxyHeader(source: six)
        ),
        // PP2_TYPE_ALPN, then PP2_TYPE_SSL with and without TLS.
        (
            signature + "2111 0019 c0000207 cb007101 c350 01bb 01 0002 6832 20 0005 01 00000000",
            ProxyHeader(source: four, isSecure: true)
        ),
        (
            signature + "2111 0014 c0000207 cb007101 c350 01bb 20 0005 00 00000001",
            ProxyHeader(source: four, isSecure: false)
        ),
        (signature + "2000 0000", ProxyHeader(source: nil)),
        (signature + "2011 000c c0000207 cb007101 c350 01bb", ProxyHeader(source: nil)),
        (signature + "2131 0002 0000", ProxyHeader(source: nil)),
    ]
    private static let all =
        lines.map { (Array($0.0.utf8), $0.1) } + blocks.map { ([UInt8](hex: $0.0), $0.1) }

    @Test func readsEachKindAndLeavesWhatFollows() throws {
        for (bytes, header) in Self.all {
            let read = try #require(try ProxyHeader.parse((bytes + [0x16, 3, 1]).span.bytes))
            #expect(read.header == header)
            #expect(read.length == bytes.count)
        }
    }

    @Test func waitsForTheRestOfEveryTruncation() throws {
        for (bytes, _) in Self.all {
            for count in 0..<bytes.count {
                let read = try ProxyHeader.parse(Array(bytes[..<count]).span.bytes)
                #expect(read == nil, "\(count) of \(bytes)")
            }
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "PROXX TCP4", "PROXY TCP5 192.0.2.7 203.0.113.1 50000 443\r\n",
        "PROXY TCP4 192.0.2.7 203.0.113.1 50000\r\n", "PROXY TCP4 192.0.2.256 203.0.113.1 50000 443\r\n",
        "PROXY TCP4 192.0.2 203.0.113.1 50000 443\r\n", "PROXY TCP4 192.0.2.07 203.0.113.1 50000 443\r\n",
        "PROXY TCP4 192.0.2.7 203.0.113.1 65536 443\r\n", "PROXY TCP4 192.0.2.7 203.0.113.1 +5 443\r\n",
        "PROXY TCP4 ::1 203.0.113.1 50000 443\r\n", "PROXY TCP6 192.0.2.7 ::1 50000 443\r\n",
        "PROXY TCP6 1::2::3 ::1 50000 443\r\n", "PROXY TCP6 1:2:3:4:5:6:7 ::1 50000 443\r\n",
        "PROXY TCP6 1:2:3:4:5:6:7: ::1 50000 443\r\n", "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 50000 443\r\n",
        "PROXY TCP6 fe80::1%eth0 ::1 50000 443\r\n", "PROXY TCP4  192.0.2.7 203.0.113.1 50000 443\r\n",
        "PROXY TCP4 192.0.2.7 203.0.113.1 50000 443\n", "PROXY UNKNOWN\rX\r\n", "PROXY \r\n",
        "\u{16}\u{3}\u{1}",
    ])
    func refusesLinesThatAreNone(_ line: String) {
        #expect(throws: ProxyHeader.ParseError.self) { try ProxyHeader.parse(Array(line.utf8).span.bytes) }
    }

    @Test func refusesALineThatDoesNotEnd() throws {
        let line = Array(("PROXY UNKNOWN " + String(repeating: "x", count: 200)).utf8)
        #expect(try ProxyHeader.parse(Array(line[..<106]).span.bytes) == nil)
        #expect(throws: ProxyHeader.ParseError.self) { try ProxyHeader.parse(line.span.bytes) }
    }

    @Test(arguments: [
        // Version 1 and command 2; a family there is none of; addresses, and TLVs, that are cut short; too long.
        "1111 000c c0000207 cb007101 c350 01bb", "2211 000c c0000207 cb007101 c350 01bb", "2141 0000",
        "2111 000b c0000207 cb007101 c350 01", "2111 000e c0000207 cb007101 c350 01bb 2000",
        "2111 0013 c0000207 cb007101 c350 01bb 20 0004 01000000", "2100 ffff",
        // A checksum that is wrong.
        "2111 0013 c0000207 cb007101 c350 01bb 03 0004 00000000",
    ])
    func refusesBlocksThatMeanNothing(_ hex: String) {
        let bytes = [UInt8](hex: Self.signature + hex)
        #expect(throws: ProxyHeader.ParseError.self) { try ProxyHeader.parse(bytes.span.bytes) }
    }

    @Test func readsAnyBytesWithoutTrapping() {
        var generator = SplitMix64(seed: 11)
        let beginnings = [[UInt8](hex: Self.signature + "21"), Array("PROXY TCP6 ".utf8), []]
        for round in 0..<20_000 {
            let bytes = beginnings[round % 3] + generator.bytes(upTo: 80)
            guard let read = try? ProxyHeader.parse(bytes.span.bytes) else { continue }
            #expect(read.length <= bytes.count)
        }
    }

    @Test func anySwitchedByteOfAGoodOneIsReadWithoutTrapping() {
        for (bytes, _) in Self.all {
            for index in bytes.indices {
                for value: UInt8 in [0, 0x20, 0x7f, 0xff] {
                    var changed = bytes
                    changed[index] = value
                    guard let read = try? ProxyHeader.parse(changed.span.bytes) else { continue }
                    #expect(read.length <= changed.count)
                }
            }
        }
    }
}
