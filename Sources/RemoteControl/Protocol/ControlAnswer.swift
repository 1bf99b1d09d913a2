/// What the desk answers to the holder's events: goes to their page on the channel `control`.
public enum ControlAnswer: Hashable, Sendable {
    case echo(TypingEcho)
    case held(HeldAnswer)
    case text(TextReceipt)

    /// The lease under which the events came.
    public var lease: LeaseID {
        switch self {
        case .echo(let echo): echo.lease
        case .held(let answer): answer.lease
        case .text(let receipt): receipt.lease
        }
    }

    /// As bytes of its own; allocates.
    public func encoded() -> [UInt8] {
        switch self {
        case .echo(let echo): echo.encoded()
        case .held(let answer): answer.encoded()
        case .text(let receipt): receipt.encoded()
        }
    }
}
