/// Where a request to mediasoup-demo's broadcaster API goes, and what for.
///
/// The two generations differ in places only: the older one has `transports/…/producers` and `transports/…/consume`.
package struct BroadcastRoute: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case begin
        case connect(transport: String)
        /// `nil`: the body says.
        case consume(transport: String?)
        case end, list, look, makeTransport
        /// `nil`: the body says.
        case produce(transport: String?)
        case ready
        case resume(consumer: String)
    }

    /// `nil`: a request that concerns no broadcaster yet.
    package let peer: String?
    package let action: Action

    package init(peer: String?, action: Action) {
        self.peer = peer
        self.action = action
    }

    /// Whether a path is one of the API's, whatever the method.
    package static func takes(_ path: Substring) -> Bool { path.hasPrefix("/rooms/") }

    /// `nil`: there is nothing at this path, or not by this method.
    ///
    /// - Parameter path: Without the query.
    package init?(method: String, path: Substring) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        guard parts.count >= 2, parts[0] == "rooms", parts.dropFirst().allSatisfy(Self.isName) else {
            return nil
        }
        // One room is all there is, whatever it is called.
        let rest = Array(parts.dropFirst(2))
        if rest.isEmpty, method == "GET" {
            (peer, action) = (nil, .look)
            return
        }
        guard rest.first == "broadcasters" else { return nil }
        if rest.count == 1, method == "POST" {
            (peer, action) = (nil, .begin)
            return
        }
        guard rest.count > 1, let action = Self.action(method, Array(rest.dropFirst(2))) else { return nil }
        peer = rest[1]
        self.action = action
    }

    private static func action(_ method: String, _ parts: [String]) -> Action? {
        switch (method, parts.count, parts.first, parts.last) {
        case ("DELETE", 0, _, _): .end
        case ("GET", 1, "peerProducersInfos", _): .list
        case ("POST", 1, "consumers", _): .consume(transport: nil)
        case ("POST", 1, "join", _): .ready
        case ("POST", 1, "producers", _): .produce(transport: nil)
        case ("POST", 1, "transports", _): .makeTransport
        case ("POST", 3, "consumers", "resume"): .resume(consumer: parts[1])
        case ("POST", 3, "transports", "connect"), ("POST", 3, "transports", "plain-connect"):
            .connect(transport: parts[1])
        case ("POST", 3, "transports", "consume"): .consume(transport: parts[1])
        case ("POST", 3, "transports", "producers"): .produce(transport: parts[1])
        default: nil
        }
    }

    /// 1 to 64 of the characters that mean themselves in a path (RFC 3986 §2.3).
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "_"), UInt8(ascii: "~"):
                    true
                default: false
                }
            }
    }
}
