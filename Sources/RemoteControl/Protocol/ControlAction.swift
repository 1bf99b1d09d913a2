#if canImport(Wire)
internal import Wire
#endif

/// What an event does to the desk.
public enum ControlAction: Hashable, Sendable {
    case pointerMove(DeskPoint)
    case buttonDown(PointerButton, at: DeskPoint)
    case buttonUp(PointerButton, at: DeskPoint)
    /// Turns the wheel by 1/120 notches, positive to the right and down.
    case wheel(dx: Int16, dy: Int16, at: DeskPoint)
    case keyDown(Keysym, at: KeyPlace = .unknown)
    case keyUp(Keysym, at: KeyPlace = .unknown)
    /// What the sender holds, of the events before this one: everything else is to be let go.
    case held(HeldInput)
    /// Releases every key and button that is held.
    case releaseAll
    /// Presses and releases keys one after the other: text that came as a whole; one to ``maximumCount`` of them.
    ///
    /// Again: what did not arrive by the keys of the layout, by spare keycodes now.
    case text([Keysym], again: Bool = false)
    /// Moves the pointer by so many pixels; from then on buttons and the wheel work where it is, until the next move.
    case pointerMotion(dx: Int16, dy: Int16)
    /// Moves along points, oldest first; two to ``maximumCount`` of them.
    case pointerPath([DeskPoint])

    /// The most keysyms and points in one event.
    public static let maximumCount = 32
}

extension ControlAction {
    /// Whether something is pressed or turned by it: what people wait to see the effect of.
    package var isPress: Bool {
        switch self {
        case .buttonDown, .keyDown, .text, .wheel: true
        case .buttonUp, .held, .keyUp, .pointerMotion, .pointerMove, .pointerPath, .releaseAll: false
        }
    }
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

extension DeskPoint {
    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: x)
        output.append(network: y)
    }
}
