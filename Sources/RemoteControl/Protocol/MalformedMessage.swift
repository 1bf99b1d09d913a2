/// Bytes that are not one whole, valid message.
///
/// There is one case on purpose: whatever is wrong with a message, its receiver counts and drops it.
public struct MalformedMessage: Error, Hashable, Sendable {
    /// Bytes from the start of the message to the first field that could not be accepted.
    public var offset: Int

    public init(offset: Int) {
        self.offset = offset
    }
}
