import TestSupport
import Testing
import Wire

@Suite struct SCTPInitiationTests {
    static let initiation = SCTPInitiation(
        tag: 0xaabb_ccdd,
        receiverWindow: 0x2_0000,
        outboundStreams: 10,
        inboundStreams: 20,
        initialTSN: TSN(7)
    )
    static let fixed = "aabbccdd 00020000 000a 0014 00000007"

    @Test func writesAndReadsAnInitiation() throws {
        let bytes = written { Self.initiation.write(into: &$0) }
        // The length leaves out the padding of the last parameter.
        #expect(bytes == [UInt8](hex: "0100001e \(Self.fixed) c0000004 80080006 82c00000"))
        let (read, parameters) = try Self.read(bytes)
        #expect(read == Self.initiation)
        #expect(parameters == SCTPInitiation.Parameters())
    }

    @Test func writesAndReadsAnAnswer() throws {
        let bytes = written {
            Self.initiation.write(cookie: [1, 2, 3], unrecognized: [[0xc1, 0, 0, 4]], into: &$0)
        }
        #expect(
            bytes
                == [UInt8](
                    hex:
                        "02000030 \(Self.fixed) c0000004 80080006 82c00000 00070007 01020300 00080008 c1000004"
                )
        )
        let (read, parameters) = try Self.read(bytes)
        #expect(read == Self.initiation)
        #expect(parameters.cookie == (12 + 36)..<(12 + 39))
    }

    /// What Chromium and Firefox send: unknown parameters among known ones.
    @Test(arguments: [
        ("80080005 c0", true, false),
        ("80080005 82", false, true),
        ("c0000004", true, false),
        ("8002 0024 \(String(repeating: "00", count: 32)) 80040006 0001 0000 c0000004", true, false),
        ("8000 0004 80010008 00000001 c0060008 00000000", false, false),
        ("", false, false),
    ]) func readsTheExtensions(_ hex: String, forwardTSN: Bool, reconfiguration: Bool) throws {
        let (read, parameters) = try Self.read(Self.chunk(hex))
        #expect(read.supportsForwardTSN == forwardTSN)
        #expect(read.supportsReconfiguration == reconfiguration)
        #expect(parameters.unrecognized.isEmpty)
    }

    @Test func reportsAndSkipsUnknownParametersAsTheirBitsSay() throws {
        // Skip and report; skip; then stop and report, so that what follows is not read.
        let (read, parameters) = try Self.read(Self.chunk("c1230005 ff000000 81230004 41230004 c0000004"))
        #expect(parameters.unrecognized == [32..<37, 44..<48])
        #expect(!read.supportsForwardTSN)
    }

    @Test(arguments: [
        "00000000 00020000 000a 0014 00000007",
        "aabbccdd 00020000 0000 0014 00000007",
        "aabbccdd 00020000 000a 0000 00000007",
        "aabbccdd 00020000 000a 0014 00000007 000b0008 61000000",
        "aabbccdd 00020000 000a 0014 00000007 c0000003",
        "aabbccdd 00020000 000a 0014 00000007 c0000008",
    ]) func refusesValuesThatMustNotOccur(_ hex: String) {
        let value = [UInt8](hex: hex)
        #expect(throws: SCTPParseError.self) { try Self.read([1, 0, 0, UInt8(value.count + 4)] + value) }
    }

    @Test func refusesEveryTruncationOfTheFixedPart() {
        for length in 0..<16 {
            let (packet, chunk) = SCTPSample.truncated(Self.chunk(""), to: length)
            var parameters = SCTPInitiation.Parameters()
            #expect(throws: SCTPParseError.self) {
                try SCTPInitiation(chunk, in: packet.span.bytes, parameters: &parameters)
            }
        }
    }

    private static func chunk(_ parameters: String) -> [UInt8] {
        let value = [UInt8](hex: fixed + parameters)
        return [1, 0, 0, UInt8(value.count + 4)] + value
    }

    private static func read(_ bytes: [UInt8]) throws -> (SCTPInitiation, SCTPInitiation.Parameters) {
        let packet = SCTPSample.packet(bytes)
        var parameters = SCTPInitiation.Parameters()
        let chunk = try SCTPSample.chunks(of: packet)[0]
        return (try SCTPInitiation(chunk, in: packet.span.bytes, parameters: &parameters), parameters)
    }
}
