#if canImport(Wire)
internal import Wire
#endif

/// What the room tells a page about the desk's pointer, on the `cursor` channel.
///
/// ```
/// 0x41 shape:    type, 3 zero bytes, u32 serial, u16 width, u16 height, u16 hot x, u16 hot y, RGBA
/// 0x42 position: type, 3 zero bytes, u16 x, u16 y
/// ```
public enum CursorMessage: Hashable, Sendable {
    case shape(CursorShape)
    /// Only for people who do not hold the lease: the holder's own pointer is already there.
    case position(DeskPoint)

    /// The most bytes a message occupies.
    public static let maximumLength = 16 + CursorShape.maximumSide * CursorShape.maximumSide * 4
}

extension CursorMessage {
    /// Parses the message that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard let head = bytes.bigEndian(UInt32.self, at: 0) else {
            throw MalformedMessage(offset: bytes.byteCount)
        }
        switch head {
        case Self.shapeType << 24:
            self = .shape(try CursorShape(parsing: bytes, from: 4))
        case Self.positionType << 24:
            guard
                let x = bytes.bigEndian(UInt16.self, at: 4),
                let y = bytes.bigEndian(UInt16.self, at: 6),
                bytes.byteCount == 8
            else { throw MalformedMessage(offset: min(bytes.byteCount, 8)) }
            self = .position(DeskPoint(x: x, y: y))
        default:
            throw MalformedMessage(offset: 0)
        }
    }

    /// How many bytes ``write(into:)`` appends.
    public var encodedLength: Int {
        switch self {
        case .shape(let shape): 4 + CursorShape.headerLength + shape.pixels.count
        case .position: 8
        }
    }

    /// Appends the message; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        switch self {
        case .shape(let shape):
            output.append(network: Self.shapeType << 24)
            shape.write(into: &output)
        case .position(let point):
            output.append(network: Self.positionType << 24)
            point.write(into: &output)
        }
    }

    /// The message as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: encodedLength) { write(into: &$0) } }

    private static let shapeType: UInt32 = 0x41
    private static let positionType: UInt32 = 0x42
}
