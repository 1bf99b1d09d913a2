internal import CX11

/// Collects which parts of the screen changed, in the X server, until they are asked for.
struct DamageMonitor: ~Copyable {
    private let display: OpaquePointer
    private let damage: Damage
    private let region: XserverRegion
    private let eventBase: CInt

    /// `nil` if the server has no DAMAGE or XFIXES extension.
    init?(display: OpaquePointer, root: Window) {
        var base: CInt = 0
        var errorBase: CInt = 0
        guard XDamageQueryExtension(display, &base, &errorBase) != 0 else { return nil }
        var fixesBase: CInt = 0
        guard XFixesQueryExtension(display, &fixesBase, &errorBase) != 0 else { return nil }
        self.display = display
        eventBase = base
        // One event when the region stops being empty; what comes after is only added up in the server.
        damage = XDamageCreate(display, root, XDamageReportNonEmpty)
        region = XFixesCreateRegion(display, nil, 0)
    }

    func isDamage(_ event: XEvent) -> Bool { event.type == eventBase + XDamageNotify }

    /// What changed since the last call; asks the server, so that the next change makes an event again.
    func take() -> [PixelRect] {
        XDamageSubtract(display, damage, 0, region)
        var count: CInt = 0
        guard let rects = XFixesFetchRegion(display, region, &count) else { return [] }
        defer { XFree(rects) }
        return UnsafeBufferPointer(start: rects, count: Int(count)).map {
            PixelRect(x: Int($0.x), y: Int($0.y), width: Int($0.width), height: Int($0.height))
        }
    }
}
