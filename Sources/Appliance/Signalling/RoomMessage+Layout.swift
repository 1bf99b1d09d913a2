internal import RemoteControl

extension RoomMessage {
    /// The desk's keyboard layout.
    package struct Layout: Encodable, Hashable, Sendable {
        /// Its name; `nil`, in JSON `null`: the one that the desk came with.
        package var layout: String?
        /// Whether it follows the keyboard of whoever drives.
        package var follows: Bool
        /// Whether this person may choose it.
        package var mayChoose: Bool

        package init(layout: String?, follows: Bool, mayChoose: Bool) {
            self.layout = layout
            self.follows = follows
            self.mayChoose = mayChoose
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(layout, forKey: .layout)
            try container.encode(follows, forKey: .follows)
            try container.encode(mayChoose, forKey: .mayChoose)
        }

        private enum Key: CodingKey { case layout, follows, mayChoose }
    }
}
