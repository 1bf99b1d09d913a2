internal import IO
package import Wire

/// Whose share of the room's places and connections something counts for: an IPv4 address, or the first 64 bits
/// of an IPv6 address, of which whoever has one has all (RFC 6177).
package struct NetworkShare: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    package init(_ address: SocketAddress) {
        high = address.high
        low = address.ipv4 == nil ? 0 : address.low
    }

    /// Reads an address in text form, perhaps with brackets or a port, as proxies write it; `nil` for anything
    /// else.
    package init?(text: String) {
        var text = text[...]
        if text.first == "[", let end = text.firstIndex(of: "]") {
            text = text[text.index(after: text.startIndex)..<end]
        } else if text.count(where: { $0 == ":" }) == 1, let colon = text.firstIndex(of: ":") {
            text = text[..<colon]
        }
        guard let address = SocketAddress(text: String(text), port: 0) else { return nil }
        self.init(address)
    }
}
