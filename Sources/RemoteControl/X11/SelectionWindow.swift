internal import CX11
internal import Wire

/// The X edge of ``DeskClipboard``: a connection of its own, with a window that nobody sees, which owns the selection CLIPBOARD and
/// asks for it.
///
/// PRIMARY, what is selected and not copied, is left alone.
/// Not thread-safe: one event loop owns it. If the X server goes away, Xlib ends the process.
final class SelectionWindow {
    private let connection: DisplayConnection
    private let window: Window
    private let atoms: SelectionAtoms
    /// When the selection was acquired, by the server's clock.
    private var acquired: Time = 0

    init(display name: String?) throws(DeskScreenError) {
        connection = try DisplayConnection(name: name)
        let display = connection.display
        atoms = SelectionAtoms(display)
        window = XCreateSimpleWindow(display, connection.root, -1, -1, 1, 1, 0, 0, 0)
        XSelectInput(display, window, Int(PropertyChangeMask))
        let changes =
            XFixesSetSelectionOwnerNotifyMask | XFixesSelectionWindowDestroyNotifyMask
            | XFixesSelectionClientCloseNotifyMask
        XFixesSelectSelectionInput(display, window, atoms.clipboard, UInt(changes))
        XFlush(display)
    }

    /// The connection's socket; this object keeps it.
    var descriptor: CInt { XConnectionNumber(connection.display) }

    /// Whether events have come that were not handled yet.
    var hasEvents: Bool { XEventsQueued(connection.display, CInt(QueuedAlready)) > 0 }

    /// Says who owns the selection to begin with.
    func begin(_ clipboard: inout DeskClipboard, now: Instant) {
        guard XGetSelectionOwner(connection.display, atoms.clipboard) != 0 else { return }
        clipboard.handleOwner(time: UInt32(CurrentTime), now: now)
    }

    // MARK: Events

    /// Takes in what the X server has sent, some of it if that is much, and does what follows.
    func handleEvents(for clipboard: inout DeskClipboard, now: Instant) {
        perform(for: &clipboard, now: now)
        var event = XEvent()
        for _ in 0..<Self.batch where XPending(connection.display) > 0 {
            XNextEvent(connection.display, &event)
            handle(&event, for: &clipboard, now: now)
            perform(for: &clipboard, now: now)
        }
    }

    private func handle(_ event: inout XEvent, for clipboard: inout DeskClipboard, now: Instant) {
        switch event.type {
        case SelectionNotify: handle(event.xselection, for: &clipboard, now: now)
        case SelectionRequest: handle(event.xselectionrequest, for: &clipboard, now: now)
        case PropertyNotify: handle(event.xproperty, for: &clipboard, now: now)
        case DestroyNotify: clipboard.handleGone(UInt32(truncatingIfNeeded: event.xdestroywindow.window))
        case connection.fixesEventBase + CInt(XFixesSelectionNotify):
            let change = withUnsafeBytes(of: &event) {
                $0.loadUnaligned(as: XFixesSelectionNotifyEvent.self)
            }
            handle(change, for: &clipboard, now: now)
        default: break
        }
    }

    private func handle(
        _ change: XFixesSelectionNotifyEvent,
        for clipboard: inout DeskClipboard,
        now: Instant
    ) {
        guard change.selection == atoms.clipboard else { return }
        switch change.owner {
        case window: clipboard.handleOwned()
        case 0: clipboard.handleNoOwner(hasEnded: change.subtype != CInt(XFixesSetSelectionOwnerNotify))
        default:
            clipboard.handleOwner(time: UInt32(truncatingIfNeeded: change.selection_timestamp), now: now)
        }
    }

    private func handle(_ answer: XSelectionEvent, for clipboard: inout DeskClipboard, now: Instant) {
        guard answer.selection == atoms.clipboard, answer.requestor == window else { return }
        guard answer.property != 0 else {
            guard let target = atoms.target(answer.target) else { return }
            let time = UInt32(truncatingIfNeeded: answer.time)
            return clipboard.handleRefusal(of: target, time: time, now: now)
        }
        guard let slot = atoms.slot(of: answer.property) else { return }
        clipboard.handle(read(answer.property, room: clipboard.reader.room), slot: slot, now: now)
    }

    /// Reads an answer, and deletes it.
    private func read(_ property: Atom, room: Int) -> SelectionReader.Answer {
        let value = SelectionProperty(
            property,
            of: window,
            connection.display,
            atMost: max(room, Self.listLength)
        )
        guard let value else { return .tooLarge }
        switch value.type {
        case 0: return .refused
        case atoms.incremental: return .incremental
        case Atom(XA_ATOM), atoms[.targets]:
            guard value.format == 32 else { return .refused }
            return .targets(Set(value.numbers.compactMap { atoms.target($0) }))
        default: return value.format == 8 ? .bytes(value.bytes) : .refused
        }
    }

