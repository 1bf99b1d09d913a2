/// The end of a page's connection where there is no page: what the room would tell a page is heard here.
package struct OutsideEnd: Sendable {
    package enum News: Hashable, Sendable {
        /// As a page would be told.
        case message(RoomMessage)
        /// The connection is secured (DTLS): somebody is there.
        case secured
    }

    package let client: OutsideClient
    /// How they are sent the desk.
    package let style: SubscribeStyle
    /// Returns at once.
    let hear: @Sendable (News) -> Void

    package init(_ client: OutsideClient, style: SubscribeStyle, hear: @escaping @Sendable (News) -> Void) {
        self.client = client
        self.style = style
        self.hear = hear
    }
}
