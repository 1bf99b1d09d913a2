import CX11
import Glibc

/// A window of an application of its own, filled with a secret pattern that the server paints by itself.
final class TestWindow {
    let id: UInt32
    let width: Int
    let height: Int
    let pattern: SecretPattern
    /// The server outlives the connection, or Xlib would end the test process.
    private let screen: TestDisplay
    private let display: OpaquePointer
    private let root: Window

    init?(
        on screen: TestDisplay,
        x: Int = 0,
        y: Int = 0,
        width: Int = 96,
        height: Int = 64,
        isMapped: Bool = true,
        pattern: SecretPattern = SecretPattern(seed: 1)
    ) {
        guard let display = XOpenDisplay(screen.name) else { return nil }
        self.screen = screen
        self.display = display
        self.width = width
        self.height = height
        self.pattern = pattern
        root = CX11_DefaultRootWindow(display)
        id = UInt32(
            XCreateSimpleWindow(display, root, CInt(x), CInt(y), UInt32(width), UInt32(height), 0, 0, 0)
        )
        paint(UInt(id), width, height)
        if isMapped { map() }
    }

    deinit { XCloseDisplay(display) }

    func move(x: Int, y: Int, width: Int? = nil, height: Int? = nil) {
        XMoveResizeWindow(
            display,
            UInt(id),
            CInt(x),
            CInt(y),
            UInt32(width ?? self.width),
            UInt32(height ?? self.height)
        )
        XRaiseWindow(display, UInt(id))
        XSync(display, 0)
    }

    func raise() {
        XRaiseWindow(display, UInt(id))
        XSync(display, 0)
    }

    func map() {
        XMapWindow(display, UInt(id))
        XSync(display, 0)
    }

    func unmap() {
        XUnmapWindow(display, UInt(id))
        XSync(display, 0)
    }

    func destroy() {
        XDestroyWindow(display, UInt(id))
        XSync(display, 0)
    }

    /// Fills a rectangle of the window with 0xRRGGBB.
    func fill(_ color: UInt, x: Int, y: Int, width: Int, height: Int) {
        let context = XCreateGC(display, UInt(id), 0, nil)
        XSetForeground(display, context, color)
        XFillRectangle(display, UInt(id), context, CInt(x), CInt(y), UInt32(width), UInt32(height))
        XFreeGC(display, context)
        XSync(display, 0)
    }

    /// Says that the window belongs to another one, as dialogues do.
    func belong(to other: TestWindow) {
        XSetTransientForHint(display, UInt(id), UInt(other.id))
        XSync(display, 0)
    }

    /// Says of another application's window that it is unmapped, which it is not.
    func pretendUnmapped(_ other: TestWindow) {
        var event = XEvent()
        event.xunmap.type = UnmapNotify
        event.xunmap.event = root
        event.xunmap.window = UInt(other.id)
        XSendEvent(display, root, 0, SubstructureNotifyMask, &event)
        XSync(display, 0)
    }

    /// Becomes the compositing manager of the screen, as far as others can tell.
    func composite() {
        XSetSelectionOwner(display, XInternAtom(display, "_NET_WM_CM_S0", 0), UInt(id), 0)
        XSync(display, 0)
    }

    /// Opens a menu, as applications do: past the window manager.
    ///
    /// - Parameter embedder: An application that draws a part of it.
    @discardableResult
    func openMenu(x: Int, y: Int, width: Int, height: Int, embedder: TestWindow? = nil) -> UInt {
        var attributes = XSetWindowAttributes()
        attributes.override_redirect = 1
        let menu = XCreateWindow(
            display,
            root,
            CInt(x),
            CInt(y),
            UInt32(width),
            UInt32(height),
            0,
            0,
            UInt32(InputOutput),
            nil,
            UInt(CWOverrideRedirect),
            &attributes
        )
        paint(menu, width, height)
        if let embedder {
            XSync(display, 0)
            let part = XCreateSimpleWindow(embedder.display, menu, 0, 0, 8, 8, 0, 0, 0)
            XMapWindow(embedder.display, part)
            XSync(embedder.display, 0)
        }
        XMapWindow(display, menu)
        XSync(display, 0)
        return menu
    }

    func closeMenu(_ menu: UInt) {
        XDestroyWindow(display, menu)
        XSync(display, 0)
    }

    /// Puts another application's window into a frame with a title, as a window manager does; the frame is `manager`'s.
    static func frame(_ window: TestWindow, by manager: TestWindow, x: Int, y: Int, title: Int) {
        let display = manager.display
        var attributes = XSetWindowAttributes()
        // As openbox has it.
        attributes.override_redirect = 1
        let frame = XCreateWindow(
            display,
            manager.root,
            CInt(x),
            CInt(y),
            UInt32(window.width),
            UInt32(window.height + title),
            0,
            0,
            UInt32(InputOutput),
            nil,
            UInt(CWOverrideRedirect),
            &attributes
        )
        manager.paint(frame, window.width, window.height + title)
        XReparentWindow(display, UInt(window.id), frame, 0, CInt(title))
        XMapWindow(display, frame)
        XSync(display, 0)
    }

    private func paint(_ window: UInt, _ width: Int, _ height: Int) {
        let depth = UInt32(CX11_DefaultDepth(display))
        let pixmap = XCreatePixmap(display, root, UInt32(width), UInt32(height), depth)
        let context = XCreateGC(display, pixmap, 0, nil)
        let square = SecretPattern.square
        for row in 0..<((height + square - 1) / square) {
            for column in 0..<((width + square - 1) / square) {
                XSetForeground(display, context, pattern.color(column: column, row: row))
                XFillRectangle(
                    display,
                    pixmap,
                    context,
                    CInt(column * square),
                    CInt(row * square),
                    UInt32(square),
                    UInt32(square)
                )
            }
        }
        XSetWindowBackgroundPixmap(display, window, pixmap)
        XFreeGC(display, context)
        XFreePixmap(display, pixmap)
        XSync(display, 0)
    }
}
