/// What the desk's clipboard has, without the content.
public struct ClipboardOffer: Hashable, Sendable {
    /// Counts what was copied on the desk, modulo 2³²; 0: nothing was yet.
    public var serial: UInt32
    public var table: ClipboardTable
    /// Whether there is more, which is too large.
    public var hasTooLarge: Bool

    public init(serial: UInt32 = 0, table: ClipboardTable = ClipboardTable(), hasTooLarge: Bool = false) {
        self.serial = serial
        self.table = table
        self.hasTooLarge = hasTooLarge
    }
}
