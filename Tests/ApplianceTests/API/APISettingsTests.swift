import Access
import Appliance
import Testing

@Suite struct APISettingsTests {
    @Test func aSecretIsToldOnlyToBeSet() {
        let secret = "0123456789abcdef0123456789abcdef"
        let read = ReadSettings(
            SettingSources(
                flags: ["access.secret=\(secret)"],
                file: nil,
                environment: ["DESKROOM_HTTP_PORT": "8443"],
                usual: nil
            )
        )
        let text = String(decoding: APISettings(read.effective).object.bytes, as: UTF8.self)
        #expect(!text.contains(secret))
        #expect(
            text.contains(
                #"{"key":"access.secret","variable":"DESKROOM_ACCESS_SECRET","kind":"text","isSecret":true,"isSet":true,"#
                    + #""source":"flag"}"#
            )
        )
        #expect(text.contains(#""isSecret":true,"isSet":false,"source":"default"}"#))
        #expect(text.contains(#""isSet":true,"value":"8443","source":"environment"}"#))
    }
}
