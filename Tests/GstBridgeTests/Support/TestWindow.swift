import CX11
import Glibc

/// A window of an application of its own, filled with a secret pattern that the server paints by itself.
final class TestWindow {
    /// Pixels of one square of the pattern.
    static let square = 8
    static let magenta: UInt = 0xd0_20d0
    static let green: UInt = 0x20_d020

    let id: UInt32
    let width: Int
    let height: Int
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
        isMapped: Bool = true
    ) {
        guard let display = XOpenDisplay(screen.name) else { return nil }
        self.screen = screen
        self.display = display
        self.width = width
        self.height = height
        root = CX11_DefaultRootWindow(display)
        id = UInt32(
            XCreateSimpleWindow(display, root, CInt(x), CInt(y), UInt32(width), UInt32(height), 0, 0, 0)
        )
        paint(UInt(id), width, height)
        if isMapped { map() }
    }

    deinit { XCloseDisplay(display) }

    /// Whether a square of the pattern is green; the same in every run.
    static func isGreen(_ column: Int, _ row: Int) -> Bool {
        var bits =
            UInt32(truncatingIfNeeded: column &* 0x9e37_79b1) ^ UInt32(truncatingIfNeeded: row &* 0x85eb_ca6b)
        bits ^= bits >> 15
        bits = bits &* 0x2c1b_3c6d
        return (bits ^ bits >> 12) & 1 == 0
    }

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

    /// Opens a menu, as applications do: past the window manager.
    func openMenu(x: Int, y: Int, width: Int, height: Int) {
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
        XMapWindow(display, menu)
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
        let square = Self.square
        for row in 0..<((height + square - 1) / square) {
            for column in 0..<((width + square - 1) / square) {
                XSetForeground(display, context, Self.isGreen(column, row) ? Self.green : Self.magenta)
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
