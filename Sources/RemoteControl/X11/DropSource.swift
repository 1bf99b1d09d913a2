internal import CX11
internal import Wire

/// Drops a file on an application as a file manager would (XDND, version 5), at a place of the screen: the application is told of it,
/// and if it says that it takes it, asks for its address (`text/uri-list`).
///
/// The pointer stays where it is, and nothing is pressed. An application that does not answer is left.
/// Not thread-safe: one event loop owns it. If the X server goes away, Xlib ends the process.
final class DropSource {
    private enum Phase {
        case idle
        /// Until the server has said what time it is.
        case beginning
        /// Until the application says that it takes it there.
        case asking(since: Instant)
        /// Until it has what it wants.
        case dropped(since: Instant)
    }

    private let connection: DisplayConnection
    private let window: Window
    private let atoms: DropAtoms
    private var phase = Phase.idle
    private var target: Window = 0
    private var version: UInt = 0
    private var place: (x: UInt16, y: UInt16) = (0, 0)
    private var time: Time = 0
    private var address: [UInt8] = []
    private var nextPosition: Instant?
    private var outcome: Bool?

    init(display name: String?) throws(DeskScreenError) {
        connection = try DisplayConnection(name: name)
        atoms = DropAtoms(connection.display)
        window = XCreateSimpleWindow(connection.display, connection.root, -1, -1, 1, 1, 0, 0, 0)
        XSelectInput(connection.display, window, Int(PropertyChangeMask))
        XFlush(connection.display)
    }

    /// The connection's socket; this object keeps it.
    var descriptor: CInt { XConnectionNumber(connection.display) }
    var hasEvents: Bool { XEventsQueued(connection.display, CInt(QueuedAlready)) > 0 }

    /// Begins to drop the file at `path` there.
    func begin(_ path: String, x: UInt16, y: UInt16, now: Instant) {
        cancel()
        outcome = nil
        place = (x, y)
        address = Array("file://".utf8) + Self.escaped(path) + [0x0d, 0x0a]
        guard let found = findTarget() else {
            outcome = false
            return
        }
        (target, version) = found
        phase = .beginning
        // The server says by the change what time it is (ICCCM §2.1).
        XChangeProperty(connection.display, window, atoms.time, Atom(XA_STRING), 8, PropModeAppend, nil, 0)
        XFlush(connection.display)
        nextPosition = now + Self.answerTime
    }

    /// Nothing is dropped that was not yet.
    func cancel() {
        if case .asking = phase { send(atoms.leave) }
        end()
        outcome = nil
    }

    /// Whether the application has taken it, once that is known.
    func pollOutcome() -> Bool? {
        defer { outcome = nil }
        return outcome
    }

    private func finish(_ isTaken: Bool) {
        end()
        outcome = isTaken
    }

    private func end() {
        (phase, nextPosition, target) = (.idle, nil, 0)
        XFlush(connection.display)
    }

    // MARK: The application

    /// The window there that takes drops, outermost first, and in which version.
    private func findTarget() -> (Window, UInt)? {
        let (display, root) = (connection.display, connection.root)
        var next = root
        for _ in 0..<Self.depth {
            var child: Window = 0
            var (x, y): (CInt, CInt) = (0, 0)
            let isThere = XTranslateCoordinates(
                display,
                root,
                next,
                CInt(place.x),
                CInt(place.y),
                &x,
                &y,
                &child
            )
            guard isThere != 0, child != 0 else { return nil }
            let aware = WindowProperty(atoms.aware, of: child, display, from: 0, atMost: 1, isDeleted: false)
            if let number = aware.flatMap({ WindowProperty.numbers(in: $0.bytes).first }), number >= 3 {
                return (child, min(number, 5))
            }
            next = child
        }
        return nil
    }

    private func send(_ type: Atom, _ words: UInt...) {
        var event = XEvent()
        event.xclient.type = ClientMessage
        event.xclient.window = target
        event.xclient.message_type = type
        event.xclient.format = 32
        let words = [UInt(window)] + words
        withUnsafeMutableBytes(of: &event.xclient.data) { data in
            for (index, word) in words.prefix(5).enumerated() {
                data.storeBytes(of: word, toByteOffset: index * MemoryLayout<UInt>.size, as: UInt.self)
            }
        }
        XSendEvent(connection.display, target, 0, 0, &event)
        XFlush(connection.display)
    }

    private func sendPosition(now: Instant) {
        send(atoms.position, 0, UInt(place.x) << 16 | UInt(place.y), UInt(time), UInt(atoms.copy))
        nextPosition = now + Self.interval
    }

    // MARK: Events

