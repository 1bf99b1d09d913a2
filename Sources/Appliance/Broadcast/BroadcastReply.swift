package import Access
package import HTTPTypes

/// What a request to the broadcaster API is answered.
package struct BroadcastReply: Hashable, Sendable {
    package var status: HTTPResponse.Status
    /// `nil`: there is none.
    package var body: JSONObject?
    /// A list in the place of an object.
    package var list: [JSONValue]?
    /// Where what was made can be asked for, below the room's address.
    package var location: String?

    package init(
        _ status: HTTPResponse.Status = .ok,
        _ body: JSONObject? = nil,
        list: [JSONValue]? = nil,
        location: String? = nil
    ) {
        self.status = status
        self.body = body
        self.list = list
        self.location = location
    }
}
