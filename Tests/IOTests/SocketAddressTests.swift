import IO
import Testing
import Wire

@Suite struct SocketAddressTests {
    @Test(arguments: ["127.0.0.1", "10.1.2.3", "::1", "2001:db8::42", "fe80::1"])
    func textIsReadAndWrittenAlike(_ text: String) throws {
        let address = try #require(SocketAddress(text: text, port: 5))
        #expect(address.text == text)
        #expect(address.port == 5)
    }

    @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "[::1]", "::1%lo x"])
    func anythingElseIsRefused(_ text: String) {
        #expect(SocketAddress(text: text, port: 5) == nil)
    }

    @Test func interfacesIncludeLoopbackLast() throws {
        let addresses = SocketAddress.ofInterfaces()
        #expect(addresses.contains { $0.ipv4 == 0x7f00_0001 })
        #expect(try #require(addresses.last).isLoopback)
    }
}
