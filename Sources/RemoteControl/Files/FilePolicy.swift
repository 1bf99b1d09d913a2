/// What may cross between the folder on the desk and people's devices.
public struct FilePolicy: Hashable, Sendable {
    public var directions: DeskDirections
    /// Bytes of one file.
    public var limit: UInt64
    /// Bytes of everything that lies in the folder, when somebody puts something there.
    public var total: UInt64

    public init(_ directions: DeskDirections = [], limit: UInt64 = 0, total: UInt64 = 0) {
        self.directions = directions
        self.limit = limit
        self.total = total
    }
}
