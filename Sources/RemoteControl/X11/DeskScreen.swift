internal import CX11
public import Wire

/// The X screen of the desk: takes control events, and tells how the pointer looks and where it is.
///
/// Not thread-safe: one event loop owns it. After each call, drain ``pollCursor(now:)`` and ``pollAnswer()``, then wait until
/// one of ``descriptors`` is readable (``handleEvents(now:)``) or ``pollTimeout()`` has come (``handleTimeout(now:)``).
/// If the X server goes away, Xlib ends the process.
public final class DeskScreen {
    private let connection: DisplayConnection
    private var injector: InputInjector
    private var cursor: CursorObserver
    private let modes: ScreenModes
    /// What a further hand drives it with; `nil`: the server's first pointer and keyboard.
    private let pair: MasterPair?
    /// What the screen can be made at most, in pixels; `nil`: its size is as it is.
    public let largest: (width: Int, height: Int)?
    private let keys: KeyObserver

    /// Opens the display `name` such as `:99`, or `$DISPLAY` if it is `nil`.
    public init(display name: String? = nil) throws(DeskScreenError) {
        connection = try DisplayConnection(name: name)
        pair = nil
        cursor = CursorObserver(connection)
        keys = try KeyObserver(name)
        injector = InputInjector(connection, keys)
        modes = ScreenModes(connection)
        largest = modes.largest
    }

    /// The same screen for one of the further hands, with a pointer, a keyboard and a focus of its own (docs/hands.md).
    ///
    /// - Parameter first: The screen of the first hand, which is there for longer.
    init(_ hand: FurtherHand, of first: DeskScreen, display name: String?) throws(DeskScreenError) {
        guard let pair = MasterPair(of: hand, on: first.connection) else {
            throw .unsuitable(missing: "master devices")
        }
        do {
            connection = try DisplayConnection(name: name, pair: pair)
            keys = try KeyObserver(name, of: pair)
        } catch {
            pair.remove(on: first.connection)
            throw error
        }
        self.pair = pair
        HandKeyboard.copyMap(from: first.connection, to: connection)
        cursor = CursorObserver(connection)
        cursor.hasOthers = true
        injector = InputInjector(connection, keys, spares: first.injector.spares)
        first.injector.spares.add(connection, keys)
        modes = ScreenModes(connection)
        largest = nil
    }

    /// The hand of this screen is gone: what it holds is released, and its pointer and keyboard are removed.
    func leave(_ first: DeskScreen, now: Instant) {
        injector.releaseAll(now: now)
        XSync(connection.display, 0)
        first.injector.spares.remove(connection)
        pair?.remove(on: first.connection)
    }

    /// Gives this hand's keyboard the map of the first one's.
    func copyMap(of first: DeskScreen, now: Instant) {
        injector.releaseAll(now: now)
        HandKeyboard.copyMap(from: first.connection, to: connection)
    }

    /// Whether a keyboard's map may have changed since it was asked before.
    func pollNewMap() -> Bool { injector.pollNewMap() }

    /// What the keys of the layout mean now; asks the server.
    var map: [UInt] { HandKeyboard.map(of: connection, except: injector.spares.keycodes) }

    /// Whether there are other pointers on it.
    var hasOtherHands: Bool {
        get { cursor.hasOthers }
        set { cursor.hasOthers = newValue }
    }

    /// Gives the screen another size; returns whether it has it.
    public func resize(to size: DeskSize) -> Bool {
        let isDone = modes.set(size)
        // What is inside of the screen is asked of Xlib, which knows by an event.
        takeEvents()
        return isDone
    }

    /// The connections' sockets; this object keeps them.
    public var descriptors: [CInt] { [XConnectionNumber(connection.display), keys.descriptor] }

    /// Pixels, as of the last events handled.
    public var width: UInt16 { UInt16(clamping: connection.width) }
    public var height: UInt16 { UInt16(clamping: connection.height) }

    /// The windows of applications now; asks the server about each.
    public var windows: [DeskWindow] { WindowList.read(connection) }

    /// Actions that reached the X server.
    public var injected: UInt64 { injector.injected }
    /// Actions dropped, because no keycode was free for them.
    public var dropped: UInt64 { injector.dropped }

    /// Whether a key or button is down, or may be by what waits.
    public var isHolding: Bool { injector.isHolding }
    /// Whether a key or button is down for the holder.
    public var isPressing: Bool { injector.isPressing }

    /// Makes sure that nothing is held, whoever pressed it: a desk process that was killed cannot release
    /// anything, and its server keeps it down.
    ///
    /// Waits up to a second for a predecessor that is still there.
    public func takeOver(now: Instant) {
        connection.waitForPredecessor()
        MasterPair.removeLeftovers(on: connection)
        injector.releaseForeign(now: now)
    }

    /// Carries `event` out; positions outside the screen are moved to its edge.
    public func inject(_ event: ControlEvent, now: Instant) {
        injector.inject(event, now: now)
    }

    /// What the holder is to be told, oldest first.
    public func pollAnswer() -> ControlAnswer? { injector.pollAnswer() }

    /// Gives a screen a size before anybody uses it; returns whether it has it.
    public static func prepare(display name: String?, size: DeskSize) -> Bool {
        guard let connection = try? DisplayConnection(name: name) else { return false }
        return ScreenModes(connection).set(size)
    }

    /// Returns when the server has carried out everything.
    public func synchronize() {
        XSync(connection.display, 0)
    }

    /// Releases what is held, of a holder who is not heard of any more, and has them told; what waits is carried out.
    public func letGo(now: Instant) {
        injector.letGo(now: now)
    }

    /// Releases every key and button that is held.
    public func releaseAll(now: Instant) {
        injector.releaseAll(now: now)
    }

    /// Releases everything and gives the desk another keyboard layout; returns whether it could.
    public func setLayout(_ layout: KeyboardLayout, now: Instant) -> Bool {
        injector.setLayout(layout, now: now)
    }

    /// Releases everything and undoes what was changed in the server's keyboard: the last call.
    public func restore(now: Instant) {
        injector.restore(now: now)
    }

    /// Takes in what the X server has sent.
    public func handleEvents(now: Instant) {
        takeEvents()
        injector.handleEcho(now: now)
    }

    private func takeEvents() {
        var event = XEvent()
        while XPending(connection.display) > 0 {
            XNextEvent(connection.display, &event)
            if event.type == MappingNotify {
                injector.handle(&event)
            } else if event.type == connection.randrEventBase + CInt(RRScreenChangeNotify) {
                XRRUpdateConfiguration(&event)
            } else {
                cursor.handle(&event)
            }
        }
    }

    public func handleTimeout(now: Instant) {
        injector.handleTimeout(now: now)
    }

    /// When ``handleTimeout(now:)`` or ``pollCursor(now:)`` is next due.
    public func pollTimeout() -> Instant? {
        [injector.pollTimeout(), cursor.pollTimeout()].compactMap(\.self).min()
    }

    /// What has changed about the pointer, one thing at a time.
    public func pollCursor(now: Instant) -> CursorMessage? { cursor.poll(now: now) }
}
