internal import CX11

/// What was in a property, which is deleted in reading it.
struct SelectionProperty {
    /// 0: there was no such property.
    private(set) var type: Atom = 0
    /// Bits of each number: 8, 16 or 32.
    private(set) var format = 0
    private(set) var bytes: [UInt8] = []

    /// Reads it piece by piece, so that the server has time for others between them; `nil` if it has more than `limit` bytes: then
    /// it is deleted unread.
    init?(_ property: Atom, of window: Window, _ display: OpaquePointer, atMost limit: Int) {
        var (count, rest): (UInt, UInt) = (0, 0)
        var offset = 0
        repeat {
            var value: UnsafeMutablePointer<UInt8>?
            var format: CInt = 0
            let status = XGetWindowProperty(
                display,
                window,
                property,
                offset,
                Self.piece,
                1,
                UInt(AnyPropertyType),
                &type,
                &format,
                &count,
                &rest,
                &value
            )
            defer { if let value { XFree(value) } }
            guard status == Success, type != 0, let value else { return }
            self.format = Int(format)
            // Xlib keeps each 32-bit number in a `long`, which has 64 bits here.
            let size = format == 32 ? 8 : Int(format) / 8
            guard bytes.count + Int(count) * size + Int(rest) <= limit else {
                XDeleteProperty(display, window, property)
                return nil
            }
            bytes += UnsafeBufferPointer(start: value, count: Int(count) * size)
            offset += Self.piece
        } while rest > 0
    }

    /// Of format 32.
    var numbers: [UInt] {
        bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: UInt.self)
            }
        }
    }

    /// In units of 32 bits: 256 KiB.
    private static let piece = 65_536
}
