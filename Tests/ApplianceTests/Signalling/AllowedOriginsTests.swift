import Appliance
import Testing

@Suite struct AllowedOriginsTests {
    @Test func anOriginIsAllowedAsABrowserSendsIt() throws {
        let origins = try AllowedOrigins([
            "https://Clinic.example/", "https://clinic.example:443", "http://localhost:3000",
        ])
        #expect(origins.all == ["https://clinic.example", "http://localhost:3000"])
        #expect(origins.allows("https://clinic.example"))
        #expect(origins.allows("http://localhost:3000"))
        #expect(origins.frameAncestors == "https://clinic.example http://localhost:3000")
    }

    @Test(
        arguments: [
            nil, "", "null", "*", "http://clinic.example", "https://clinic.example:8443",
            "https://clinic.example.evil.example", "https://evil.example", "https://clinic.example/",
            "https://www.clinic.example",
        ] as [String?]
    )
    func noOtherIs(_ origin: String?) throws {
        #expect(try !AllowedOrigins(["https://clinic.example"]).allows(origin))
        #expect(!AllowedOrigins().allows(origin))
    }

    @Test func byDefaultNobodyIs() throws {
        #expect(AllowedOrigins().isEmpty)
        #expect(AllowedOrigins().frameAncestors == "'none'")
        #expect(try Configuration(reading: SettingValues([:])).allowedOrigins == AllowedOrigins())
    }

    @Test(arguments: [
        ("*", "everybody"), ("null", "everybody"), ("clinic.example", "https://"),
        ("https://clinic.example/rooms", "path"), ("https://*.clinic.example", "no host"),
        ("https://clinic.example;script-src *", "no host"), ("https://", "no host"),
        ("wss://clinic.example", "https://"),
    ])
    func whatIsNoOriginIsRefusedInWords(_ text: String, _ words: String) {
        let values = SettingValues(["page.origins": "https://good.example,\(text)"])
        let error = #expect(throws: ConfigurationError.self) { _ = try Configuration(reading: values) }
        #expect(error?.key == "page.origins")
        #expect(error?.problem.contains("“\(text)”") == true)
        #expect(error?.problem.contains(words) == true, "\(String(describing: error))")
    }
}
