import COpenSSL
import TLS
import Testing

@Suite struct TLSCertificateTests {
    @Test func itNamesWhatItWasMadeForAndNothingElse() throws {
        let text = try text(of: TLSCertificate(for: [.host("desk.example"), .address([192, 0, 2, 7])]))
        #expect(text.contains("DNS:desk.example, IP Address:192.0.2.7\n"))
        #expect(text.contains("TLS Web Server Authentication"))
        #expect(text.contains("CA:FALSE"))
        #expect(text.contains("ecdsa-with-SHA256"))
    }

    @Test func aCommaInANameBeginsNoOther() throws {
        let text = try text(of: TLSCertificate(for: [.host("a.example,DNS:b.example")]))
        #expect(text.contains("DNS:a.example,DNS:b.example\n"))
        #expect(!text.contains(", DNS:b.example"))
    }

    @Test func eachHasAKeyAndANumberOfItsOwn() throws {
        let one = try TLSCertificate(for: [.host("a")]).der
        #expect(!one.isEmpty)
        #expect(try one != TLSCertificate(for: [.host("a")]).der)
    }

    @Test func aFileThatIsMissingOrNoneIsRefusedInWords() {
        let missing = #expect(throws: TLSError.self) {
            _ = try TLSContext(chainFile: "/nowhere/chain.pem", keyFile: "/nowhere/key.pem")
        }
        #expect(missing?.reason == "No such file or directory")
        let foreign = #expect(throws: TLSError.self) {
            _ = try TLSContext(chainFile: #filePath, keyFile: #filePath)
        }
        #expect(foreign?.reason == "no start line")
    }

    /// What `openssl x509 -text` prints.
    private func text(of certificate: TLSCertificate) throws -> String {
        let der = certificate.der
        let parsed = try #require(
            der.withUnsafeBufferPointer { bytes in
                var at = bytes.baseAddress
                return d2i_X509(nil, &at, bytes.count)
            }
        )
        defer { X509_free(parsed) }
        let output = try #require(BIO_new(BIO_s_mem()))
        defer { BIO_free(output) }
        #expect(X509_print(output, parsed) == 1)
        var bytes = [UInt8](repeating: 0, count: Int(BIO_ctrl_pending(output)))
        let count = BIO_read(output, &bytes, CInt(bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }
}
