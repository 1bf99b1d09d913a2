import CX11
import Glibc

/// A program that copies and pastes, on a connection of its own; it does what is due whenever it is asked to ``run(until:)``.
final class SelectionClient {
    private let display: OpaquePointer
    private let window: Window
    private let clipboard: Atom
    private let property: Atom
    private let incremental: Atom
    /// What it has copied, by target.
    private var parts: [(target: Atom, type: Atom, format: CInt, bytes: [UInt8])] = []
    /// A transfer in pieces.
    private var transfer: (requestor: Window, property: Atom, type: Atom, rest: ArraySlice<UInt8>)?
    private var pasted: [UInt8]?
    private var collected: [UInt8]?
    /// Whether it answers at all.
    var isSilent = false
    private(set) var isOwner = false

    struct Failure: Error {}

    init(display name: String) throws {
        guard let display = XOpenDisplay(name) else { throw Failure() }
        self.display = display
        window = XCreateSimpleWindow(display, XDefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0)
        XSelectInput(display, window, PropertyChangeMask)
        clipboard = XInternAtom(display, "CLIPBOARD", 0)
        property = XInternAtom(display, "PASTED", 0)
        incremental = XInternAtom(display, "INCR", 0)
    }

    deinit { XCloseDisplay(display) }

    func atom(_ name: String) -> Atom { XInternAtom(display, name, 0) }

    func copy(_ parts: [String: [UInt8]]) {
        self.parts = parts.map { (atom($0.key), atom($0.key), 8, $0.value) }
        let targets = [atom("TARGETS")] + self.parts.map(\.target)
        let list = targets.withUnsafeBytes { Array($0) }
        self.parts.append((atom("TARGETS"), Atom(XA_ATOM), 32, list))
        own()
    }

    /// Answers with whatever these are to be.
    func copy(raw parts: [(target: String, type: String, format: CInt, bytes: [UInt8])]) {
        self.parts = parts.map { (atom($0.target), atom($0.type), $0.format, $0.bytes) }
        own()
    }

    private func own() {
        XSetSelectionOwner(display, clipboard, window, Time(CurrentTime))
        XFlush(display)
        isOwner = true
    }

    func forget() {
        XSetSelectionOwner(display, clipboard, 0, Time(CurrentTime))
        XFlush(display)
    }

    /// What is on the clipboard; `nil` if there is nothing of the kind.
    func paste(_ target: String) -> [UInt8]? {
        (pasted, collected) = (nil, nil)
        var isRefused = false
        XConvertSelection(display, clipboard, atom(target), property, window, Time(CurrentTime))
        run { event in
            switch event.type {
            case SelectionNotify:
                isRefused = event.xselection.property == 0
                if !isRefused { self.read() }
            case PropertyNotify
            where event.xproperty.window == self.window && event.xproperty.atom == self.property
                && event.xproperty.state == PropertyNewValue && self.collected != nil:
                self.read()
            default: break
            }
            return isRefused || self.pasted != nil
        }
        return pasted
    }

    private func read() {
        var type: Atom = 0
        var format: CInt = 0
        var (count, rest): (UInt, UInt) = (0, 0)
        var value: UnsafeMutablePointer<UInt8>?
        XGetWindowProperty(
            display,
            window,
            property,
            0,
            1 << 24,
            1,
            UInt(AnyPropertyType),
            &type,
            &format,
            &count,
            &rest,
            &value
        )
        defer { if let value { XFree(value) } }
        if type == incremental { return collected = [] }
        let bytes = Array(UnsafeBufferPointer(start: value, count: Int(count)))
        guard let collected else { return pasted = bytes }
        if bytes.isEmpty { pasted = collected } else { self.collected = collected + bytes }
    }

    /// Answers others until `isDone`; ten seconds at most.
    func run(until isDone: () -> Bool) { run { _ in isDone() } }

    private func run(_ isDone: (XEvent) -> Bool) {
        var event = XEvent()
        for _ in 0..<1_000 {
            XFlush(display)
            if isDone(event) { return }
            event = XEvent()
            var descriptor = pollfd(fd: XConnectionNumber(display), events: Int16(POLLIN), revents: 0)
            if XPending(display) == 0 { poll(&descriptor, 1, 10) }
            while XPending(display) > 0 {
                XNextEvent(display, &event)
                handle(event)
                if isDone(event) { return }
            }
        }
    }

    private func handle(_ event: XEvent) {
        switch event.type {
        case SelectionRequest: if !isSilent { answer(event.xselectionrequest) }
        case SelectionClear: isOwner = false
        case PropertyNotify
        where event.xproperty.state == PropertyDelete && event.xproperty.window == transfer?.requestor:
            sendPiece()
        default: break
        }
    }

    private func answer(_ asked: XSelectionRequestEvent) {
        var told = XEvent()
        told.xselection.type = SelectionNotify
        told.xselection.requestor = asked.requestor
        told.xselection.selection = asked.selection
        told.xselection.target = asked.target
        told.xselection.time = asked.time
        if let part = parts.first(where: { $0.target == asked.target }) {
            told.xselection.property = asked.property
            if part.format == 8, part.bytes.count > Self.piece {
                transfer = (asked.requestor, asked.property, part.type, part.bytes[...])
                XSelectInput(display, asked.requestor, PropertyChangeMask)
                write([UInt8](repeating: 0, count: 8), incremental, 32, asked.property, asked.requestor)
            } else {
                write(part.bytes, part.type, part.format, asked.property, asked.requestor)
            }
        }
        XSendEvent(display, asked.requestor, 0, 0, &told)
        XFlush(display)
    }

    private func sendPiece() {
        guard let current = transfer else { return }
        let piece = current.rest.prefix(Self.piece)
        write(Array(piece), current.type, 8, current.property, current.requestor)
        transfer =
            piece.isEmpty
            ? nil : (current.requestor, current.property, current.type, current.rest.dropFirst(piece.count))
        XFlush(display)
    }

    private func write(_ bytes: [UInt8], _ type: Atom, _ format: CInt, _ property: Atom, _ requestor: Window)
    {
        let size = format == 32 ? 8 : Int(format) / 8
        XChangeProperty(
            display,
            requestor,
            property,
            type,
            format,
            PropModeReplace,
            bytes,
            CInt(bytes.count / size)
        )
    }

    private static let piece = 65_536
}
