internal import CX11

/// Where the windows are that are to be hidden, with the menus and dialogues of their applications.
///
/// The server is grabbed by ``begin()`` until ``end()``: where windows are and what the screen shows is then of one moment.
/// Hand it the events of the connection in between, and before.
///
/// A window is known by its id. Iconified, moved to another desktop or given another frame it is still the same one, and
/// hidden as soon as it is on the screen again. Once it is destroyed its id may become another window's: it is then not
/// followed any more, and its last place stays hidden until somebody lifts it. Nobody can tell what comes up there next, and
/// too much hidden can be seen and mended at once; too little cannot.
struct FollowedWindows {
    private struct Followed {
        /// Its outermost window below the root window; `nil`: to be looked up.
        var top: UInt?
        var lastPlace: PixelRect?
        var isLost = false
    }

    private let display: OpaquePointer
    private let root: Window
    private let transientFor: Atom
    private var table = WindowTable()
    private var windows: [UInt: Followed] = [:]
    private var isGrabbed = false
    /// Those that have been lost since they were asked for, once.
    private var lost: [UInt32] = []

    init(display: OpaquePointer, root: Window) {
        self.display = display
        self.root = root
        transientFor = XInternAtom(display, "WM_TRANSIENT_FOR", 0)
        XSelectInput(display, root, StructureNotifyMask | SubstructureNotifyMask)
        XGrabServer(display)
        for window in children(of: root) ?? [] { look(at: window) }
        XUngrabServer(display)
        XFlush(display)
    }

    /// Only the root window's own size is told from now on.
    func close() {
        XSelectInput(display, root, StructureNotifyMask)
        for window in windows.keys { XSelectInput(display, window, 0) }
        XFlush(display)
    }

    /// Follows these; those that were followed before stay as they are.
    mutating func follow(_ ids: [UInt32]) {
        let wanted = Set(ids.map(UInt.init))
        windows = windows.filter { wanted.contains($0.key) }
        for id in wanted where windows[id] == nil {
            windows[id] = Followed()
            // It may be inside of a window manager's frame, of which alone the root window tells.
            XSelectInput(display, id, StructureNotifyMask)
        }
    }

    /// Windows that were destroyed since the last call.
    mutating func takeLost() -> [UInt32] {
        defer { lost = [] }
        return lost
    }

    // MARK: A moment

    /// Grabs the server: from the next reply on nobody draws or moves anything.
    mutating func begin() {
        XGrabServer(display)
        isGrabbed = true
        // What happened before is in the queue then.
        XSync(display, 0)
    }

    mutating func end() {
        guard isGrabbed else { return }
        isGrabbed = false
        XUngrabServer(display)
        XFlush(display)
    }

    /// What is to be hidden, while the server is grabbed and all events have been taken in; `nil`: everything, for nobody
    /// knows where something is.
    mutating func places() -> [PixelRect]? {
        for window in table.unknown { classify(window) }
        var places: [PixelRect] = []
        for id in windows.keys.sorted() {
            if windows[id]?.isLost == false, windows[id]?.top == nil { lookUp(id) }
            guard let window = windows[id] else { continue }
            if window.isLost {
                guard let place = window.lastPlace else { return nil }
                places.append(place)
                continue
            }
            guard let top = window.top, let entry = table[top] else { return nil }
            windows[id]?.lastPlace = entry.place
            if entry.isMapped { places.append(entry.place) }
            places += table.popups(of: application(of: id))
        }
        return places
    }

    /// Finds the outermost window that one lies in.
    private mutating func lookUp(_ id: UInt) {
        var window = id
        for _ in 0..<Self.deepest {
            var (above, parent): (Window, Window) = (0, 0)
            var list: UnsafeMutablePointer<Window>?
            var count: UInt32 = 0
            guard XQueryTree(display, window, &above, &parent, &list, &count) != 0 else { break }
            if let list { XFree(list) }
            if parent == root {
                windows[id]?.top = window
                if table[window] == nil { look(at: window) }
                return
            }
            guard parent != 0 else { break }
            window = parent
        }
        lose(id)
    }

    private mutating func lose(_ id: UInt) {
        guard windows[id]?.isLost == false else { return }
        windows[id]?.isLost = true
        lost.append(UInt32(truncatingIfNeeded: id))
    }

    // MARK: Events

