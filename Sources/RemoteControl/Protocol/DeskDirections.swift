/// Which ways something may go between the desk and people's devices.
public struct DeskDirections: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Onto the desk.
    public static let toDesk = DeskDirections(rawValue: 1)
    public static let fromDesk = DeskDirections(rawValue: 2)

    public static let all: DeskDirections = [.toDesk, .fromDesk]
}
