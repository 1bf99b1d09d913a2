import CX11
import Glibc

/// An application: one window, over the whole screen unless it is told where, that has the keyboard and notes what arrives.
final class XClient {
    struct Input: Equatable {
        enum Kind: Equatable { case keyDown, keyUp, buttonDown, buttonUp, motion }

        var kind: Kind
        var code: UInt32
        var x: CInt
        var y: CInt
        /// What the key press types, as an input method reads it.
        var text = ""
        var state: UInt32 = 0
    }

    private let connection: OpaquePointer
    private let window: Window
    private let context: XIC

    struct Failure: Error {}

    /// - Parameter half: 0 the left half of the screen, 1 the right one, which does not take the keyboard.
    init(display: String, half: Int? = nil) throws {
        setlocale(LC_ALL, "C.UTF-8")
        XSetLocaleModifiers("@im=none")
        guard let connection = XOpenDisplay(display) else { throw Failure() }
        self.connection = connection
        let root = XDefaultRootWindow(connection)
        let (left, width) = half.map { (CInt($0) * 640, UInt32(640)) } ?? (0, 1_280)
        window = XCreateSimpleWindow(connection, root, left, 0, width, 720, 0, 0, 0)
        XSelectInput(
            connection,
            window,
            KeyPressMask | KeyReleaseMask | ButtonPressMask | ButtonReleaseMask | PointerMotionMask
                | StructureNotifyMask
        )
        XMapWindow(connection, window)
        guard
            let method = XOpenIM(connection, nil, nil, nil),
            let context = CX11_XCreateIC(method, window)
        else { throw Failure() }
        self.context = context
        var event = XEvent()
        repeat { XNextEvent(connection, &event) } while event.type != MapNotify
        if half != 1 { XSetInputFocus(connection, window, RevertToParent, UInt(CurrentTime)) }
        XSync(connection, 0)
    }

    /// The master pointers of the server, and the keyboards with them.
    var masters: [String] {
        var count: CInt = 0
        guard let info = XIQueryDevice(connection, CInt(XIAllMasterDevices), &count) else { return [] }
        defer { XIFreeDeviceInfo(info) }
        return UnsafeBufferPointer(start: info, count: Int(count)).compactMap { device in
            device.name.map { String(cString: $0) }
        }
    }

    /// What the keyboard or pointer of a hand has down.
    func isAnythingDown(ofHand name: String) throws -> Bool {
        guard let other = XOpenDisplay(XDisplayString(connection)) else { throw Failure() }
        defer { XCloseDisplay(other) }
        var count: CInt = 0
        guard let info = XIQueryDevice(other, CInt(XIAllMasterDevices), &count) else { throw Failure() }
        defer { XIFreeDeviceInfo(info) }
        for device in UnsafeBufferPointer(start: info, count: Int(count))
        where device.name.map({ String(cString: $0) }) == "\(name) pointer" {
            XISetClientPointer(other, 0, device.deviceid)
            var bits = [CChar](repeating: 0, count: 32)
            XQueryKeymap(other, &bits)
            var (root, child): (Window, Window) = (0, 0)
            var (x, y, windowX, windowY): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
            var state: UInt32 = 0
            XQueryPointer(other, XDefaultRootWindow(other), &root, &child, &x, &y, &windowX, &windowY, &state)
            return bits.contains { $0 != 0 } || state & UInt32(Button1Mask | Button2Mask | Button3Mask) != 0
        }
        return false
    }

    deinit {
        XDestroyIC(context)
        XCloseDisplay(connection)
    }

    /// The next input, or `nil` if none comes within `milliseconds`.
    func next(within milliseconds: CInt) -> Input? {
        var event = XEvent()
        while true {
            if XPending(connection) == 0 {
                var descriptor = pollfd(fd: XConnectionNumber(connection), events: Int16(POLLIN), revents: 0)
                guard poll(&descriptor, 1, milliseconds) > 0 else { return nil }
                if XPending(connection) == 0 { continue }
            }
            XNextEvent(connection, &event)
            if event.type == MappingNotify { XRefreshKeyboardMapping(&event.xmapping) }
            if let input = input(&event) { return input }
        }
    }

