/// Why a call to the ``Worker`` was refused.
public enum SFUError: Error, Hashable, Sendable {
    /// The object is in a state in which the call makes no sense; the text is for a log.
    case invalidState(String)
    /// No object has this id; it may have been closed.
    case notFound
    /// The parameters ask for something the Worker does not do; the text is for a log.
    case unsupported(String)
}
