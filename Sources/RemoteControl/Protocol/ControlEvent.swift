#if canImport(Wire)
internal import Wire
#endif

/// One input event as the holder of the control lease sends it.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     type      |   flags = 0   |    sequence (moves) or 0      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           lease id                            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                   client time, ms, wrapping                   |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                        body, 0 to 8 bytes                     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The encoding is canonical: an event has one byte sequence, and every accepted byte sequence is one
/// event. `docs/control-protocol.md` gives the bodies and the reasons.
public struct ControlEvent: Hashable, Sendable {
    /// The lease under which the event was sent.
    public var lease: LeaseID
    /// Orders pointer moves modulo 2^16, because they travel unordered; 0 for every other event.
    public var sequence: UInt16
    /// The sender's clock in milliseconds, wrapping; orders moves against buttons, and measures delay.
    public var clientTime: UInt32
    public var action: ControlAction

    public init(lease: LeaseID, sequence: UInt16 = 0, clientTime: UInt32, action: ControlAction) {
        self.lease = lease
        self.sequence = sequence
        self.clientTime = clientTime
        self.action = action
    }

    /// The most bytes an event occupies.
    public static let maximumLength = 20

    static let headerLength = 12
}

/// What an event does to the desk.
public enum ControlAction: Hashable, Sendable {
    case pointerMove(DeskPoint)
    case buttonDown(PointerButton, at: DeskPoint)
    case buttonUp(PointerButton, at: DeskPoint)
    /// Turns the wheel by 1/120 notches, positive to the right and down.
    case wheel(dx: Int16, dy: Int16, at: DeskPoint)
    case keyDown(Keysym)
    case keyUp(Keysym)
    /// Releases every key and button that is held.
    case releaseAll
}

/// A position on the desk, in pixels from its top left corner.
public struct DeskPoint: Hashable, Sendable {
    public var x: UInt16
    public var y: UInt16

    public init(x: UInt16, y: UInt16) {
        self.x = x
        self.y = y
    }
}

/// A pointer button, in X numbering.
///
/// Buttons 4 to 7 are absent: they are the wheel, which has its own bounded event.
public enum PointerButton: UInt8, Hashable, Sendable, CaseIterable {
    case left = 1
    case middle = 2
    case right = 3
    case back = 8
    case forward = 9
}

extension ControlEvent {
    /// Parses the event that fills `bytes`.
    ///
    /// Throws ``MalformedMessage`` for an unknown type, a body too short or too long, a flag, a sequence
    /// number on anything but a move, and a button or keysym that no participant may send.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard
            let type = bytes.bigEndian(UInt8.self, at: 0),
            let flags = bytes.bigEndian(UInt8.self, at: 1),
            let sequence = bytes.bigEndian(UInt16.self, at: 2),
            let lease = bytes.bigEndian(UInt32.self, at: 4),
            let clientTime = bytes.bigEndian(UInt32.self, at: 8)
        else { throw MalformedMessage(offset: bytes.byteCount) }
        guard let kind = Kind(rawValue: type) else { throw MalformedMessage(offset: 0) }
        guard flags == 0 else { throw MalformedMessage(offset: 1) }
        guard sequence == 0 || kind == .pointerMove else { throw MalformedMessage(offset: 2) }
        guard bytes.byteCount == Self.headerLength + kind.bodyLength else {
            throw MalformedMessage(offset: min(bytes.byteCount, Self.headerLength + kind.bodyLength))
        }
        guard let action = ControlAction(kind, bytes) else {
            throw MalformedMessage(offset: Self.headerLength)
        }
        self.init(lease: LeaseID(lease), sequence: sequence, clientTime: clientTime, action: action)
    }

    /// How many bytes ``write(into:)`` appends.
    public var encodedLength: Int { Self.headerLength + action.kind.bodyLength }

    /// Appends the event; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        output.append(action.kind.rawValue)
        output.append(0)
        output.append(network: action.kind == .pointerMove ? sequence : 0)
        output.append(network: lease.rawValue)
        output.append(network: clientTime)
        switch action {
        case .pointerMove(let point):
            point.write(into: &output)
        case .buttonDown(let button, let point), .buttonUp(let button, let point):
            point.write(into: &output)
            output.append(button.rawValue)
        case .wheel(let dx, let dy, let point):
            point.write(into: &output)
            output.append(network: dx)
            output.append(network: dy)
        case .keyDown(let keysym), .keyUp(let keysym):
            output.append(network: keysym.rawValue)
        case .releaseAll:
            break
        }
    }

    /// The event as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: encodedLength) { write(into: &$0) } }
}

extension ControlAction {
    /// Reads the body of an event whose length has been checked.
    fileprivate init?(_ kind: ControlEvent.Kind, _ bytes: RawSpan) {
        let body = ControlEvent.headerLength
        switch kind {
        case .pointerMove, .buttonDown, .buttonUp, .wheel:
            guard
                let x = bytes.bigEndian(UInt16.self, at: body),
                let y = bytes.bigEndian(UInt16.self, at: body + 2)
            else { return nil }
            self.init(kind, at: DeskPoint(x: x, y: y), bytes)
        case .keyDown, .keyUp:
            guard
                let value = bytes.bigEndian(UInt32.self, at: body),
                let keysym = Keysym(rawValue: value)
            else { return nil }
            self = kind == .keyDown ? .keyDown(keysym) : .keyUp(keysym)
        case .releaseAll:
            self = .releaseAll
        }
    }

    private init?(_ kind: ControlEvent.Kind, at point: DeskPoint, _ bytes: RawSpan) {
        let rest = ControlEvent.headerLength + 4
        switch kind {
        case .pointerMove:
            self = .pointerMove(point)
        case .wheel:
            guard
                let dx = bytes.bigEndian(Int16.self, at: rest),
                let dy = bytes.bigEndian(Int16.self, at: rest + 2)
            else { return nil }
            self = .wheel(dx: dx, dy: dy, at: point)
        default:
            guard
                let value = bytes.bigEndian(UInt8.self, at: rest),
                let button = PointerButton(rawValue: value)
            else { return nil }
            self = kind == .buttonDown ? .buttonDown(button, at: point) : .buttonUp(button, at: point)
        }
    }

    fileprivate var kind: ControlEvent.Kind {
        switch self {
        case .pointerMove: .pointerMove
        case .buttonDown: .buttonDown
        case .buttonUp: .buttonUp
        case .wheel: .wheel
        case .keyDown: .keyDown
        case .keyUp: .keyUp
        case .releaseAll: .releaseAll
        }
    }
}

extension ControlEvent {
    fileprivate enum Kind: UInt8 {
        case pointerMove = 0x01
        case buttonDown = 0x02
        case buttonUp = 0x03
        case wheel = 0x04
        case keyDown = 0x05
        case keyUp = 0x06
        case releaseAll = 0x07

        var bodyLength: Int {
            switch self {
            case .pointerMove, .keyDown, .keyUp: 4
            case .buttonDown, .buttonUp: 5
            case .wheel: 8
            case .releaseAll: 0
            }
        }
    }
}

extension DeskPoint {
    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: x)
        output.append(network: y)
    }
}
