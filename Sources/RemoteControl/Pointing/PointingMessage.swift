#if canImport(Wire)
internal import Wire
#endif

/// What a page says of its person's pointer over the desk, on its channel `pointing`.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     0x43      |   0: gone,    |           sequence            |
/// |               |   1: shown    |                               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |               x               |               y               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |       presses so far          |         x of the last         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |         y of the last         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// Each message says all there is, so that none need be sent again: a press is in every message after it.
public struct PointingMessage: Hashable, Sendable {
    public var isShown: Bool
    /// Counts messages, from any number, modulo 65,536.
    public var sequence: UInt16
    public var point: DeskPoint
    /// Counts presses from 0 on, modulo 65,536.
    public var presses: UInt16
    /// Where the last press was; of no meaning before the first.
    public var press: DeskPoint

    public static let length = 14

    public init(
        isShown: Bool = true,
        sequence: UInt16,
        point: DeskPoint,
        presses: UInt16 = 0,
        press: DeskPoint = DeskPoint(x: 0, y: 0)
    ) {
        self.isShown = isShown
        self.sequence = sequence
        self.point = point
        self.presses = presses
        self.press = press
    }
}

extension PointingMessage {
    /// Parses the message that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard
            bytes.byteCount == Self.length,
            let head = bytes.bigEndian(UInt16.self, at: 0),
            let sequence = bytes.bigEndian(UInt16.self, at: 2),
            let x = bytes.bigEndian(UInt16.self, at: 4),
            let y = bytes.bigEndian(UInt16.self, at: 6),
            let presses = bytes.bigEndian(UInt16.self, at: 8),
            let pressX = bytes.bigEndian(UInt16.self, at: 10),
            let pressY = bytes.bigEndian(UInt16.self, at: 12)
        else { throw MalformedMessage(offset: min(bytes.byteCount, Self.length)) }
        guard head & ~1 == Self.gone else { throw MalformedMessage(offset: 0) }
        self.init(
            isShown: head != Self.gone,
            sequence: sequence,
            point: DeskPoint(x: x, y: y),
            presses: presses,
            press: DeskPoint(x: pressX, y: pressY)
        )
    }

    /// The message as bytes of its own; allocates.
    public func encoded() -> [UInt8] {
        [UInt8](writing: Self.length) {
            $0.append(network: Self.gone | (isShown ? 1 : 0))
            $0.append(network: sequence)
            point.write(into: &$0)
            $0.append(network: presses)
            press.write(into: &$0)
        }
    }

    private static let gone: UInt16 = 0x4300
}
