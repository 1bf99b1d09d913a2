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
///
/// Under a compositing manager everything is hidden: it paints what has moved when it likes, so where a window is and where
/// it shows are never of one moment.
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
    /// The selection that a compositing manager of this screen owns.
    private let compositing: Atom
    private var table = WindowTable()
    private var windows: [UInt: Followed] = [:]
    private var isGrabbed = false
    /// Those that have been lost since they were asked for, once.
    private var lost: [UInt32] = []

    init(display: OpaquePointer, root: Window) {
        self.display = display
        self.root = root
        transientFor = XInternAtom(display, "WM_TRANSIENT_FOR", 0)
        compositing = XInternAtom(display, "_NET_WM_CM_S\(XDefaultScreen(display))", 0)
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
        guard XGetSelectionOwner(display, compositing) == 0 else { return nil }
        for window in table.unknown { classify(window) }
        var places: [PixelRect] = []
        for id in windows.keys.sorted() {
            if windows[id]?.isLost == false, windows[id]?.top == nil { lookUp(id) }
            guard let window = windows[id] else { continue }
            // Also of an application that is about to end: its menus may go after its window.
            places += table.popups(of: application(of: id))
            if window.isLost {
                guard let place = window.lastPlace else { return nil }
                places.append(place)
                continue
            }
            guard let top = window.top, let entry = table[top] else { return nil }
            windows[id]?.lastPlace = entry.place
            if entry.isMapped { places.append(entry.place) }
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
            // A frame in a frame may be moved to another one as well.
            XSelectInput(display, window, StructureNotifyMask)
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
        // Any program may send what looks like one, as ICCCM §4.1.4 has them do; only the server's word counts.
        guard event.xany.send_event == 0 else { return false }
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
        case GravityNotify:
            guard event.xgravity.event == root else { return false }
            table.handleShifted(event.xgravity.window, x: Int(event.xgravity.x), y: Int(event.xgravity.y))
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
            // Rare enough to look all of them up.
            for id in windows.keys { windows[id]?.top = nil }
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
    ///
    /// A window manager's frame counts as its own menu, which matters to nobody but who hides a window of its own.
    private mutating func classify(_ top: UInt) {
        var attributes = XWindowAttributes()
        guard XGetWindowAttributes(display, top, &attributes) != 0 else { return }
        var applications: Set<UInt> = []
        if attributes.override_redirect != 0 { applications.insert(application(of: top)) }
        var inside = [top]
        for depth in 0...Self.frameDepth {
            for window in inside {
                guard let owner = transientOwner(of: window) else { continue }
                // One may be opened by another application than it belongs to, as portals do.
                applications.formUnion([application(of: window), application(of: owner)])
            }
            if depth < Self.frameDepth { inside = inside.flatMap { children(of: $0) ?? [] } }
        }
        table.classify(top, popupOf: applications)
    }

    /// What a dialogue belongs to; `nil`: it is none.
    private func transientOwner(of window: UInt) -> UInt? {
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
        defer { if let value { XFree(value) } }
        guard status == Success, type != 0, let value else { return nil }
        // Xlib keeps a 32-bit number in a `long`. Of anything else it is a dialogue all the same, of its own application.
        guard format == 32, count == 1 else { return window }
        return UnsafeRawPointer(value).loadUnaligned(as: UInt.self)
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
