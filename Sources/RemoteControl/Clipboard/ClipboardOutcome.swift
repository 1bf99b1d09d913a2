/// What became of a transfer; told to whoever asked for it.
public enum ClipboardOutcome: UInt8, CaseIterable, Hashable, Sendable {
    /// It is where it was to go.
    case done = 0
    /// The sender may not do that, or not at this moment.
    case notAllowed = 1
    /// It is more than the room takes.
    case tooLarge = 2
    /// The desk is not there.
    case deskAway = 3
    /// The desk's clipboard has nothing of that kind.
    case empty = 4
    /// Nothing was copied on the desk meanwhile.
    case unchanged = 5
    /// Another transfer has to end first.
    case busy = 6
    /// What was sent is not what was announced, or nothing came for too long.
    case broken = 7
    /// The desk, or the program that has it, did not answer.
    case unanswered = 8
}
