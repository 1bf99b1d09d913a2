/// What may cross between the folder on the desk and people's devices.
public struct FilePolicy: Hashable, Sendable {
    public struct Directions: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Onto the desk.
        public static let toDesk = Directions(rawValue: 1)
        /// From the desk.
        public static let fromDesk = Directions(rawValue: 2)

        public static let all: Directions = [.toDesk, .fromDesk]
    }

    public var directions: Directions
    /// Bytes of one file.
    public var limit: UInt64
    /// Bytes of everything that lies in the folder, when somebody puts something there.
    public var total: UInt64

    public init(_ directions: Directions = [], limit: UInt64 = 0, total: UInt64 = 0) {
        self.directions = directions
        self.limit = limit
        self.total = total
    }
}
