import Appliance
import Testing
import Wire

@Suite struct RoomAddressTests {
    private static func address(
        host: String,
        origins: [String] = [],
        names: [String] = [],
        media: [String] = [],
        outside: String? = nil
    ) -> RoomAddress {
        var configuration = Configuration()
        configuration.host = host
        configuration.origins = origins
        configuration.certificateNames = names
        configuration.announcedAddresses = media
        let interfaces = [SocketAddress(ipv4: 0xc000_0207, port: 0)]
        return RoomAddress(configuration, port: 8443, outside: outside, interfaces: interfaces)
    }

    @Test(arguments: [
        ("127.0.0.1", "http://localhost:8443/"), ("::1", "http://localhost:8443/"),
        ("desk.example", "https://desk.example:8443/"), ("2001:db8::1", "https://[2001:db8::1]:8443/"),
    ])
    func anAddressThatIsListenedOnIsTheRooms(_ host: String, _ text: String) {
        let found = Self.address(host: host, names: ["other.example"], media: ["203.0.113.5"])
        #expect(found.text == text && found.note == nil)
    }

    @Test func whatIsNamedForOutsideIsPrintedWhereTheRoomListensEverywhere() {
        #expect(
            Self.address(host: "0.0.0.0", names: ["localhost", "a.example"]).text == "https://a.example:8443/"
        )
        #expect(
            Self.address(host: "::", media: ["127.0.0.1", "203.0.113.5"]).text == "https://203.0.113.5:8443/"
        )
        let proxied = Self.address(host: "127.0.0.1", origins: ["https://rooms.example"])
        #expect(proxied.text == "https://rooms.example/")
        #expect(proxied.note == "Inside it is http://localhost:8443/")
        let based = Self.address(
            host: "::",
            origins: ["https://b.example"],
            outside: "https://c.example/s/4/"
        )
        #expect(based.text == "https://c.example/s/4/")
    }

    @Test func anAddressThatMayBeInsideOnlySaysWhichSettingNamesTheOther() {
        let found = Self.address(host: "0.0.0.0")
        #expect(found.text == "https://192.0.2.7:8443/")
        #expect(found.note?.contains("http.origins (DESKROOM_HTTP_ORIGINS)") == true)
    }
}
