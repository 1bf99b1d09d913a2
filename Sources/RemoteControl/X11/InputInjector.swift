internal import CX11
internal import Wire

/// Carries out control events on an X screen, in the order they came.
///
/// A character that the layout lacks has to wait until a spare keycode means it, and a text takes its time, so
/// that applications keep up; whatever comes after it waits too, except pointer moves.
struct InputInjector {
    private enum Step {
        case action(ControlAction)
        case key(DeskKey, LeaseID, sequence: UInt16)
        case held(HeldInput, LeaseID, clientTime: UInt32)
        case text(TextTyping)
    }

    private let connection: DisplayConnection
    private var pointer: PointerInjector
    private var keyboard: KeyboardInjector
    private var waiting: [Step] = []
    private var retry: Instant?
    /// How often the key at hand has been tried.
    private var attempts = 0
    /// Keys of texts that may be pressed before the next pause.
    private var allowance = Self.tapsAtOnce
    private var answers: [ControlAnswer] = []
    private var echo: KeyEcho
    /// Of the last event that came in order.
    private var lastEvent: (lease: LeaseID, clientTime: UInt32)?

    /// Actions that reached the X server.
    private(set) var injected: UInt64 = 0
    /// Actions and keys of texts dropped: no keycode, or too many waiting.
    private(set) var dropped: UInt64 = 0

    /// - Parameter spares: Those of the screen's first hand; `nil`: this is the first.
    init(_ connection: DisplayConnection, _ observer: KeyObserver, spares: SpareKeycodes? = nil) {
        self.connection = connection
        echo = KeyEcho(connection, observer)
        pointer = PointerInjector(connection)
        keyboard = KeyboardInjector(connection, observer, sharing: spares)
        XFlush(connection.display)
    }

    /// For the further hands to type with, too.
    var spares: SpareKeycodes { keyboard.spares }

    /// Whether a key or button is down, or may be by what waits.
    var isHolding: Bool { isPressing || !waiting.isEmpty }
    /// Whether a key or button is down for the holder.
    var isPressing: Bool { pointer.isHolding || keyboard.isHolding }

    mutating func inject(_ event: ControlEvent, now: Instant) {
        defer { XFlush(connection.display) }
        switch event.action {
        case .pointerMove(let point):
            injected += 1
            pointer.move(to: point)
        case .pointerPath(let points):
            injected += 1
            for point in points { pointer.move(to: point) }
        case .text(let keysyms, let isAgain):
            let text = TextTyping(keysyms, again: isAgain, lease: event.lease, sequence: event.sequence)
            add(.text(text), now: now)
        case .keyDown(let keysym, let place):
            add(.key(DeskKey(keysym, at: place), event.lease, sequence: event.sequence), now: now)
        case .held(let held):
            add(.held(held, event.lease, clientTime: event.clientTime), now: now)
        case let action:
            add(.action(action), now: now)
        }
        switch event.action {
        case .pointerMove, .pointerPath: break
        default: lastEvent = (event.lease, event.clientTime)
        }
    }

    /// What the server has made of what was asked for, by now.
    mutating func handleEcho(now: Instant) {
        echo.handle(now: now)
        while let echo = echo.pollEcho() { answers.append(.echo(echo)) }
    }

    /// Releases what is held, of a holder who is not heard of any more; what waits is still carried out.
    mutating func letGo(now: Instant) {
        guard isPressing, let lastEvent else { return }
        let held = HeldInput(buttons: pointer.held, keys: keyboard.heldKeys)
        answers.append(
            .held(
                HeldAnswer(
                    lease: lastEvent.lease,
                    clientTime: lastEvent.clientTime,
                    released: UInt16(clamping: pointer.held.count + keyboard.heldKeys.count),
                    missing: held
                )
            )
        )
        pointer.releaseAll()
        keyboard.releaseAll(now: now)
        XFlush(connection.display)
    }

    /// Agrees with the holder's page on what is held.
    private mutating func reconcile(_ page: HeldInput, _ lease: LeaseID, _ clientTime: UInt32, now: Instant) {
        let keys = keyboard.reconcile(with: page.keys, now: now)
        let buttons = pointer.reconcile(with: page.buttons)
        let released = keys.released + buttons.released
        let missing = HeldInput(buttons: buttons.missing, keys: keys.missing)
        guard released > 0 || !missing.isEmpty else { return }
        answers.append(
            .held(
                HeldAnswer(
                    lease: lease,
                    clientTime: clientTime,
                    released: UInt16(clamping: released),
                    missing: missing
                )
            )
        )
    }

    /// Releases every key and button that is held, and forgets what waits.
    mutating func releaseAll(now: Instant) {
        for step in waiting {
            dropped += 1
            if case .text(let text) = step { answers.append(.text(text.receipt(.released))) }
        }
        waiting.removeAll(keepingCapacity: true)
        retry = nil
        attempts = 0
        pointer.releaseAll()
        keyboard.releaseAll(now: now)
        XFlush(connection.display)
    }

    /// Releases whatever the server has down, whoever pressed it.
    mutating func releaseForeign(now: Instant) {
        releaseAll(now: now)
        pointer.releaseForeign()
        keyboard.releaseForeign()
        XSync(connection.display, 0)
    }

