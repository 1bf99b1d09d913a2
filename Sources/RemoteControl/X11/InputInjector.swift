internal import CX11
internal import Wire

/// Carries out control actions on an X screen, in the order they came.
///
/// A character that the layout lacks has to wait until a spare keycode means it; whatever comes after it
/// waits too, except pointer moves.
struct InputInjector {
    private let connection: DisplayConnection
    private var pointer: PointerInjector
    private var keyboard: KeyboardInjector
    private var waiting: [ControlAction] = []
    private var retry: (at: Instant, count: Int)?

    /// Actions that reached the X server.
    private(set) var injected: UInt64 = 0
    /// Actions dropped: no keycode, or too many waiting.
    private(set) var dropped: UInt64 = 0

    init(_ connection: DisplayConnection) {
        self.connection = connection
        pointer = PointerInjector(connection)
        keyboard = KeyboardInjector(connection)
        XFlush(connection.display)
    }

    mutating func inject(_ action: ControlAction, now: Instant) {
        defer { XFlush(connection.display) }
        switch action {
        case .releaseAll:
            releaseAll(now: now)
        case .pointerMove(let point):
            injected += 1
            pointer.move(to: point)
        default:
            guard waiting.isEmpty else {
                if waiting.count < Self.capacity { waiting.append(action) } else { dropped += 1 }
                return
            }
            if !perform(action, now: now) { waiting.append(action) }
        }
    }

    /// Releases every key and button that is held, and forgets what waits.
    mutating func releaseAll(now: Instant) {
        dropped += UInt64(waiting.count)
        waiting.removeAll(keepingCapacity: true)
        retry = nil
        pointer.releaseAll()
        keyboard.releaseAll(now: now)
        XFlush(connection.display)
    }

    /// Releases everything and leaves the server's keyboard as it was found.
    mutating func restore(now: Instant) {
        releaseAll(now: now)
        keyboard.restore()
        XSync(connection.display, 0)
    }

    mutating func handle(_ mapping: inout XEvent) {
        keyboard.handle(&mapping)
    }

    mutating func handleTimeout(now: Instant) {
        guard let retry, retry.at <= now else { return }
        defer { XFlush(connection.display) }
        while let action = waiting.first {
            guard perform(action, now: now) else { return }
            waiting.removeFirst()
        }
    }

    func pollTimeout() -> Instant? { retry?.at }

    /// Returns whether the action is done with; if not, ``pollTimeout()`` says when to try again.
    private mutating func perform(_ action: ControlAction, now: Instant) -> Bool {
        switch action {
        case .pointerMove(let point): pointer.move(to: point)
        case .buttonDown(let button, let point): pointer.press(button, at: point)
        case .buttonUp(let button, let point): pointer.release(button, at: point)
        case .wheel(let dx, let dy, let point): pointer.turn(dx: Int(dx), dy: Int(dy), at: point)
        case .keyUp(let keysym): keyboard.release(keysym, now: now)
        case .keyDown(let keysym): return press(keysym, now: now)
        case .releaseAll: releaseAll(now: now)
        }
        injected += 1
        return true
    }

    private mutating func press(_ keysym: Keysym, now: Instant) -> Bool {
        let attempts = (retry?.count ?? 0) + 1
        retry = nil
        switch keyboard.press(keysym, now: now) {
        case .pressed:
            injected += 1
            return true
        case .wait(let time) where attempts < Self.maximumAttempts:
            retry = (time, attempts)
            return false
        case .wait, .impossible:
            // A server that does not take the new meaning must not hold up the rest for ever.
            dropped += 1
            return true
        }
    }

    /// Actions that may wait for a keycode.
    private static let capacity = 1_024
    private static let maximumAttempts = 8
}
