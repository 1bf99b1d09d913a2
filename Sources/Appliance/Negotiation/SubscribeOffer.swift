/// An offer of the room, of its sections as they were when it was made.
package struct SubscribeOffer: Sendable {
    /// Counts up from 1, for the answer to name.
    package let id: Int
    private let session: SubscribeSession

    init(id: Int, session: SubscribeSession) {
        self.id = id
        self.session = session
    }

    /// Written anew on each use: of a full room it is some hundred kilobytes.
    package var sdp: String { session.offerText }
}
