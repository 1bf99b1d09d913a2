/// Why a command on a data channel was refused; nothing was sent.
public enum DataChannelError: Error, Hashable, Sendable {
    /// The channel's or the association's send buffer has no room; try again when it has drained.
    case bufferFull
    /// Both limits of reliability are set, or the label or subprotocol is longer than 65,535 bytes.
    case invalidParameters
    /// The channel does not exist, is closing or is closed.
    case notOpen
    /// The message is longer than the peer accepts.
    case tooLong
    /// Every stream identifier that may be used is taken.
    case tooManyChannels
}
