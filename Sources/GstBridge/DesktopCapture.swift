internal import CX11
internal import Wire

/// Keeps a picture of the screen up to date, at the cost of what changed.
///
/// A connection of its own to the X server. Wait until ``descriptor`` is readable, call ``handleEvents()``,
/// and ``capture()`` when it said that something changed. One thread at a time.
package final class DesktopCapture {
    package enum OpenError: Error, Hashable, Sendable {
        /// No server, or none that lets us in.
        case unreachable
        /// No DAMAGE extension, or pixels that are not 32 bits of B, G, R.
        case unsupported
    }

    /// The last picture; whoever holds it keeps it from being overwritten, not from being replaced.
    package private(set) var frame: I420Frame
    package private(set) var statistics = CaptureStatistics()
    /// Counts the pictures.
    package private(set) var serial = 0

    /// What is hidden from clients.
    package private(set) var cover = Cover()
    private var covered = CoveredPicture()
    /// `nil`: no window is followed.
    private var windows: FollowedWindows?

    /// The connection's socket.
    package let descriptor: CInt

    private let display: OpaquePointer
    private let root: Window
    private let damage: DamageMonitor
    private let resizeEvent: CInt?
    private var reader: ScreenReader
    private var isResized = true
    /// Of the screen as ``frame`` has it, in pixels; it may be odd.
    private var size = (width: 0, height: 0)
    /// Whether the screen has had another size since ``cover`` was set: then a window manager has moved windows, and nobody knows
    /// what lies where something was hidden, or where that is now.
    private var isCoverOutgrown = false
    /// Where the last pictures differ from the ones before them, by their numbers.
    private var recent: [(serial: Int, rects: [PixelRect])] = []
    /// Whether something has changed that ``handleEvents()`` has not told.
    private var hasChanged = false
    private let errorsBefore: Int

    /// - Parameter name: The display, e.g. `":0"`.
    package init(display name: String) throws(OpenError) {
        XErrors.install()
        guard let display = XOpenDisplay(name) else { throw .unreachable }
        let root = CX11_DefaultRootWindow(display)
        guard Self.hasKnownPixels(display), let damage = DamageMonitor(display: display, root: root) else {
            XCloseDisplay(display)
            throw .unsupported
        }
        self.display = display
        self.root = root
        self.damage = damage
        descriptor = XConnectionNumber(display)
        reader = ScreenReader(display: display, root: root)
        frame = I420Frame(width: 2, height: 2)
        errorsBefore = XErrors.count

        // The size of the root window changes with RandR; either event will do.
        XSelectInput(display, root, StructureNotifyMask)
        var base: CInt = 0
        var errorBase: CInt = 0
        if XRRQueryExtension(display, &base, &errorBase) != 0 {
            XRRSelectInput(display, root, CInt(RRScreenChangeNotifyMask))
            resizeEvent = base + RRScreenChangeNotify
        } else {
            resizeEvent = nil
        }
    }

    deinit {
        windows?.end()
        reader.close()
        XCloseDisplay(display)
    }

    /// Reads what the server sent; returns whether the screen changed.
    ///
    /// Call it again before each sleep: a reply that
    /// ``capture()`` waited for may have brought events with it, and then the socket stays silent.
    package func handleEvents() -> Bool {
        takeEvents()
        defer { hasChanged = false }
        return hasChanged
    }

    private func takeEvents() {
        var event = XEvent()
        while XPending(display) > 0 {
            XNextEvent(display, &event)
            if damage.isDamage(event) {
                hasChanged = true
            } else if event.type == ConfigureNotify && event.xconfigure.window == root
                || event.type == resizeEvent
            {
                XRRUpdateConfiguration(&event)
                isResized = true
                hasChanged = true
                if event.type == ConfigureNotify {
                    handleSize(width: Int(event.xconfigure.width), height: Int(event.xconfigure.height))
                }
            } else if windows?.handle(event) == true {
                hasChanged = true
            }
        }
    }

    private func handleSize(width: Int, height: Int) {
        if (width, height) != size { isCoverOutgrown = true }
    }

    /// Fetches and converts what changed; ``frame`` is a new object if the size is new.
    ///
    /// - Returns: Whether the picture may differ from the last one.
    @discardableResult
    package func capture() -> Bool {
        // Until the pixels are here nobody draws or moves anything: a window that has moved is hidden where it shows.
        windows?.begin()
        if windows != nil { takeEvents() }
        let (changed, isChanged, isWhole) = fetch()
        let places = windows?.places()
        windows?.end()
        // The word that the screen was resized comes before any pixel that was drawn after that.
        if !cover.rectangles.isEmpty { takeEvents() }

        if isChanged {
            statistics.frames += 1
            serial += 1
            if recent.count == Self.memory { recent.removeFirst() }
            recent.append(
                (serial, changed.compactMap { $0.aligned(toWidth: frame.width, height: frame.height) })
            )
        }
        statistics.errors = XErrors.count - errorsBefore
        if cover.isEmpty {
            if isChanged { covered.show() }
        } else if cover.hidesAll || windows != nil && places == nil
            || isCoverOutgrown && !cover.rectangles.isEmpty
        {
            covered.hideAll(width: frame.width, height: frame.height)
        } else if isWhole {
            covered.hide(cover.rectangles + (places ?? []), of: frame, changed: changed)
        }
        return isChanged
    }

    /// Where ``frame`` differs from the picture with this number, if it has its size; `nil` if that is forgotten.
    func changes(since serial: Int) -> [PixelRect]? {
        guard serial != self.serial else { return [] }
        guard serial < self.serial, let first = recent.first, first.serial <= serial + 1 else { return nil }
        return recent.filter { $0.serial > serial }.flatMap(\.rects)
    }

    // MARK: What clients see

    /// The picture for clients, or for those who may see what is hidden, and its number.
    package func picture(isClear: Bool) -> (frame: I420Frame, serial: Int) {
        isClear ? (frame, serial) : (coveredFrame, covered.serial)
    }

    /// The picture for clients.
    package var coveredFrame: I420Frame { covered.frame ?? frame }

    /// Hides this from now on, and nothing else; an older cover than the one before is not taken.
    ///
    /// - Returns: Whether it was taken: then ``coveredFrame`` has it.
    package func setCover(_ cover: Cover) -> Bool {
        guard cover.isNewer(than: self.cover) else { return false }
        self.cover = cover
        isCoverOutgrown = false
        // Until the screen has been read once more, nobody knows what is where.
        if cover.isEmpty { covered.show() } else { covered.hideAll(width: frame.width, height: frame.height) }
        if cover.windows.isEmpty {
            windows?.close()
            windows = nil
        } else {
            if windows == nil { windows = FollowedWindows(display: display, root: root) }
            windows?.follow(cover.windows)
        }
        takeEvents()
        hasChanged = true
        capture()
        return true
    }

    /// Windows that cannot be followed any more since the last call: their last places stay hidden.
    package func takeLostWindows() -> [UInt32] { windows?.takeLost() ?? [] }

    // MARK: Reading

    /// Fetches what has changed.
    ///
    /// - Returns: Where, whether anything has, and whether the picture is that of one moment everywhere.
    private func fetch() -> (changed: [PixelRect], isChanged: Bool, isWhole: Bool) {
        var rects = damage.take()
        if isResized { rects = resize() ?? rects }
        var isChanged = false
        var isWhole = !isResized
        for rect in PixelRect.joined(rects) {
            guard let rect = rect.aligned(toWidth: frame.width, height: frame.height) else { continue }
            if !isKnownUniquelyReferenced(&frame) {
                frame = frame.copy()
                statistics.copies += 1
            }
            let frame = frame
            guard reader.read(rect, { frame.convert($0, stride: $1, into: rect) }) else {
                // The screen shrank under our hands; its event is on the way, and with it a whole new
                // picture.
                isResized = true
                isWhole = false
                continue
            }
            statistics.pixels += rect.area
            isChanged = true
        }
        return (rects, isChanged, isWhole)
    }

    /// Takes over the screen's size; returns the whole screen if it is new, or if it could not be read
    /// before.
    private func resize() -> [PixelRect]? {
        var window: Window = 0
        var position: (x: CInt, y: CInt) = (0, 0)
        var size: (width: CUnsignedInt, height: CUnsignedInt) = (0, 0)
        var border: CUnsignedInt = 0
        var depth: CUnsignedInt = 0
        guard
            XGetGeometry(
                display,
                root,
                &window,
                &position.x,
                &position.y,
                &size.width,
                &size.height,
                &border,
                &depth
            )
                != 0
        else { return nil }
        isResized = false
        let (width, height) = (Int(size.width), Int(size.height))
        handleSize(width: width, height: height)
        self.size = (width, height)
        if frame.width != width & ~1 || frame.height != height & ~1 {
            frame = I420Frame(width: width, height: height)
        }
        // Also if the size is the old one: a segment that was given up when a read failed is tried again.
        reader.resize(width: width, height: height)
        return [PixelRect(x: 0, y: 0, width: frame.width, height: frame.height)]
    }

    /// Pictures.
    private static let memory = 32

    private static func hasKnownPixels(_ display: OpaquePointer) -> Bool {
        let visual = CX11_DefaultVisual(display).pointee
        guard visual.red_mask == 0xff_0000, visual.green_mask == 0xff00, visual.blue_mask == 0xff else {
            return false
        }
        guard XImageByteOrder(display) == LSBFirst else { return false }
        var count: CInt = 0
        guard let formats = XListPixmapFormats(display, &count) else { return false }
        defer { XFree(formats) }
        return UnsafeBufferPointer(start: formats, count: Int(count)).contains {
            $0.depth == CX11_DefaultDepth(display) && $0.bits_per_pixel == 32
        }
    }
}
