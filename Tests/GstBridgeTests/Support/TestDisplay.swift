import CX11
import Glibc

/// An X server of the test's own, and a client that draws on its root window.
final class TestDisplay {
    let name: String
    let server: Child
    private let display: OpaquePointer
    private let root: Window
    private let context: GC

    init?(width: Int, height: Int, extensions: [String] = []) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        defer { close(ends[0]) }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        let server = Child(
            [
                "Xvfb", "-displayfd", "3", "-screen", "0", "\(width)x\(height)x24", "-nolisten", "tcp",
                "-noreset",
            ]
                + extensions,
            inherited: ends[1]
        )
        close(ends[1])
        guard let server else { return nil }
        self.server = server
        // The server writes its display number when it is ready for clients.
        var digits: [UInt8] = []
        var byte: UInt8 = 0
        while read(ends[0], &byte, 1) == 1, byte != UInt8(ascii: "\n") { digits.append(byte) }
        name = ":" + String(decoding: digits, as: UTF8.self)
        XInitThreads()
        guard let display = XOpenDisplay(name) else { return nil }
        self.display = display
        root = CX11_DefaultRootWindow(display)
        context = XCreateGC(display, root, 0, nil)
    }

    deinit {
        // Before the server, or Xlib would end the test process.
        XCloseDisplay(display)
    }

    /// Fills a rectangle with 0xRRGGBB.
    func fill(_ color: UInt, x: Int, y: Int, width: Int, height: Int) {
        XSetForeground(display, context, color)
        XFillRectangle(display, root, context, CInt(x), CInt(y), CUnsignedInt(width), CUnsignedInt(height))
        XSync(display, 0)
    }

    /// Draws a picture of 640 × 480 that takes an encoder some bits.
    func fillWithSquares() {
        for square in 0..<48 {
            let color = UInt(square) &* 0x0123_4567 & 0xff_ffff
            fill(color, x: square % 8 * 80, y: square / 8 * 80, width: 70, height: 70)
        }
    }

    func movePointer(x: Int, y: Int) {
        XWarpPointer(display, 0, root, 0, 0, 0, 0, CInt(x), CInt(y))
        XSync(display, 0)
    }

    /// Changes the size of the screen, which can only shrink below the size it was started with.
    func resize(width: Int, height: Int) {
        guard let resources = XRRGetScreenResources(display, root) else { return }
        defer { XRRFreeScreenResources(resources) }
        guard let mode = XRRAllocModeInfo("\(width)x\(height)", CInt("\(width)x\(height)".utf8.count)) else {
            return
        }
        defer { XRRFreeModeInfo(mode) }
        mode.pointee.width = CUnsignedInt(width)
        mode.pointee.height = CUnsignedInt(height)
        var output = resources.pointee.outputs[0]
        let known = UnsafeBufferPointer(start: resources.pointee.modes, count: Int(resources.pointee.nmode))
        let same = known.first { $0.width == mode.pointee.width && $0.height == mode.pointee.height }?.id
        let id = same ?? XRRCreateMode(display, root, mode)
        XRRAddOutputMode(display, output, id)
        let crtc = resources.pointee.crtcs[0]
        XRRSetCrtcConfig(display, resources, crtc, 0, 0, 0, 0, 1, nil, 0)
        XRRSetScreenSize(display, root, CInt(width), CInt(height), CInt(width / 4), CInt(height / 4))
        XRRSetCrtcConfig(display, resources, crtc, 0, 0, 0, id, 1, &output, 1)
        XSync(display, 0)
    }
}