    private func handle(_ change: XPropertyEvent, for clipboard: inout DeskClipboard, now: Instant) {
        guard change.window == window else {
            guard change.state == PropertyDelete else { return }
            let property = UInt32(truncatingIfNeeded: change.atom)
            return clipboard.handleDeleted(
                property,
                of: UInt32(truncatingIfNeeded: change.window),
                now: now
            )
        }
        guard change.state == PropertyNewValue else { return }
        if change.atom == atoms.time { return acquire(at: change.time, for: &clipboard) }
        guard let slot = atoms.slot(of: change.atom), clipboard.reader.expectsPiece(in: slot) else { return }
        let room = clipboard.reader.room
        let value = SelectionProperty(change.atom, of: window, connection.display, atMost: room)
        // One that is gone again was read before.
        if value?.type == 0 { return }
        clipboard.handlePiece(value?.bytes, slot: slot, now: now)
    }

    private func handle(
        _ asked: XSelectionRequestEvent,
        for clipboard: inout DeskClipboard,
        now: Instant
    ) {
        guard asked.selection == atoms.clipboard, asked.requestor != window else { return }
        let request = SelectionOwner.Request(
            requestor: UInt32(truncatingIfNeeded: asked.requestor),
            target: atoms.target(asked.target),
            name: UInt32(truncatingIfNeeded: asked.target),
            property: UInt32(truncatingIfNeeded: asked.property),
            time: UInt32(truncatingIfNeeded: asked.time)
        )
        clipboard.handle(request, now: now)
    }

    // MARK: Actions

    private func perform(for clipboard: inout DeskClipboard, now: Instant) {
        var hasActed = false
        while let action = clipboard.pollAction() {
            hasActed = true
            switch action {
            case .owner(let action): perform(action)
            case .reader(let action): perform(action)
            }
        }
        if hasActed { XFlush(connection.display) }
    }

    private func perform(_ action: SelectionReader.Action) {
        let display = connection.display
        switch action {
        case .convert(let target, let slot, let time):
            XDeleteProperty(display, window, atoms.slots[Int(slot)])
            XConvertSelection(
                display,
                atoms.clipboard,
                atoms[target],
                atoms.slots[Int(slot)],
                window,
                Time(time)
            )
        case .discard(let slot): XDeleteProperty(display, window, atoms.slots[Int(slot)])
        }
    }

    private func perform(_ action: SelectionOwner.Action) {
        let display = connection.display
        switch action {
        case .acquire:
            // The server says by the change what time it is (ICCCM §2.1).
            XChangeProperty(display, window, atoms.time, Atom(XA_STRING), 8, PropModeAppend, nil, 0)
        case .watch(let requestor):
            XSelectInput(display, Window(requestor), Int(PropertyChangeMask | StructureNotifyMask))
        case .unwatch(let requestor): XSelectInput(display, Window(requestor), 0)
        case .write(let value, let requestor, let property):
            write(value, to: Atom(property), of: Window(requestor))
        case .answer(let request, let isThere):
            var event = XEvent()
            event.xselection.type = SelectionNotify
            event.xselection.requestor = Window(request.requestor)
            event.xselection.selection = atoms.clipboard
            event.xselection.target = Atom(request.name)
            event.xselection.property = isThere ? Atom(request.property) : 0
            event.xselection.time = Time(request.time)
            XSendEvent(display, Window(request.requestor), 0, 0, &event)
        }
    }

    private func acquire(at time: Time, for clipboard: inout DeskClipboard) {
        XSetSelectionOwner(connection.display, atoms.clipboard, window, time)
        let isOwner = XGetSelectionOwner(connection.display, atoms.clipboard) == window
        if isOwner { acquired = time }
        clipboard.handleAcquired(isOwner)
    }

    private func write(_ value: SelectionOwner.Value, to property: Atom, of requestor: Window) {
        switch value {
        case .bytes(let bytes, let target):
            // TEXT asks for whatever encoding there is.
            let type = target == .text ? atoms[.utf8String] : atoms[target]
            bytes.withUnsafeBufferPointer { bytes in
                _ = XChangeProperty(
                    connection.display,
                    requestor,
                    property,
                    type,
                    8,
                    PropModeReplace,
                    bytes.baseAddress,
                    CInt(bytes.count)
                )
            }
        case .incremental(let count): write([UInt(count)], atoms.incremental, to: property, of: requestor)
        case .targets(let targets):
            write(targets.map { atoms[$0] }, Atom(XA_ATOM), to: property, of: requestor)
        case .timestamp: write([acquired], Atom(XA_INTEGER), to: property, of: requestor)
        }
    }

    /// Xlib takes each 32-bit number in a `long`, which has 64 bits here.
    private func write(_ numbers: [UInt], _ type: Atom, to property: Atom, of requestor: Window) {
        numbers.withUnsafeBytes { bytes in
            _ = XChangeProperty(
                connection.display,
                requestor,
                property,
                type,
                32,
                PropModeReplace,
                bytes.bindMemory(to: UInt8.self).baseAddress,
                CInt(numbers.count)
            )
        }
    }

    /// Events in one wake-up.
    private static let batch = 1_024
    /// Bytes that a list of targets may have, as Xlib keeps it.
    private static let listLength = 16_384
}
