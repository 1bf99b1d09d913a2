internal import CX11

/// Gives an X screen another size, by RandR 1.2: what Xvfb does up to the size that it was started with.
///
/// Each size is a mode that is made for it, and destroyed when another one is in use. The server is not grabbed: another
/// client's grab would hold up the caller, who has keys to press. A window manager sees at most one size in between, in which
/// both fit.
struct ScreenModes {
    private let display: OpaquePointer
    private let root: Window

    init(_ connection: DisplayConnection) {
        display = connection.display
        root = connection.root
    }

    /// What the screen can have at most, in pixels; `nil`: the server has no RandR 1.2, or not the one output that a virtual
    /// screen has.
    var largest: (width: Int, height: Int)? {
        var major: CInt = 1
        var minor: CInt = 2
        guard XRRQueryVersion(display, &major, &minor) != 0, (major, minor) >= (1, 2) else { return nil }
        var least: (width: CInt, height: CInt) = (0, 0)
        var most: (width: CInt, height: CInt) = (0, 0)
        guard
            XRRGetScreenSizeRange(display, root, &least.width, &least.height, &most.width, &most.height) != 0,
            let resources = XRRGetScreenResourcesCurrent(display, root)
        else { return nil }
        defer { XRRFreeScreenResources(resources) }
        guard resources.pointee.noutput == 1, resources.pointee.ncrtc >= 1 else { return nil }
        return (Int(most.width), Int(most.height))
    }

    /// Pixels, as the server has them now.
    var size: (width: Int, height: Int)? {
        var window: Window = 0
        var position: (x: CInt, y: CInt) = (0, 0)
        var size: (width: CUnsignedInt, height: CUnsignedInt) = (0, 0)
        var rest: (border: CUnsignedInt, depth: CUnsignedInt) = (0, 0)
        let isThere = XGetGeometry(
            display,
            root,
            &window,
            &position.x,
            &position.y,
            &size.width,
            &size.height,
            &rest.border,
            &rest.depth
        )
        return isThere != 0 ? (Int(size.width), Int(size.height)) : nil
    }

    /// Returns whether the screen has this size now.
    func set(_ wanted: DeskSize) -> Bool {
        guard let before = size, let largest,
            Int(wanted.width) <= largest.width, Int(wanted.height) <= largest.height
        else { return false }
        defer { removeModes() }
        guard makeMode(for: wanted) else { return false }
        // With the mode the configuration is another one.
        guard let resources = XRRGetScreenResourcesCurrent(display, root) else { return false }
        defer { XRRFreeScreenResources(resources) }
        guard resources.pointee.noutput == 1, resources.pointee.ncrtc >= 1,
            let mode = mode(of: wanted, in: resources.pointee)
        else { return false }

        // What an output shows must lie in the screen at any time.
        let (width, height) = (Int(wanted.width), Int(wanted.height))
        let both = (width: max(width, before.width), height: max(height, before.height))
        if both != before { setScreen(both) }
        var output = resources.pointee.outputs[0]
        let status = XRRSetCrtcConfig(
            display,
            resources,
            resources.pointee.crtcs[0],
            UInt(CurrentTime),
            0,
            0,
            mode,
            UInt16(RR_Rotate_0),
            &output,
            1
        )
        let isDone = status == RRSetConfigSuccess
        let end = isDone ? (width, height) : before
        if end != both { setScreen(end) }
        XSync(display, 0)
        return isDone && size.map { $0 == (width, height) } ?? false
    }

    private func setScreen(_ size: (width: Int, height: Int)) {
        XRRSetScreenSize(
            display,
            root,
            CInt(size.width),
            CInt(size.height),
            Self.millimetres(size.width),
            Self.millimetres(size.height)
        )
    }

    // MARK: Modes

    /// Makes a mode of this size, if the output has none.
    private func makeMode(for size: DeskSize) -> Bool {
        guard let resources = XRRGetScreenResourcesCurrent(display, root) else { return false }
        defer { XRRFreeScreenResources(resources) }
        guard resources.pointee.noutput == 1 else { return false }
        if mode(of: size, in: resources.pointee) != nil { return true }
        let name = Self.prefix + size.description
        guard let info = XRRAllocModeInfo(name, CInt(name.utf8.count)) else { return false }
        defer { XRRFreeModeInfo(info) }
        // Nothing of it is ever sent to a monitor; toolkits draw as often in a second as it says.
        let (width, height) = (CUnsignedInt(size.width), CUnsignedInt(size.height))
        info.pointee.width = width
        info.pointee.height = height
        (info.pointee.hSyncStart, info.pointee.hSyncEnd, info.pointee.hTotal) = (
            width + 1, width + 2, width + 3
        )
        (info.pointee.vSyncStart, info.pointee.vSyncEnd, info.pointee.vTotal) = (
            height + 1, height + 2, height + 3
        )
        info.pointee.dotClock = UInt(width + 3) * UInt(height + 3) * Self.refreshRate
        // One that was made and could not be used is there already.
        let mode = Self.modes(of: resources.pointee).first { Self.name(of: $0) == name }?.id
        let id = mode ?? XRRCreateMode(display, root, info)
        guard id != 0 else { return false }
        XRRAddOutputMode(display, resources.pointee.outputs[0], id)
        return true
    }

    /// A mode of the output with this size.
    private func mode(of size: DeskSize, in resources: XRRScreenResources) -> RRMode? {
        var resources = resources
        guard let info = XRRGetOutputInfo(display, &resources, resources.outputs[0]) else { return nil }
        defer { XRRFreeOutputInfo(info) }
        let offered = Set(UnsafeBufferPointer(start: info.pointee.modes, count: Int(info.pointee.nmode)))
        return Self.modes(of: resources).first {
            offered.contains($0.id) && $0.width == size.width && $0.height == size.height
        }?.id
    }

    /// Destroys the modes that were made here, or by a process before this one, and are not in use.
    private func removeModes() {
        guard let resources = XRRGetScreenResourcesCurrent(display, root) else { return }
        defer { XRRFreeScreenResources(resources) }
        guard resources.pointee.ncrtc >= 1,
            let information = XRRGetCrtcInfo(display, resources, resources.pointee.crtcs[0])
        else { return }
        let used = information.pointee.mode
        XRRFreeCrtcInfo(information)
        for mode in Self.modes(of: resources.pointee)
        where mode.id != used && Self.name(of: mode).hasPrefix(Self.prefix) {
            if resources.pointee.noutput > 0 {
                XRRDeleteOutputMode(display, resources.pointee.outputs[0], mode.id)
            }
            XRRDestroyMode(display, mode.id)
        }
    }

    private static func modes(of resources: XRRScreenResources) -> UnsafeBufferPointer<XRRModeInfo> {
        UnsafeBufferPointer(start: resources.modes, count: Int(resources.nmode))
    }

    private static func name(of mode: XRRModeInfo) -> String {
        guard let name = mode.name else { return "" }
        let length = Int(mode.nameLength)
        return String(
            decoding: UnsafeRawBufferPointer(start: name, count: length),
            as: UTF8.self
        )
    }

    /// At 96 dots an inch.
    private static func millimetres(_ pixels: Int) -> CInt { CInt((pixels * 254 + 480) / 960) }

    private static let prefix = "deskroom-"
    private static let refreshRate: UInt = 60
}
