import Access
import Audit
import Testing

@Suite struct AuditHeadTests {
    @Test(arguments: [SignatureAlgorithm.edDSA, .es256])
    func aSignedHeadIsConfirmedByItsKeyAlone(_ algorithm: SignatureAlgorithm) throws {
        var chain = AuditChain()
        _ = Samples.lines(3, chain: &chain)
        let key = try AsymmetricKey.generate(algorithm)
        let head = try AuditHead(chain, signedWith: key)
        let read = try #require(AuditHead(parsing: head.bytes))
        #expect(read == head && head.count == 3 && head.hash == chain.hash)
        let open = try AsymmetricKey.all(pem: Array(key.publicPEM.utf8))[0]
        #expect(read.isSigned(by: open))
        #expect(try !read.isSigned(by: .generate(algorithm)))
        #expect(try !AuditHead(chain).isSigned(by: open))

        // Another number or another hash with the same signature.
        let text = String(decoding: head.bytes, as: UTF8.self)
        for changed in [
            text.replacing(#""n":3"#, with: #""n":2"#),
            text.replacing("\(chain.hash)", with: "\(Samples.digest)"),
        ] {
            let forged = try #require(AuditHead(parsing: Array(changed.utf8)))
            #expect(forged != head && !forged.isSigned(by: open))
        }
    }

    @Test func whatIsNoHeadIsRefused() throws {
        let whole = try AuditHead(AuditChain(), signedWith: .generate()).bytes.dropLast()
        for count in 0..<whole.count { #expect(AuditHead(parsing: Array(whole[..<count])) == nil) }
        for text in [
            #"{"n":-1,"hash":"\#(Samples.digest)"}"#, #"{"n":1.5,"hash":"\#(Samples.digest)"}"#,
            #"{"n":1,"hash":""}"#,
            #"{"n":1,"hash":"\#(Samples.digest)","signature":1}"#,
            #"{"n":1,"hash":"\#(Samples.digest)","signature":"="}"#,
        ] { #expect(AuditHead(parsing: Array(text.utf8)) == nil) }
    }
}
