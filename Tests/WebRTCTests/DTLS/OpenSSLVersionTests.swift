import COpenSSL
import Glibc
import Testing

@Suite struct OpenSSLVersionTests {
    /// `scripts/openssl-versions` asks.
    @Test func `OpenSSL has the version that was asked for`() {
        let version = String(cString: OpenSSL_version(OPENSSL_VERSION))
        print(version)
        let wanted = getenv("DESKROOM_TEST_OPENSSL").map { String(cString: $0) } ?? ""
        #expect(version.hasPrefix("OpenSSL \(wanted)"))
    }
}
