#if canImport(Wire)
internal import Wire
#endif

/// One input event as the holder of the control lease sends it.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     type      |     flags     |    sequence (moves) or 0      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           lease id                            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                   client time, ms, wrapping                   |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                       body, 0 to 128 bytes                    |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// The encoding is canonical: an event has one byte sequence, and every accepted byte sequence is one
/// event. `docs/control-protocol.md` gives the bodies and the reasons.
public struct ControlEvent: Hashable, Sendable {
    /// The lease under which the event was sent.
    public var lease: LeaseID
    /// Counts points of the pointer, texts, and presses of keys, each by themselves, modulo 2^16; 0 for every other event.
    ///
    /// Points are counted because they travel unordered, texts and presses because they are answered; of a path it is that
    /// of the last point.
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
    public static let maximumLength = headerLength + 4 * ControlAction.maximumCount

    static let headerLength = 12
}

extension ControlEvent {
    /// Parses the event that fills `bytes`.
    ///
    /// Throws ``MalformedMessage`` for an unknown type, a body too short or too long, a flag, a sequence
    /// number on an event that has none, and a button or keysym that no participant may send.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard
            let type = bytes.bigEndian(UInt8.self, at: 0),
            let flags = bytes.bigEndian(UInt8.self, at: 1),
            let sequence = bytes.bigEndian(UInt16.self, at: 2),
            let lease = bytes.bigEndian(UInt32.self, at: 4),
            let clientTime = bytes.bigEndian(UInt32.self, at: 8)
        else { throw MalformedMessage(offset: bytes.byteCount) }
        guard let kind = Kind(rawValue: type) else { throw MalformedMessage(offset: 0) }
        guard flags == 0 || flags == 1 && kind == .text else { throw MalformedMessage(offset: 1) }
        guard sequence == 0 || kind.isCounted else { throw MalformedMessage(offset: 2) }
        let length = bytes.byteCount - Self.headerLength
        guard kind.hasBody(of: length) else {
            throw MalformedMessage(
                offset: min(bytes.byteCount, Self.headerLength + kind.bodyLengths.upperBound)
            )
        }
        guard let action = ControlAction(kind, bytes) else {
            throw MalformedMessage(offset: Self.headerLength)
        }
        self.init(lease: LeaseID(lease), sequence: sequence, clientTime: clientTime, action: action)
    }

    /// How many bytes ``write(into:)`` appends.
    public var encodedLength: Int {
        switch action {
        case .text(let keysyms, _): Self.headerLength + 4 * keysyms.count
        case .pointerPath(let points): Self.headerLength + 4 * points.count
        case .held(let held): Self.headerLength + held.encodedLength
        default: Self.headerLength + action.kind.bodyLengths.lowerBound
        }
    }

    /// Appends the event; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        output.append(action.kind.rawValue)
        output.append(action.flags)
        output.append(network: action.kind.isCounted ? sequence : 0)
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
        case .keyDown(let keysym, let place), .keyUp(let keysym, let place):
            DeskKey(keysym, at: place).write(into: &output)
        case .held(let held):
            held.write(into: &output)
        case .releaseAll:
            break
        case .pointerMotion(let dx, let dy):
            output.append(network: dx)
            output.append(network: dy)
        case .text(let keysyms, _):
            for keysym in keysyms { output.append(network: keysym.rawValue) }
        case .pointerPath(let points):
            for point in points { point.write(into: &output) }
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
            guard let key = DeskKey(parsing: bytes, from: body) else { return nil }
            self = kind == .keyDown ? .keyDown(key.keysym, at: key.place) : .keyUp(key.keysym, at: key.place)
        case .held:
            guard let held = HeldInput(parsing: bytes, from: body) else { return nil }
            self = .held(held)
        case .releaseAll:
            self = .releaseAll
        case .text:
            var keysyms: [Keysym] = []
            keysyms.reserveCapacity((bytes.byteCount - body) / 4)
            for offset in stride(from: body, to: bytes.byteCount, by: 4) {
                guard
                    let value = bytes.bigEndian(UInt32.self, at: offset),
                    let keysym = Keysym(rawValue: value)
                else { return nil }
                keysyms.append(keysym)
            }
            self = .text(keysyms, again: bytes.bigEndian(UInt8.self, at: 1) == 1)
        case .pointerMotion:
            guard
                let dx = bytes.bigEndian(Int16.self, at: body),
                let dy = bytes.bigEndian(Int16.self, at: body + 2)
            else { return nil }
            self = .pointerMotion(dx: dx, dy: dy)
        case .pointerPath:
            var points: [DeskPoint] = []
            points.reserveCapacity((bytes.byteCount - body) / 4)
            for offset in stride(from: body, to: bytes.byteCount, by: 4) {
                guard
                    let x = bytes.bigEndian(UInt16.self, at: offset),
                    let y = bytes.bigEndian(UInt16.self, at: offset + 2)
                else { return nil }
                points.append(DeskPoint(x: x, y: y))
            }
            self = .pointerPath(points)
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

    /// 1: a text again.
    fileprivate var flags: UInt8 {
        if case .text(_, again: true) = self { 1 } else { 0 }
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
        case .text: .text
        case .pointerPath: .pointerPath
        case .held: .held
        case .pointerMotion: .pointerMotion
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
        case text = 0x08
        case pointerPath = 0x09
        case pointerMotion = 0x0a
        case held = 0x0b

        var bodyLengths: ClosedRange<Int> {
            switch self {
            case .pointerMotion, .pointerMove: 4...4
            case .buttonDown, .buttonUp, .keyDown, .keyUp: 5...5
            case .wheel: 8...8
            case .releaseAll: 0...0
            case .text: 4...(4 * ControlAction.maximumCount)
            case .pointerPath: 8...(4 * ControlAction.maximumCount)
            case .held: 2...HeldInput.maximumLength
            }
        }

        func hasBody(of length: Int) -> Bool {
            guard bodyLengths.contains(length) else { return false }
            return switch self {
            case .held: HeldInput.isLength(length)
            case .pointerPath, .text: length.isMultiple(of: 4)
            default: true
            }
        }

        /// Whether its events have a sequence number.
        var isCounted: Bool {
            switch self {
            case .keyDown, .pointerMove, .pointerPath, .text: true
            default: false
            }
        }
    }
}
