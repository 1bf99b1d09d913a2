internal import CX11

/// Asks the program that has the focus whether it has read the keys that it was sent.
///
/// A program answers a ping when it comes to it (EWMH, `_NET_WM_PING`), and so has read by then, and translated, every key that the server
/// sent it before. Toolkits answer by themselves; a program that does not say that it will is not asked.
struct FocusPing {
    private let connection: DisplayConnection
    private let protocols: Atom
    private let ping: Atom
    /// The window that had the focus when it was looked at last, and which of its program's to ask.
    private var known: (focus: Window, asked: Window?) = (0, nil)

    init(_ connection: DisplayConnection) {
        self.connection = connection
        protocols = XInternAtom(connection.display, "WM_PROTOCOLS", 0)
        ping = XInternAtom(connection.display, "_NET_WM_PING", 0)
        // Answers go to the root window.
        XSelectInput(connection.display, connection.root, Int(SubstructureNotifyMask))
    }

    /// Asks about everything so far; returns the number of the answer, `nil` if there will be none.
    ///
    /// - Parameter count: Another one each time, of all hands: answers are shown to all of them.
    mutating func ask(_ count: UInt16) -> UInt32? {
        var focus: Window = 0
        var revert: CInt = 0
        XGetInputFocus(connection.display, &focus, &revert)
        if focus != known.focus { known = (focus, window(above: focus)) }
        guard let window = known.asked else { return nil }
        // A window manager's own pings have times of the server, or small numbers.
        let number = Self.mark | UInt32(count)
        var event = XEvent()
        event.xclient.type = ClientMessage
        event.xclient.window = window
        event.xclient.message_type = protocols
        event.xclient.format = 32
        event.xclient.data.l = (Int(ping), Int(number), Int(window), 0, 0)
        XSendEvent(connection.display, window, 0, 0, &event)
        return number
    }

    /// The number of the answer that an event is; `nil`: it is none.
    func answer(_ event: XEvent) -> UInt32? {
        guard event.type == ClientMessage else { return nil }
        let message = event.xclient
        guard
            message.message_type == protocols, message.format == 32, message.window == connection.root,
            message.data.l.0 == Int(ping)
        else { return nil }
        return UInt32(truncatingIfNeeded: message.data.l.1)
    }

    /// The window itself, or the first above it, whose program says that it answers.
    private func window(above window: Window) -> Window? {
        var window = window
        for _ in 0..<Self.depth {
            guard window > UInt(PointerRoot), window != connection.root else { return nil }
            if answers(window) { return window }
            var (root, parent): (Window, Window) = (0, 0)
            var children: UnsafeMutablePointer<Window>?
            var count: UInt32 = 0
            let status = XQueryTree(connection.display, window, &root, &parent, &children, &count)
            if let children { XFree(children) }
            guard status != 0 else { return nil }
            window = parent
        }
        return nil
    }

    private func answers(_ window: Window) -> Bool {
        guard
            let property = WindowProperty(protocols, of: window, connection.display, atMost: 32),
            property.format == 32
        else { return false }
        return WindowProperty.numbers(in: property.bytes).contains(ping)
    }

    private static let mark: UInt32 = 0xde5c_0000
    private static let depth = 16
}
