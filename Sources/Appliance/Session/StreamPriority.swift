/// Which streams come first where a viewer's path does not carry all, 1…255, greater first.
///
/// Sound is no part of it: it is always sent.
package enum StreamPriority {
    /// The desk: what people are here for.
    package static let desk = 200
    /// Somebody whom the viewer has chosen to keep in sight.
    package static let pinned = 180
    /// Who leads the conversation.
    package static let speaker = 150
    package static let other = 100
    /// What somebody else is sent, small: it must take nothing from what its viewer needs.
    package static let view = 50

    package static func of(camera isPinned: Bool, isSpeaker: Bool) -> Int {
        isPinned ? pinned : isSpeaker ? speaker : other
    }
}
