internal import CX11

/// A part of a window's property, as it was in the server.
struct WindowProperty {
    let type: Atom
    /// Bits of each number: 8, 16 or 32.
    let format: Int
    let bytes: [UInt8]
    /// Bytes of the property behind this part.
    let rest: Int

    /// Reads it; `nil` if there is no such property, or no such window.
    ///
    /// - Parameters:
    ///   - offset: Where the part begins, in units of 32 bits.
    ///   - length: How long it is at most, in the same units.
    ///   - isDeleted: The property is deleted with its last part.
    init?(
        _ property: Atom,
        of window: Window,
        _ display: OpaquePointer,
        from offset: Int = 0,
        atMost length: Int,
        isDeleted: Bool = false
    ) {
        var type: Atom = 0
        var format: CInt = 0
        var (count, rest): (UInt, UInt) = (0, 0)
        var value: UnsafeMutablePointer<UInt8>?
        let status = XGetWindowProperty(
            display,
            window,
            property,
            offset,
            length,
            isDeleted ? 1 : 0,
            UInt(AnyPropertyType),
            &type,
            &format,
            &count,
            &rest,
            &value
        )
        defer { if let value { XFree(value) } }
        guard status == Success, type != 0, let value else { return nil }
        // Xlib keeps each 32-bit number in a `long`, which has 64 bits here.
        let size = format == 32 ? 8 : Int(format) / 8
        self.type = type
        self.format = Int(format)
        self.rest = Int(rest)
        bytes = Array(UnsafeBufferPointer(start: value, count: Int(count) * size))
    }

    /// The numbers of a property of format 32, as Xlib keeps them.
    static func numbers(in bytes: [UInt8]) -> [UInt] {
        bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map {
                bytes.loadUnaligned(fromByteOffset: $0, as: UInt.self)
            }
        }
    }
}
