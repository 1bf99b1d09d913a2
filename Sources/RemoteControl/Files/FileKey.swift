/// What a page calls one upload by, so that it can go on with it by another connection: a number that nobody can guess.
public struct FileKey: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