    /// Takes in what the X server has sent.
    func handleEvents(now: Instant) {
        var event = XEvent()
        for _ in 0..<Self.batch where XPending(connection.display) > 0 {
            XNextEvent(connection.display, &event)
            switch event.type {
            case ClientMessage: handle(event.xclient, now: now)
            case PropertyNotify: handle(event.xproperty, now: now)
            case SelectionRequest: answer(event.xselectionrequest)
            default: break
            }
        }
    }

    private func handle(_ change: XPropertyEvent, now: Instant) {
        guard case .beginning = phase, change.atom == atoms.time else { return }
        time = change.time
        XSetSelectionOwner(connection.display, atoms.selection, window, time)
        phase = .asking(since: now)
        send(atoms.enter, version << 24, UInt(atoms.list), 0, 0)
        sendPosition(now: now)
    }

    private func handle(_ message: XClientMessageEvent, now: Instant) {
        guard message.window == window, message.format == 32 else { return }
        let words = withUnsafeBytes(of: message.data) { data in
            (0..<5).map { data.load(fromByteOffset: $0 * MemoryLayout<UInt>.size, as: UInt.self) }
        }
        guard words[0] == target else { return }
        switch (message.message_type, phase) {
        case (atoms.status, .asking) where words[1] & 1 != 0:
            phase = .dropped(since: now)
            nextPosition = nil
            send(atoms.drop, 0, UInt(time))
        case (atoms.finished, .dropped): finish(version < 5 || words[1] & 1 != 0)
        default: break
        }
    }

    private func answer(_ request: XSelectionRequestEvent) {
        guard request.selection == atoms.selection else { return }
        let display = connection.display
        var isGiven = false
        if case .idle = phase {
        } else if request.property != 0, request.target == atoms.list {
            address.withUnsafeBufferPointer { bytes in
                _ = XChangeProperty(
                    display,
                    request.requestor,
                    request.property,
                    atoms.list,
                    8,
                    PropModeReplace,
                    bytes.baseAddress,
                    CInt(bytes.count)
                )
            }
            isGiven = true
        } else if request.property != 0, request.target == atoms.targets {
            [UInt(atoms.list)].withUnsafeBytes { bytes in
                _ = XChangeProperty(
                    display,
                    request.requestor,
                    request.property,
                    Atom(XA_ATOM),
                    32,
                    PropModeReplace,
                    bytes.bindMemory(to: UInt8.self).baseAddress,
                    1
                )
            }
            isGiven = true
        }
        var event = XEvent()
        event.xselection.type = SelectionNotify
        event.xselection.requestor = request.requestor
        event.xselection.selection = request.selection
        event.xselection.target = request.target
        event.xselection.property = isGiven ? request.property : 0
        event.xselection.time = request.time
        XSendEvent(display, request.requestor, 0, 0, &event)
        XFlush(display)
    }

    // MARK: Time

    func handleTimeout(now: Instant) {
        switch phase {
        case .idle: break
        case .beginning: if let nextPosition, nextPosition <= now { finish(false) }
        case .asking(let since):
            if since + Self.answerTime <= now {
                send(atoms.leave)
                finish(false)
            } else if let nextPosition, nextPosition <= now {
                // Some take it only once it has moved there.
                sendPosition(now: now)
            }
        case .dropped(let since): if since + Self.time <= now { finish(false) }
        }
    }

    func pollTimeout() -> Instant? {
        if hasEvents || outcome != nil { return Instant(nanoseconds: 0) }
        guard case .dropped(let since) = phase else { return nextPosition }
        return since + Self.time
    }

    /// As a URI's path (RFC 3986 §3.3).
    private static func escaped(_ path: String) -> [UInt8] {
        let plain = Set("/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        return path.utf8.flatMap { byte in
            plain.contains(byte) ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static let interval = Interval.milliseconds(100)
    private static let answerTime = Interval.seconds(2)
    private static let time = Interval.seconds(10)
    private static let batch = 256
    /// Windows in windows.
    private static let depth = 32
}

/// The X server's numbers for what is about drops.
private struct DropAtoms {
    let aware, copy, drop, enter, finished, leave, list, position, selection, status, targets, time: Atom

    init(_ display: OpaquePointer) {
        func atom(_ name: String) -> Atom { XInternAtom(display, name, 0) }
        aware = atom("XdndAware")
        copy = atom("XdndActionCopy")
        drop = atom("XdndDrop")
        enter = atom("XdndEnter")
        finished = atom("XdndFinished")
        leave = atom("XdndLeave")
        list = atom("text/uri-list")
        position = atom("XdndPosition")
        selection = atom("XdndSelection")
        status = atom("XdndStatus")
        targets = atom("TARGETS")
        time = atom("_DESKROOM_TIME")
    }
}
