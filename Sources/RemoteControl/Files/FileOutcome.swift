/// What became of a transfer; told to whoever asked for it.
public enum FileOutcome: UInt8, CaseIterable, Hashable, Sendable {
    /// It is where it was to go, and is what was sent.
    case done = 0
    /// The person may not do that, or not any more.
    case notAllowed = 1
    /// It is larger than one file may be.
    case tooLarge = 2
    /// The desk is not there.
    case deskAway = 3
    /// The folder has no such file, or it is none that is offered.
    case notThere = 4
    /// The file was changed meanwhile.
    case changed = 5
    /// Another transfer has to end first, or too many were asked for.
    case busy = 6
    /// What was sent is not what was announced, or nothing came for too long.
    case broken = 7
    /// The disk is full.
    case noSpace = 8
    /// The folder has as much as it may have.
    case folderFull = 9
    /// The folder cannot be made or written.
    case cannotWrite = 10
    /// The file cannot be read.
    case cannotRead = 11
}
