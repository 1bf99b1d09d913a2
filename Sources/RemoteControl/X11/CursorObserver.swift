internal import CX11
internal import Wire

/// Watches the pointer's picture and position; a pointer at rest costs nothing.
struct CursorObserver {
    private let connection: DisplayConnection
    private var shapes: [UInt: CursorShape] = [:]
    private var shown: UInt?
    private var pendingShape: CursorShape?

    private var position: DeskPoint?
    private var hasMoved = true
    private var lastReport: Instant?
    /// Whether there are other pointers: the server tells of every one's picture, and not whose it is.
    var hasOthers = false

    init(_ connection: DisplayConnection) {
        self.connection = connection
        XFixesSelectCursorInput(connection.display, connection.root, UInt(XFixesDisplayCursorNotifyMask))
        // Raw motion is reported wherever the pointer is and whoever grabs it.
        var bits = [UInt8](repeating: 0, count: Int(XI_RawMotion) / 8 + 1)
        bits[Int(XI_RawMotion) / 8] |= 1 << (Int(XI_RawMotion) % 8)
        bits.withUnsafeMutableBufferPointer { bits in
            var mask = XIEventMask(
                deviceid: CInt(XIAllMasterDevices),
                mask_len: CInt(bits.count),
                mask: bits.baseAddress
            )
            XISelectEvents(connection.display, connection.root, &mask, 1)
        }
        fetchShape()
    }

    /// Takes in an event of the connection; others than the pointer's are ignored.
    mutating func handle(_ event: inout XEvent) {
        if event.type == GenericEvent, event.xcookie.extension == connection.inputOpcode {
            hasMoved = true
        } else if event.type == connection.fixesEventBase + CInt(XFixesCursorNotify) {
            let notification = withUnsafeBytes(of: &event) {
                $0.loadUnaligned(as: XFixesCursorNotifyEvent.self)
            }
            hasMoved = true
            show(notification.cursor_serial)
        }
    }

    /// What people have to be told next.
    mutating func poll(now: Instant) -> CursorMessage? {
        if let shape = pendingShape {
            pendingShape = nil
            return .shape(shape)
        }
        guard hasMoved, lastReport.map({ $0 + Self.interval <= now }) ?? true else { return nil }
        hasMoved = false
        let current = queryPosition()
        guard current != position else { return nil }
        position = current
        lastReport = now
        return .position(current)
    }

    /// When ``poll(now:)`` is next due.
    func pollTimeout() -> Instant? {
        guard hasMoved || pendingShape != nil else { return nil }
        return lastReport.map { $0 + Self.interval }
    }

    private mutating func show(_ serial: UInt) {
        guard serial != shown else { return }
        guard !hasOthers, let shape = shapes[serial] else { return fetchShape() }
        shown = serial
        pendingShape = shape
    }

    private mutating func fetchShape() {
        guard let image = XFixesGetCursorImage(connection.display) else { return }
        defer { XFree(image) }
        let picture = image.pointee
        guard picture.cursor_serial != shown else { return }
        // Xlib keeps each 32-bit pixel in an `unsigned long`, which has 64 bits here.
        let pixels = UnsafeBufferPointer(
            start: picture.pixels,
            count: Int(picture.width) * Int(picture.height)
        )
        guard
            let shape = CursorShape(
                serial: UInt32(truncatingIfNeeded: picture.cursor_serial),
                width: Int(picture.width),
                height: Int(picture.height),
                hotX: Int(picture.xhot),
                hotY: Int(picture.yhot),
                argb: pixels.map { UInt32(truncatingIfNeeded: $0) }
            )
        else { return }
        if shapes.count >= Self.capacity { shapes.removeAll(keepingCapacity: true) }
        shapes[picture.cursor_serial] = shape
        shown = picture.cursor_serial
        pendingShape = shape
    }

    private func queryPosition() -> DeskPoint {
        var (root, child): (Window, Window) = (0, 0)
        var (x, y, windowX, windowY): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        var buttons: UInt32 = 0
        XQueryPointer(
            connection.display,
            connection.root,
            &root,
            &child,
            &x,
            &y,
            &windowX,
            &windowY,
            &buttons
        )
        return DeskPoint(x: UInt16(clamping: x), y: UInt16(clamping: y))
    }

    /// Positions are for onlookers: about 60 a second are enough.
    private static let interval = Interval.milliseconds(16)
    private static let capacity = 64
}
