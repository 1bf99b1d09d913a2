package import Access
internal import IO
internal import Wire

extension NetworkShare {
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
