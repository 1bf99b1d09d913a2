/// What may cross between the desk's clipboard and people's.
public struct ClipboardPolicy: Hashable, Sendable {
    /// Without the way from the desk its process reads nobody's clipboard.
    public var directions: DeskDirections
    /// Bytes of all flavours together.
    public var limit: UInt32

    public init(_ directions: DeskDirections = [], limit: UInt32 = 0) {
        self.directions = directions
        self.limit = limit
    }
}
