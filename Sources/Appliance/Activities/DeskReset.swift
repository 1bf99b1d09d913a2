/// What became of it that the desk was to be reset: everything on it ended, and its home directory new.
package struct DeskReset: Hashable, Sendable {
    package enum Home: UInt8, CaseIterable, Hashable, Sendable {
        /// Not all of it could be deleted.
        case failed = 0
        /// It is not the room's: nothing in it was touched.
        case kept = 1
        case new = 2
    }

    /// Processes that ran, and run no more.
    package var ended: UInt16
    /// Processes that could not be ended.
    package var left: UInt16
    package var home: Home

    package init(ended: UInt16, left: UInt16, home: Home) {
        self.ended = ended
        self.left = left
        self.home = home
    }
}