    /// Releases everything and leaves the server's keyboard as it was found.
    mutating func restore(now: Instant) {
        releaseAll(now: now)
        keyboard.restore()
        XSync(connection.display, 0)
    }

    /// Releases everything and gives the server another layout; returns whether it could.
    mutating func setLayout(_ layout: KeyboardLayout, now: Instant) -> Bool {
        releaseAll(now: now)
        return keyboard.setLayout(layout)
    }

    mutating func handle(_ mapping: inout XEvent) {
        keyboard.handle(&mapping)
    }

    /// Whether a keyboard's map may have changed since it was asked before.
    mutating func pollNewMap() -> Bool { keyboard.pollNewMap() }

    mutating func handleTimeout(now: Instant) {
        guard let retry, retry <= now else { return }
        defer { XFlush(connection.display) }
        self.retry = nil
        allowance = Self.tapsAtOnce
        work(now: now)
    }

    func pollTimeout() -> Instant? { [retry, echo.due].compactMap(\.self).min() }

    /// What the holder is to be told, oldest first.
    mutating func pollAnswer() -> ControlAnswer? { answers.isEmpty ? nil : answers.removeFirst() }

    private mutating func add(_ step: Step, now: Instant) {
        guard waiting.count < Self.capacity else {
            // What is dropped may be the release of a key, so everything is released.
            releaseAll(now: now)
            dropped += 1
            if case .text(let text) = step { answers.append(.text(text.receipt(.released))) }
            return
        }
        waiting.append(step)
        if waiting.count == 1 { work(now: now) }
    }

    /// Carries out what waits, until something has to wait.
    private mutating func work(now: Instant) {
        var done = 0
        while done < waiting.count {
            var step = waiting[done]
            let isDone = perform(&step, now: now)
            waiting[done] = step
            guard isDone else { break }
            done += 1
        }
        waiting.removeFirst(done)
    }

    /// Returns whether the step is done with; if not, ``pollTimeout()`` says when to try again.
    private mutating func perform(_ step: inout Step, now: Instant) -> Bool {
        switch step {
        case .action(let action):
            perform(action, now: now)
            return true
        case .key(let key, let lease, let sequence):
            let outcome = press(key, now: now)
            if case .wait = outcome { return false }
            echo.expect(outcome, .keys, lease, sequence, now: now)
            if case .pressed = outcome { injected += 1 }
            return true
        case .held(let held, let lease, let clientTime):
            reconcile(held, lease, clientTime, now: now)
            return true
        case .text(var text):
            defer { step = .text(text) }
            return type(&text, now: now)
        }
    }

    private mutating func type(_ text: inout TextTyping, now: Instant) -> Bool {
        while let keysym = text.next {
            guard allowance > 0 else {
                retry = now + Self.pause
                return false
            }
            let outcome = press(DeskKey(keysym), bySpare: text.isAgain, now: now)
            echo.expect(outcome, .text, text.lease, text.sequence, now: now)
            switch outcome {
            case .pressed:
                keyboard.release(DeskKey(keysym), now: now)
                allowance -= 1
                text.advance(typed: true)
            case .wait: return false
            case .impossible: text.advance(typed: false)
            }
        }
        injected += 1
        // Told only when it is true.
        XSync(connection.display, 0)
        answers.append(.text(text.receipt))
        // The allowance is not renewed for each text: many short ones would get past the pause.
        if allowance == 0 { retry = now + Self.pause }
        return true
    }

    private mutating func perform(_ action: ControlAction, now: Instant) {
        switch action {
        case .buttonDown(let button, let point): pointer.press(button, at: point)
        case .buttonUp(let button, let point): pointer.release(button, at: point)
        case .wheel(let dx, let dy, let point): pointer.turn(dx: Int(dx), dy: Int(dy), at: point)
        case .keyUp(let keysym, let place): keyboard.release(DeskKey(keysym, at: place), now: now)
        case .releaseAll:
            pointer.releaseAll()
            keyboard.releaseAll(now: now)
        case .pointerMotion(let dx, let dy): pointer.move(dx: Int(dx), dy: Int(dy))
        case .held, .keyDown, .pointerMove, .pointerPath, .text: break  // They come on other ways.
        }
        injected += 1
    }

    /// Presses a key; what says ``KeyboardInjector/Outcome/wait(until:)`` is to be tried again then.
    private mutating func press(
        _ key: DeskKey,
        bySpare: Bool = false,
        now: Instant
    ) -> KeyboardInjector.Outcome {
        echo.prepare()
        let outcome = keyboard.press(key, bySpare: bySpare, now: now)
        attempts += 1
        if case .wait(let time) = outcome, attempts < Self.maximumAttempts {
            retry = time
            return outcome
        }
        attempts = 0
        if case .pressed = outcome { return outcome }
        // A server that does not take the new meaning must not hold up the rest for ever.
        dropped += 1
        return .impossible
    }

    /// Steps that may wait for a keycode.
    private static let capacity = 1_024
    private static let maximumAttempts = 8
    /// With ``pause`` some 500 keys a second.
    ///
    /// Applications read keys one by one, and translate each by the layout as it is when they read it: one that
    /// falls behind would see the meanings of spare keycodes change under it.
    private static let tapsAtOnce = 8
    private static let pause = Interval.milliseconds(16)
}
