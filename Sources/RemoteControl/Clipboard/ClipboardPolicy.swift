/// What may cross between the desk's clipboard and people's.
public struct ClipboardPolicy: Hashable, Sendable {
    public struct Directions: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Onto the desk.
        public static let toDesk = Directions(rawValue: 1)
        /// From the desk: without it the desk process reads nobody's clipboard.
        public static let fromDesk = Directions(rawValue: 2)

        public static let all: Directions = [.toDesk, .fromDesk]
    }

    public var directions: Directions
    /// Bytes of all flavours together.
    public var limit: UInt32

    public init(_ directions: Directions = [], limit: UInt32 = 0) {
        self.directions = directions
        self.limit = limit
    }
}
