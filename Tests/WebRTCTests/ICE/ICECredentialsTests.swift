import Testing
import WebRTC

@Suite struct ICECredentialsTests {
    @Test func randomCredentialsHaveTheFormOfTheStandard() {
        for _ in 0..<100 {
            let credentials = ICECredentials.random()
            // At least 24 and 128 random bits (RFC 8445 §5.3), at 6 bits a character; short names stay
            // inline.
            #expect((4...15).contains(credentials.usernameFragment.utf8.count))
            #expect((22...256).contains(credentials.password.utf8.count))
            for character in credentials.usernameFragment + credentials.password {
                #expect(
                    character.isASCII
                        && (character.isLetter || character.isNumber || "+/".contains(character))
                )
            }
        }
    }

    @Test func randomCredentialsDiffer() {
        let many = (0..<1_000).map { _ in ICECredentials.random() }
        #expect(Set(many.map(\.usernameFragment)).count == many.count)
        #expect(Set(many.map(\.password)).count == many.count)
    }
}
