extension RoomMessage {
    /// Whom the desk's programs hear; everybody is told the same.
    package struct DeskEars: Encodable, Hashable, Sendable {
        package enum State: String, Encodable, Hashable, Sendable {
            /// Nobody is to be heard.
            case off
            case starting
            case on
            /// The sound server is not there at the moment; the room goes on trying.
            case noServer
            /// Whoever runs the room has to make a sink.
            case noSink
        }

        /// Whether anybody can be heard in this room.
        package var offered: Bool
        /// How many at once.
        package var most: Int
        /// Who is, by person, in the order in which they were chosen.
        package var people: [UInt64]
        package var state: State

        package init(offered: Bool, most: Int, people: [UInt64] = [], state: State = .off) {
            self.offered = offered
            self.most = most
            self.people = people
            self.state = state
        }
    }
}
