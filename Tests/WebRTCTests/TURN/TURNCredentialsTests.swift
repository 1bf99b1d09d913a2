import TestSupport
import Testing
import WebRTC
import Wire

@Suite struct TURNCredentialsTests {
    // printf 1700000060:7 | openssl dgst -sha1 -hmac north -binary | base64
    @Test func aPasswordIsMadeOfTheNameAndTheSecret() {
        let name = TURNCredentials.username(for: 7, until: 1_700_000_060)
        #expect(name == "1700000060:7")
        #expect(TURNCredentials(secret: "north").password(for: name) == "pdabs7RuBiON10TgiRlC8G2gttc=")
        #expect(TURNCredentials().password(for: name) != TURNCredentials().password(for: name))
    }

    // printf 1700000060:7:room:pdabs7RuBiON10TgiRlC8G2gttc= | openssl dgst -md5
    @Test func theKeyIsThatOfALongTermCredential() {
        let credentials = TURNCredentials(secret: "north", realm: "room")
        #expect(credentials.key(for: "1700000060:7") == [UInt8](hex: "606a7e856c24e6cbe9b8a35f2337aadf"))
    }

    /// RFC 5769 §2.4: the key is MD5 of name, realm and password, and the message is another program's.
    @Test func theSampleIsAuthenticWithItsKeyOnly() throws {
        let sample = [UInt8](
            hex: """
                00010060 2112a442 78ad3433c6ad72c029da412e
                00060012 e3839ee38388e383aae38383e382af e382b90000
                0015001c 662f2f3439396b39353464364f4c33346f4c39465354767936347341
                0014000b 6578616d706c652e6f726700
                00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666
                """
        )
        // printf 'マトリックス:example.org:TheMatrIX' | openssl dgst -md5
        let key = [UInt8](hex: "e8ca7ad59d5eb0518e312911d2dab2a9")
        let message = try STUNMessage(parsing: sample.span.bytes)
        let isAuthentic = message.isAuthentic(sample.span.bytes, key: key)
        #expect(isAuthentic)
        let isAnother = message.isAuthentic(sample.span.bytes, key: Array(key.dropLast() + [0]))
        #expect(!isAnother)
    }
}
