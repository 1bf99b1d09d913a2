internal import IO
internal import Wire

/// Where a room's page is, as it prints it: `http://127.0.0.1:8080/`.
struct RoomAddress {
    let address: SocketAddress
    let host: String
    let isSecure: Bool

    /// `nil` if it is not an HTTP address with `localhost` or an IPv4 address.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count >= 2, let scheme = ["http:": false, "https:": true][String(parts[0])] else {
            return nil
        }
        host = String(parts[1])
        isSecure = scheme
        let fields = host.split(separator: ":")
        let name = fields[0] == "localhost" ? "127.0.0.1" : String(fields[0])
        guard let port = fields.count == 2 ? UInt16(fields[1]) : (isSecure ? 443 : 80),
            let address = SocketAddress(text: name, port: port), address.ipv4 != nil
        else { return nil }
        self.address = address
    }
}
