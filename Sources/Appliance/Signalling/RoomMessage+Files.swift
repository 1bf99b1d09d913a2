extension RoomMessage {
    /// What one person may do with files, and which they are handed.
    package struct Files: Encodable, Hashable, Sendable {
        /// A file of the folder that somebody hands this person, who may take it.
        package struct Offer: Encodable, Hashable, Sendable {
            package var id: UInt32
            /// Who hands it to them.
            package var from: UInt64
            package var name: String
            /// Bytes.
            package var size: UInt64
        }

        /// Whether they may put files on the desk.
        package var toDesk = false
        /// Whether they may take files from there.
        package var fromDesk = false
        /// Whether they may hand one to somebody else.
        package var hand = false
        /// Bytes of one file at most.
        package var limit: Int
        package var offers: [Offer] = []

        package init(limit: Int = 0) {
            self.limit = limit
        }
    }
}
