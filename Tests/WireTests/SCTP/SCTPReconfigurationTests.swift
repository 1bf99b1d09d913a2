import TestSupport
import Testing
import Wire

@Suite struct SCTPReconfigurationTests {
    static let table: [(SCTPReconfiguration, String)] = [
        (
            .outgoingReset(request: 1, response: 2, lastTSN: TSN(3), streams: [4]),
            "82000016 000d0012 00000001 00000002 00000003 0004 0000"
        ),
        (
            .outgoingReset(request: 1, response: 2, lastTSN: TSN(3), streams: []),
            "82000014 000d0010 00000001 00000002 00000003"
        ),
        (.response(to: 7, .inProgress), "82000010 0010000c 00000007 00000006"),
        (.addOutgoingStreams(request: 8, count: 16), "82000010 0011000c 00000008 0010 0000"),
    ]

    @Test(arguments: table) func readsWhatItWrites(_ value: SCTPReconfiguration, _ hex: String) throws {
        let bytes = written { value.write(into: &$0) }
        #expect(bytes == [UInt8](hex: hex))
        #expect(bytes.count == value.length)
        #expect(try Self.read(bytes) == [value])
    }

    @Test(arguments: ["000e0008 00000005", "000f0008 00000005", "0012000c 00000005 00010000"])
    func readsOtherRequestsByNumber(_ hex: String) throws {
        let value = [UInt8](hex: hex)
        #expect(try Self.read([130, 0, 0, UInt8(value.count + 4)] + value) == [.other(request: 5)])
    }

    /// As Chromium answers: a response and its own request in one chunk; a response that also tells TSNs.
    @Test func readsTwoParametersAndLongResponses() throws {
        let bytes = [UInt8](
            hex:
                "8200002e 00100014 00000007 00000001 00000001 00000002 000d0016 00000001 00000002 00000003 0004 0005 0006 0000"
        )
        #expect(
            try Self.read(bytes) == [
                .response(to: 7, .performed),
                .outgoingReset(request: 1, response: 2, lastTSN: TSN(3), streams: [4, 5, 6]),
            ]
        )
    }

    @Test(arguments: [
        "000d000e 00000001 00000002 0000", "000d0011 00000001 00000002 00000003 04000000",
        "00100008 00000007",
        "00110008 00000008", "000e0006 0000",
    ]) func refusesWrongLengths(_ hex: String) {
        let value = [UInt8](hex: hex)
        #expect(throws: SCTPParseError.self) { try Self.read([130, 0, 0, UInt8(value.count + 4)] + value) }
    }

    @Test func passesOverUnknownParameters() throws {
        #expect(try Self.read([UInt8](hex: "8200000c 00630008 00000001")) == [nil])
    }

    private static func read(_ bytes: [UInt8]) throws -> [SCTPReconfiguration?] {
        let packet = SCTPSample.packet(bytes)
        var parameters = SCTPParameterList(in: try SCTPSample.chunks(of: packet)[0].value)
        var read: [SCTPReconfiguration?] = []
        while let parameter = try parameters.next(in: packet.span.bytes) {
            read.append(try SCTPReconfiguration(parameter, in: packet.span.bytes))
        }
        return read
    }
}