    /// Everything until nothing has come for `milliseconds`.
    func all(quietFor milliseconds: CInt = 60) -> [Input] {
        var inputs: [Input] = []
        while let input = next(within: milliseconds) { inputs.append(input) }
        return inputs
    }

    /// The keycodes and buttons that the server has down.
    func held() -> (keys: Set<UInt8>, buttons: UInt32) {
        // The server takes requests of two connections in any order: give the other one time.
        usleep(20_000)
        var bits = [CChar](repeating: 0, count: 32)
        XQueryKeymap(connection, &bits)
        let keys = (0..<256).filter { bits[$0 / 8] & CChar(bitPattern: 1 << UInt8($0 % 8)) != 0 }
        var (root, child): (Window, Window) = (0, 0)
        var (x, y, windowX, windowY): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        var state: UInt32 = 0
        XQueryPointer(connection, window, &root, &child, &x, &y, &windowX, &windowY, &state)
        return (Set(keys.map { UInt8($0) }), state & UInt32(Button1Mask | Button2Mask | Button3Mask))
    }

    /// How many keys the server has down; what was asked of it before on another connection must have been answered.
    var keycodesDown: Int {
        var bits = [CChar](repeating: 0, count: 32)
        XQueryKeymap(connection, &bits)
        return bits.reduce(0) { $0 + UInt8(bitPattern: $1).nonzeroBitCount }
    }

    /// Of the first five.
    var buttonsDown: UInt32 {
        var (root, child): (Window, Window) = (0, 0)
        var (x, y, windowX, windowY): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        var state: UInt32 = 0
        XQueryPointer(connection, window, &root, &child, &x, &y, &windowX, &windowY, &state)
        return state & UInt32(Button1Mask | Button2Mask | Button3Mask)
    }

    var isAnythingDown: Bool { keycodesDown > 0 || buttonsDown != 0 }

    /// As a program of the desk that presses something itself.
    func hold(keycode: UInt32, button: UInt32) {
        XTestFakeKeyEvent(connection, keycode, 1, UInt(CurrentTime))
        XTestFakeButtonEvent(connection, button, 1, UInt(CurrentTime))
        XSync(connection, 0)
    }

    func lockCaps(_ isOn: Bool) {
        XkbLockModifiers(connection, UInt32(XkbUseCoreKbd), UInt32(LockMask), isOn ? UInt32(LockMask) : 0)
        XSync(connection, 0)
    }

    var isCapsLocked: Bool {
        var state = XkbStateRec()
        XkbGetState(connection, UInt32(XkbUseCoreKbd), &state)
        return UInt32(state.locked_mods) & UInt32(LockMask) != 0
    }

    /// Gives the window's pointer another shape.
    func showCursor(_ shape: UInt32) {
        XDefineCursor(connection, window, XCreateFontCursor(connection, shape))
        XSync(connection, 0)
    }

    private func input(_ event: inout XEvent) -> Input? {
        switch event.type {
        case KeyPress:
            var keysym: KeySym = 0
            var status: CInt = 0
            var bytes = [CChar](repeating: 0, count: 64)
            let code = event.xkey.keycode
            // An input method may take the event; it answers with keycode 0 then.
            if XFilterEvent(&event, 0) != 0 { return nil }
            let count = Xutf8LookupString(context, &event.xkey, &bytes, 63, &keysym, &status)
            let text = String(decoding: bytes.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return Input(
                kind: .keyDown,
                code: code,
                x: event.xkey.x,
                y: event.xkey.y,
                text: text,
                state: event.xkey.state
            )
        case KeyRelease:
            return Input(kind: .keyUp, code: event.xkey.keycode, x: event.xkey.x, y: event.xkey.y)
        case ButtonPress, ButtonRelease:
            return Input(
                kind: event.type == ButtonPress ? .buttonDown : .buttonUp,
                code: event.xbutton.button,
                x: event.xbutton.x,
                y: event.xbutton.y
            )
        case MotionNotify:
            return Input(kind: .motion, code: 0, x: event.xmotion.x, y: event.xmotion.y)
        default:
            return nil
        }
    }
}
