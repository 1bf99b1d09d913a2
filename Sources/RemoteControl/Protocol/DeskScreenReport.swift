#if canImport(Wire)
internal import Wire
#endif

/// How large the desk's screen is, and how large it can be made.
///
/// ```
/// u8 outcome, u16 width, u16 height, u16 largest width, u16 largest height
/// ```
public struct DeskScreenReport: Hashable, Sendable {
    /// What became of a ``DeskCommand/setScreenSize(_:)``.
    public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
        /// Nobody has asked: the screen has come, or something else has changed it.
        case told = 0
        case done = 1
        /// The X server has not done it.
        case refused = 2
        /// There is no screen.
        case absent = 3
    }

    public var outcome: Outcome
    /// Pixels, as the X server has them: they may be odd; 0 while there is no screen.
    public var width: UInt16
    public var height: UInt16
    /// Pixels; 0: the size of this screen cannot be changed.
    public var largestWidth: UInt16
    public var largestHeight: UInt16

    public init(
        _ outcome: Outcome,
        width: UInt16 = 0,
        height: UInt16 = 0,
        largestWidth: UInt16 = 0,
        largestHeight: UInt16 = 0
    ) {
        self.outcome = outcome
        self.width = width
        self.height = height
        self.largestWidth = largestWidth
        self.largestHeight = largestHeight
    }
}

extension DeskScreenReport {
    static let encodedLength = 9

    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let outcome = bytes.bigEndian(UInt8.self, at: start).flatMap(Outcome.init(rawValue:)),
            let width = bytes.bigEndian(UInt16.self, at: start + 1),
            let height = bytes.bigEndian(UInt16.self, at: start + 3),
            let largestWidth = bytes.bigEndian(UInt16.self, at: start + 5),
            let largestHeight = bytes.bigEndian(UInt16.self, at: start + 7),
            bytes.byteCount == start + Self.encodedLength
        else { throw MalformedMessage(offset: start) }
        self.init(
            outcome,
            width: width,
            height: height,
            largestWidth: largestWidth,
            largestHeight: largestHeight
        )
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(outcome.rawValue)
        output.append(network: width)
        output.append(network: height)
        output.append(network: largestWidth)
        output.append(network: largestHeight)
    }
}

extension DeskSize {
    /// Reads the size that the message ends with: u16 width, u16 height.
    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let width = bytes.bigEndian(UInt16.self, at: start),
            let height = bytes.bigEndian(UInt16.self, at: start + 2),
            bytes.byteCount == start + 4, (width | height) & 1 == 0,
            let size = Self(width: Int(width), height: Int(height))
        else { throw MalformedMessage(offset: start) }
        self = size
    }
}