    /// Takes in an event of the connection; returns whether it may change what is to be hidden.
    mutating func handle(_ event: XEvent) -> Bool {
        switch event.type {
        case CreateNotify:
            let created = event.xcreatewindow
            guard created.parent == root else { return false }
            table.handlePlaced(
                created.window,
                at: place(created.x, created.y, created.width, created.height, created.border_width)
            )
        case ConfigureNotify:
            let moved = event.xconfigure
            guard moved.event == root, moved.window != root else { return false }
            table.handlePlaced(
                moved.window,
                at: place(moved.x, moved.y, moved.width, moved.height, moved.border_width)
            )
        case MapNotify:
            guard event.xmap.event == root else { return false }
            table.handleMapped(event.xmap.window, true)
        case UnmapNotify:
            guard event.xunmap.event == root else { return false }
            table.handleMapped(event.xunmap.window, false)
        case DestroyNotify:
            let id = event.xdestroywindow.window
            if event.xdestroywindow.event == root { table.handleGone(id) }
            if windows[id] != nil { lose(id) }
            forgetTop(id)
        case ReparentNotify:
            let event = event.xreparent
            if event.event == root {
                if event.parent == root { look(at: event.window) } else { table.handleGone(event.window) }
            }
            table.handleContent(of: event.parent)
            windows[event.window]?.top = nil
            forgetTop(event.window)
        default: return false
        }
        return true
    }

    /// Whatever was in this window is somewhere else.
    private mutating func forgetTop(_ top: UInt) {
        for (id, window) in windows where window.top == top { windows[id]?.top = nil }
    }

    // MARK: Questions

    private func place(_ x: CInt, _ y: CInt, _ width: CInt, _ height: CInt, _ border: CInt) -> PixelRect {
        PixelRect(x: Int(x), y: Int(y), width: Int(width + 2 * border), height: Int(height + 2 * border))
    }

    private mutating func look(at window: UInt) {
        var attributes = XWindowAttributes()
        guard XGetWindowAttributes(display, window, &attributes) != 0 else { return }
        table.handlePlaced(
            window,
            at: place(
                attributes.x,
                attributes.y,
                attributes.width,
                attributes.height,
                attributes.border_width
            )
        )
        table.handleMapped(window, attributes.map_state != IsUnmapped)
    }

    /// A menu or tooltip is not managed by a window manager; a dialogue says what it belongs to.
    private mutating func classify(_ top: UInt) {
        var attributes = XWindowAttributes()
        guard XGetWindowAttributes(display, top, &attributes) != 0 else { return }
        if attributes.override_redirect != 0, !isFrame(top) {
            table.classify(top, popupOf: application(of: top))
            return
        }
        var inside = [top]
        for _ in 0..<Self.frameDepth {
            for window in inside where isTransient(window) {
                table.classify(top, popupOf: application(of: window))
                return
            }
            inside = inside.flatMap { children(of: $0) ?? [] }
        }
        table.classify(top, popupOf: nil)
    }

    /// Whether a window manager has put somebody else's window into it.
    private func isFrame(_ top: UInt) -> Bool {
        var inside = [top]
        for _ in 0..<Self.frameDepth {
            inside = inside.flatMap { children(of: $0) ?? [] }
            if inside.contains(where: { application(of: $0) != application(of: top) }) { return true }
        }
        return false
    }

    private func isTransient(_ window: UInt) -> Bool {
        var type: Atom = 0
        var format: CInt = 0
        var (count, rest): (UInt, UInt) = (0, 0)
        var value: UnsafeMutablePointer<UInt8>?
        let status = XGetWindowProperty(
            display,
            window,
            transientFor,
            0,
            1,
            0,
            UInt(AnyPropertyType),
            &type,
            &format,
            &count,
            &rest,
            &value
        )
        if let value { XFree(value) }
        return status == Success && type != 0
    }

    private func children(of window: UInt) -> [UInt]? {
        var (above, parent): (Window, Window) = (0, 0)
        var list: UnsafeMutablePointer<Window>?
        var count: UInt32 = 0
        guard XQueryTree(display, window, &above, &parent, &list, &count) != 0 else { return nil }
        guard let list else { return [] }
        defer { XFree(list) }
        return Array(UnsafeBufferPointer(start: list, count: Int(count)))
    }

    /// Whose a window is: its X connection, which the high bits of its id are.
    private func application(of window: UInt) -> UInt { window & ~CX11_ResourceMask(display) }

    /// Windows inside one another.
    private static let deepest = 32
    /// Of a frame: a client's window is its child, or its grandchild.
    private static let frameDepth = 2
}
