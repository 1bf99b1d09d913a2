internal import CX11

/// The windows of applications, as a window manager lists them, or as they lie below the root window.
enum WindowList {
    static func read(_ connection: DisplayConnection) -> [DeskWindow] {
        let (display, root) = (connection.display, connection.root)
        let ids = property("_NET_CLIENT_LIST", of: root, display).map(numbers) ?? children(of: root, display)
        return ids.prefix(DeskWindow.maximumCount).compactMap { id in
            guard let title = title(of: id, display) else { return nil }
            return DeskWindow(id: UInt32(truncatingIfNeeded: id), title: title)
        }
    }

    /// `nil` for a window that is gone, or that has no title.
    private static func title(of window: Window, _ display: OpaquePointer) -> String? {
        if let name = property("_NET_WM_NAME", of: window, display), !name.bytes.isEmpty {
            return String(decoding: name.bytes, as: UTF8.self)
        }
        guard let name = property("WM_NAME", of: window, display), !name.bytes.isEmpty else { return nil }
        return text(name, display)
    }

    /// A text in the encoding that its type names (ICCCM §2.7.1), Latin-1 mostly; of a type that Xlib does not know, UTF-8.
    private static func text(_ value: WindowProperty, _ display: OpaquePointer) -> String {
        guard value.format == 8 else { return "" }
        var bytes = value.bytes
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        var count: CInt = 0
        let status = bytes.withUnsafeMutableBufferPointer { buffer in
            var property = XTextProperty(
                value: buffer.baseAddress,
                encoding: value.type,
                format: 8,
                nitems: UInt(buffer.count)
            )
            return Xutf8TextPropertyToTextList(display, &property, &list, &count)
        }
        defer { if let list { XFreeStringList(list) } }
        guard status >= CInt(Success), count > 0, let text = list?.pointee else {
            return String(decoding: value.bytes, as: UTF8.self)
        }
        return String(cString: text)
    }

    /// Those on the screen that a window manager would manage.
    private static func children(of root: Window, _ display: OpaquePointer) -> [Window] {
        var (above, parent): (Window, Window) = (0, 0)
        var list: UnsafeMutablePointer<Window>?
        var count: UInt32 = 0
        guard XQueryTree(display, root, &above, &parent, &list, &count) != 0, let list else { return [] }
        defer { XFree(list) }
        return UnsafeBufferPointer(start: list, count: Int(count)).filter {
            var attributes = XWindowAttributes()
            return XGetWindowAttributes(display, $0, &attributes) != 0
                && attributes.override_redirect == 0 && attributes.map_state != IsUnmapped
        }
    }

    private static func property(
        _ name: String,
        of window: Window,
        _ display: OpaquePointer
    ) -> WindowProperty? {
        let atom = XInternAtom(display, name, 1)
        return atom == 0 ? nil : WindowProperty(atom, of: window, display, atMost: longest)
    }

    private static func numbers(_ value: WindowProperty) -> [Window] {
        value.format == 32 ? WindowProperty.numbers(in: value.bytes) : []
    }

    /// Of a property, in units of 32 bits.
    private static let longest = 1_024
}
