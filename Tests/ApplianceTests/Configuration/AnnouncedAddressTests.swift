import Appliance
import IO
import Testing
import Wire

@Suite struct AnnouncedAddressTests {
    @Test(arguments: [
        ("203.0.113.7", AnnouncedAddress.address(SocketAddress(ipv4: 0xcb00_7107, port: 0))),
        ("203.0.113.7:31234", .address(SocketAddress(ipv4: 0xcb00_7107, port: 31_234))),
        ("2001:db8::7", .address(SocketAddress(high: 0x2001_0db8_0000_0000, low: 7, port: 0))),
        ("[2001:db8::7]:31234", .address(SocketAddress(high: 0x2001_0db8_0000_0000, low: 7, port: 31_234))),
        ("[2001:db8::7]", .address(SocketAddress(high: 0x2001_0db8_0000_0000, low: 7, port: 0))),
        ("interfaces", .interfaces), ("rooms.example.org", .name("rooms.example.org", port: 0)),
        ("node-7:31234", .name("node-7", port: 31_234)),
        ("stun:stun.example.org", .stun("stun.example.org", port: 3_478)),
        ("stun:192.0.2.1:19302", .stun("192.0.2.1", port: 19_302)),
        ("STUN:[2001:db8::1]:3479", .stun("2001:db8::1", port: 3_479)),
    ])
    func entriesAreReadInTheirForms(_ text: String, _ entry: AnnouncedAddress) {
        #expect(AnnouncedAddress(text) == entry)
    }

    @Test(arguments: [
        "", "203.0.113", "203.0.113.256", "203.0.113.7:", "203.0.113.7:0", "203.0.113.7:65536", "stun:",
        "stun::5",
        "https://rooms.example.org", "rooms example", "[rooms]", "rooms:1:2", "2001:db8::7:g",
    ])
    func whatIsNoneIsRefused(_ text: String) {
        #expect(AnnouncedAddress(text) == nil)
    }

    @Test func namesOfThisMachineAreResolved() {
        let found = SocketAddress.resolving("localhost", port: 5)
        #expect(found.contains { $0.isLoopback && $0.port == 5 })
        #expect(Set(found).count == found.count)
    }
}
