import TLS
import Testing

@Suite struct KeptPEMTests {
    private static let names: [TLSName] = [.host("desk.example"), .address([192, 0, 2, 7])]

    @Test func whatIsKeptIsTheSameAgain() throws {
        let made = try TLSCertificate(for: Self.names)
        let kept = try TLSCertificate(pem: made.pem)
        #expect(kept.der == made.der && !kept.der.isEmpty)
        #expect(kept.names(Self.names))
        #expect(!kept.names([.host("desk.example")]) && !kept.names(Self.names.reversed()) && !kept.names([]))
        _ = try TLSContext(kept)
    }

    @Test func itKnowsUntilWhenItIsValid() throws {
        let dates = try #require(TLSCertificate(for: Self.names).dates)
        #expect(dates.notAfter - dates.notBefore == 366 * 86_400)
    }

    @Test func everyTruncationAndAnotherKeyAreRefused() throws {
        let pem = try TLSCertificate(for: Self.names).pem
        for count in stride(from: 0, to: pem.count - 2, by: 7) {
            #expect(throws: TLSError.self) { try TLSCertificate(pem: Array(pem.prefix(count))) }
        }
        let other = try TLSCertificate(for: Self.names).pem
        let mark = Array("-----BEGIN CERTIFICATE".utf8)
        func split(_ bytes: [UInt8]) throws -> Int {
            try #require((0..<bytes.count - mark.count).first { bytes[$0...].starts(with: mark) })
        }
        let mixed = try Array(pem[..<split(pem)] + other[split(other)...])
        #expect(throws: TLSError.self) { try TLSCertificate(pem: mixed) }
    }
}
