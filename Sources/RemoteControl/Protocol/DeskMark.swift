/// A number in the commands to the desk that the desk answers with when everything before it has been done,
/// by the X server too.
public struct DeskMark: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }
}
