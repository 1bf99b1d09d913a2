extension RoomMessage {
    /// What one person may do with the desk's clipboard, and what it has; never what is in it.
    package struct Clipboard: Encodable, Hashable, Sendable {
        /// Whether they may put something there, while they type on the desk.
        package var toDesk = false
        /// Whether they may take what is there.
        package var fromDesk = false
        /// Bytes that are carried at most.
        package var limit: Int
        /// Counts what is copied on the desk; 0: nothing was yet, or they may not know.
        package var serial: UInt32 = 0
        /// Which flavours it has: `text`, `html`, `png`.
        package var kinds: [String] = []
        /// Of all flavours.
        package var bytes = 0
        /// Whether there is more, which is too large.
        package var tooLarge = false

        package init(limit: Int = 0) {
            self.limit = limit
        }
    }
}
