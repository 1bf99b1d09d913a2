internal import CX11
internal import Glibc

/// Moves the pointer and works its buttons and wheel through XTEST.
struct PointerInjector {
    private let connection: DisplayConnection
    private(set) var held: Set<PointerButton> = []
    /// Whether it was moved by pixels last: then it is where it is, whatever positions say.
    private var isRelative = false
    /// Parts of a notch not turned yet, in 1/120.
    private var wheel = (x: 0, y: 0)

    init(_ connection: DisplayConnection) {
        self.connection = connection
    }

    /// Moves by so many pixels.
    mutating func move(dx: Int, dy: Int) {
        isRelative = true
        XTestFakeRelativeMotionEvent(connection.display, CInt(dx), CInt(dy), UInt(CurrentTime))
    }

    /// Moves to `point`, or to the nearest pixel of the screen.
    mutating func move(to point: DeskPoint) {
        isRelative = false
        place(at: point)
    }

    private func place(at point: DeskPoint) {
        guard !isRelative else { return }
        let x = min(Int(point.x), connection.width - 1)
        let y = min(Int(point.y), connection.height - 1)
        XTestFakeMotionEvent(connection.display, -1, CInt(x), CInt(y), UInt(CurrentTime))
    }

    mutating func press(_ button: PointerButton, at point: DeskPoint) {
        place(at: point)
        guard held.insert(button).inserted else { return }
        if connection.isFurtherHand { HandKeyboard.handlePress(connection) }
        fake(button.rawValue, down: true)
    }

    mutating func release(_ button: PointerButton, at point: DeskPoint) {
        place(at: point)
        guard held.remove(button) != nil else { return }
        fake(button.rawValue, down: false)
    }

    /// Turns the wheel by 1/120 notches; what is left of a notch waits for the next call, and more than
    /// ``maximumTurn`` in one call is cut.
    mutating func turn(dx: Int, dy: Int, at point: DeskPoint) {
        place(at: point)
        wheel.x = Self.add(dx, to: wheel.x)
        wheel.y = Self.add(dy, to: wheel.y)
        // X has no wheel, only its clicks: 4 up, 5 down, 6 left, 7 right.
        click(wheel.y < 0 ? 4 : 5, times: abs(wheel.y) / Self.notch)
        click(wheel.x < 0 ? 6 : 7, times: abs(wheel.x) / Self.notch)
        wheel.x %= Self.notch
        wheel.y %= Self.notch
    }

    var isHolding: Bool { !held.isEmpty }

    /// Releases whatever the server has down, whoever pressed it; it ignores the release of what is up.
    mutating func releaseForeign() {
        for button in PointerButton.allCases { fake(button.rawValue, down: false) }
    }

    /// Lets go of whatever is down and not among `buttons`, whoever pressed it, and forgets what is not down.
    ///
    /// Returns how many buttons were let go of, and which of `buttons` are not down.
    mutating func reconcile(with buttons: Set<PointerButton>) -> (released: Int, missing: Set<PointerButton>)
    {
        let down = buttonsDown()
        let extra = down.subtracting(buttons.intersection(held))
        for button in extra { fake(button.rawValue, down: false) }
        held.formIntersection(buttons.intersection(down))
        return (extra.count, buttons.subtracting(held))
    }

    /// What the server has down, whoever pressed it.
    private func buttonsDown() -> Set<PointerButton> {
        var device: CInt = 0
        var (root, child): (Window, Window) = (0, 0)
        var (x, y, windowX, windowY): (Double, Double, Double, Double) = (0, 0, 0, 0)
        var buttons = XIButtonState()
        var modifiers = XIModifierState()
        var group = XIGroupState()
        XIGetClientPointer(connection.display, 0, &device)
        XIQueryPointer(
            connection.display,
            device,
            connection.root,
            &root,
            &child,
            &x,
            &y,
            &windowX,
            &windowY,
            &buttons,
            &modifiers,
            &group
        )
        guard let mask = buttons.mask else { return [] }
        defer { free(mask) }
        let bits = UnsafeBufferPointer(start: mask, count: Int(buttons.mask_len))
        return Set(
            PointerButton.allCases.filter {
                let number = Int($0.rawValue)
                return number / 8 < bits.count && bits[number / 8] & 1 << (number % 8) != 0
            }
        )
    }

    mutating func releaseAll() {
        for button in held { fake(button.rawValue, down: false) }
        held.removeAll(keepingCapacity: true)
        wheel = (0, 0)
    }

    /// A change of direction forgets the rest of the old one: the wheel answers at once.
    private static func add(_ turn: Int, to rest: Int) -> Int {
        let bounded = min(max(turn, -maximumTurn), maximumTurn)
        return bounded.signum() * rest.signum() < 0 ? bounded : rest + bounded
    }

    private func click(_ button: UInt8, times: Int) {
        for _ in 0..<times {
            fake(button, down: true)
            fake(button, down: false)
        }
    }

    private func fake(_ button: UInt8, down: Bool) {
        XTestFakeButtonEvent(connection.display, UInt32(button), down ? 1 : 0, UInt(CurrentTime))
    }

    private static let notch = 120
    /// Ten notches.
    private static let maximumTurn = 1_200
}
