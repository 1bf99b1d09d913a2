internal import CX11
internal import Glibc

/// A pointer and a keyboard of the X server's beside the first ones: a pair of master devices (XI2 §3), with a place and a focus
/// of their own.
///
/// A connection that has made them its own (``DisplayConnection/init(name:pair:)``) means them wherever it names no device: in
/// XTEST, in what it asks about keys, pointer and focus, and in Xkb.
struct MasterPair {
    let pointer: CInt
    let keyboard: CInt

    /// Has the server make a pair for this hand; `nil` if it cannot.
    init?(of hand: FurtherHand, on connection: DisplayConnection) {
        let (display, name) = (connection.display, Self.prefix + "\(hand.rawValue)")
        Self.remove(on: display) { $0 == name }
        let isAsked = name.withCString { text in
            var change = XIAnyHierarchyChangeInfo()
            change.add = XIAddMasterInfo(
                type: CInt(XIAddMaster),
                name: UnsafeMutablePointer(mutating: text),
                send_core: 1,
                enable: 1
            )
            return XIChangeHierarchy(display, &change, 1)
        }
        guard isAsked == CInt(Success),
            let pointer = Self.pointers(on: display).first(where: { $0.name == name }),
            let keyboard = Self.keyboard(of: pointer.id, on: display)
        else { return nil }
        (self.pointer, self.keyboard) = (pointer.id, keyboard)
    }

    func remove(on connection: DisplayConnection) {
        Self.remove(pointer, on: connection.display)
        XSync(connection.display, 0)
    }

    /// Removes what a desk process that was killed has left behind.
    static func removeLeftovers(on connection: DisplayConnection) {
        remove(on: connection.display) { $0.hasPrefix(prefix) }
        XSync(connection.display, 0)
    }

    /// The master keyboard that goes with a master pointer.
    static func keyboard(of pointer: CInt, on display: OpaquePointer) -> CInt? {
        var count: CInt = 0
        guard let info = XIQueryDevice(display, pointer, &count) else { return nil }
        defer { XIFreeDeviceInfo(info) }
        return count == 1 && info.pointee.use == CInt(XIMasterPointer) ? info.pointee.attachment : nil
    }

    /// The server's own, which is there before all others: whoever has made none its own means this one.
    static func firstKeyboard(on display: OpaquePointer) -> CInt? {
        var count: CInt = 0
        guard let info = XIQueryDevice(display, CInt(XIAllMasterDevices), &count) else { return nil }
        defer { XIFreeDeviceInfo(info) }
        return UnsafeBufferPointer(start: info, count: Int(count))
            .filter { $0.use == CInt(XIMasterKeyboard) }.map(\.deviceid).min()
    }

    /// What it is called without the word that the server adds.
    private static func pointers(on display: OpaquePointer) -> [(id: CInt, name: String)] {
        var count: CInt = 0
        guard let info = XIQueryDevice(display, CInt(XIAllMasterDevices), &count) else { return [] }
        defer { XIFreeDeviceInfo(info) }
        return UnsafeBufferPointer(start: info, count: Int(count)).compactMap { device in
            guard device.use == CInt(XIMasterPointer), let text = device.name else { return nil }
            let name = String(cString: text)
            return name.hasSuffix(suffix) ? (device.deviceid, String(name.dropLast(suffix.count))) : nil
        }
    }

    private static func remove(on display: OpaquePointer, where isMeant: (String) -> Bool) {
        for pointer in pointers(on: display) where isMeant(pointer.name) { remove(pointer.id, on: display) }
    }

    private static func remove(_ pointer: CInt, on display: OpaquePointer) {
        var change = XIAnyHierarchyChangeInfo()
        // What was attached to it by others is left alone: the server's own XTEST devices go with it.
        change.remove = XIRemoveMasterInfo(
            type: CInt(XIRemoveMaster),
            deviceid: pointer,
            return_mode: CInt(XIFloating),
            return_pointer: 0,
            return_keyboard: 0
        )
        XIChangeHierarchy(display, &change, 1)
    }

    private static let prefix = "Deskroom hand "
    private static let suffix = " pointer"
}
