internal import Glibc
internal import RemoteControl
internal import Wire

/// Somebody who drives the desk.
///
/// Tell it the ``lease``, and send what ``poll(now:)`` gives on the control channel, moves on that of the pointer.
struct Driver {
    enum Kind {
        /// Presses and releases one key again and again, so that whoever watches the desk can count what arrived.
        case types(Keysym)
        /// Writes with the left button: lines of loops in the middle of a screen of 1920 × 1080.
        case draws
    }

    /// Events that were sent under a lease.
    private(set) var sent = 0
    /// `nil` while somebody else has control.
    var lease: UInt32?
    /// Whether nothing is to be done; a line that has been begun is finished.
    var isResting = false

    private let kind: Kind
    private var next: Instant?
    private var hand = Hand()

    init(_ kind: Kind) {
        self.kind = kind
    }

    /// The event that is due (docs/control-protocol.md), if one is.
    mutating func poll(now: Instant) -> (bytes: [UInt8], isMove: Bool)? {
        guard let lease, now >= next ?? now, !isResting || hand.isDown else { return nil }
        // What was due while the loop slept is sent by turns, not at once: the room counts a flood as one.
        next = now + (interval)
        sent += 1
        let sequence = UInt16(truncatingIfNeeded: sent)
        let time = UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
        let action = action()
        let isMove = if case .pointerMove = action { true } else { false }
        let event = ControlEvent(lease: LeaseID(lease), sequence: sequence, clientTime: time, action: action)
        return (event.encoded(), isMove)
    }

    private var interval: Interval {
        switch kind {
        // Twenty times a second, as somebody who types fast.
        case .types: .milliseconds(50)
        case .draws: Hand.interval
        }
    }

    private mutating func action() -> ControlAction {
        switch kind {
        case .types(let key):
            return sent % 2 == 1 ? .keyDown(key) : .keyUp(key)
        case .draws:
            let step = hand.step()
            return switch step.button {
            case nil: .pointerMove(step.point)
            case true?: .buttonDown(.left, at: step.point)
            case false?: .buttonUp(.left, at: step.point)
            }
        }
    }
}

/// A hand that writes loops: a line of a second and a half, a pause of 0.4 s, the next line further down.
private struct Hand {
    private(set) var isDown = false
    private var tick = 0

    /// Where the pen is next, and whether the button goes down or up there; `nil`: it only moves.
    mutating func step() -> (point: DeskPoint, button: Bool?) {
        let (line, place) = tick.quotientAndRemainder(dividingBy: Self.line + Self.pause)
        tick += 1
        let time = Double(min(place, Self.line)) * Self.seconds
        let x = 650 + 300 * time + 25 * cos(14 * time)
        let y = Double(330 + line % 9 * 50) + 25 * sin(14 * time)
        let button: Bool? = place == 0 ? true : place == Self.line ? false : nil
        if let button { isDown = button }
        return (DeskPoint(x: UInt16(x), y: UInt16(y)), button)
    }

    /// Sixty times a second, as a page tells it.
    static let interval = Interval.microseconds(16_667)
    private static let seconds = 1.0 / 60
    private static let line = 90
    private static let pause = 24
}
