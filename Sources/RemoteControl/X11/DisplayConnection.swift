internal import CX11
internal import Glibc

/// Why a screen cannot be driven.
public enum DeskScreenError: Error, Hashable, Sendable {
    /// No X server answers under that name.
    case unreachable
    /// The X server lacks an extension: XTEST, XKEYBOARD, XFIXES, XInputExtension or RANDR.
    case unsuitable(missing: String)
}

/// The connection to an X server, and what was asked of it once.
///
/// Xlib's answer to a connection that breaks is to end the process. That is what the desk process is
/// for: the room starts another one.
final class DisplayConnection {
    let display: OpaquePointer
    let root: Window
    /// Events of this opcode are XInput events.
    let inputOpcode: CInt
    let fixesEventBase: CInt
    let randrEventBase: CInt
    /// The server's device of the keyboard that is meant by requests which name none.
    let keyboard: CInt
    /// Whether that keyboard and its pointer are those of one of the further hands.
    let isFurtherHand: Bool

    /// Connects to the display `name`, or to `$DISPLAY` if it is `nil`.
    ///
    /// - Parameter pair: The pointer and keyboard that are meant by requests which name none; `nil`: the server's first ones.
    init(name: String?, pair: MasterPair? = nil) throws(DeskScreenError) {
        // Requests about windows and cursors that have just vanished fail in the normal course of things,
        // and Xlib's own handler would end the process. The setting is process-wide.
        XSetErrorHandler { _, _ in 0 }
        guard let display = XOpenDisplay(name) else { throw .unreachable }
        do {
            inputOpcode = try Self.query("XInputExtension", of: display).opcode
            fixesEventBase = try Self.query("XFIXES", of: display).eventBase
            randrEventBase = try Self.query("RANDR", of: display).eventBase
            _ = try Self.query("XTEST", of: display)
            _ = try Self.query("XKEYBOARD", of: display)
        } catch {
            XCloseDisplay(display)
            throw error
        }
        self.display = display
        root = XDefaultRootWindow(display)

        // The server answers a client only in the versions that the client has announced.
        var major: CInt = 5
        var minor: CInt = 0
        XFixesQueryVersion(display, &major, &minor)
        (major, minor) = (2, 2)
        XIQueryVersion(display, &major, &minor)
        isFurtherHand = pair != nil
        if let pair {
            XISetClientPointer(display, 0, pair.pointer)
            keyboard = pair.keyboard
        } else {
            keyboard = MasterPair.firstKeyboard(on: display) ?? 0
        }
        XRRSelectInput(display, root, CInt(RRScreenChangeNotifyMask))
        // Other clients' grabs of the server must not hold up input.
        XTestGrabControl(display, 1)
    }

    deinit {
        XCloseDisplay(display)
    }

    /// Waits, for a while, until the server has noticed that the desk process before this one is gone, and makes
    /// this one known to the next.
    ///
    /// A process that was killed may have left requests behind that a server which was stopped has not read yet:
    /// presses among them, which would come after everything was released.
    func waitForPredecessor() {
        let presence = XInternAtom(display, "_DESKROOM_DESK", 0)
        var looks = 0
        while looks < Self.looks, XGetSelectionOwner(display, presence) != 0 {
            usleep(Self.lookInterval)
            looks += 1
        }
        let window = XCreateSimpleWindow(display, root, -1, -1, 1, 1, 0, 0, 0)
        XSetSelectionOwner(display, presence, window, UInt(CurrentTime))
        XSync(display, 0)
    }

    /// A second in all, in microseconds.
    private static let looks = 100
    private static let lookInterval: UInt32 = 10_000

    /// Pixels.
    var width: Int { Int(XDisplayWidth(display, XDefaultScreen(display))) }
    var height: Int { Int(XDisplayHeight(display, XDefaultScreen(display))) }

    private static func query(
        _ name: String,
        of display: OpaquePointer
    ) throws(DeskScreenError) -> (opcode: CInt, eventBase: CInt) {
        var opcode: CInt = 0
        var eventBase: CInt = 0
        var errorBase: CInt = 0
        guard XQueryExtension(display, name, &opcode, &eventBase, &errorBase) != 0 else {
            throw .unsuitable(missing: name)
        }
        return (opcode, eventBase)
    }
}
