import Appliance
import Testing

@Suite struct AdmittedHostsTests {
    @Test(arguments: [
        "localhost", "localhost:8080", "LOCALHOST:1", "localhost.", "a.localhost:8080", "127.0.0.1:8080",
        "[::1]:8080",
        "192.0.2.7", "203.0.113.9:40", "[2001:db8::1]", "desk.lan:8080", "DESK.lan", "rooms.example.org",
        "cert.example",
    ])
    func knownNamesAndEveryAddressAreAnswered(_ host: String) {
        #expect(AdmittedHosts(Self.configuration).admit(host))
    }

    @Test(arguments: [
        "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "",
        "desk.lan.evil",
        "[evil]", "0x7f.1", "localhost@evil.example", "evil.example#localhost", "desk.lan evil.example",
    ])
    func aForeignNameIsRefused(_ host: String) {
        #expect(!AdmittedHosts(Self.configuration).admit(host))
    }

    @Test func whatHasNoNameComesFromNoBrowser() {
        #expect(AdmittedHosts(Self.configuration).admit(nil))
    }

    /// The certificate has been checked against it.
    @Test func overHTTPSAnyNameIsAnswered() {
        var configuration = Self.configuration
        configuration.host = "0.0.0.0"
        #expect(AdmittedHosts(configuration).admit("evil.example"))
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.hosts = ["desk.lan"]
        configuration.origins = ["https://rooms.example.org", "https://other.example:8443"]
        configuration.certificateNames = ["cert.example"]
        return configuration
    }
}
