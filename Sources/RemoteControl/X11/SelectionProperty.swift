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
        var offset = 0
        var rest = 0
        repeat {
            let part = WindowProperty(
                property,
                of: window,
                display,
                from: offset,
                atMost: Self.piece,
                isDeleted: true
            )
            type = part?.type ?? 0
            guard let part else { return }
            format = part.format
            rest = part.rest
            guard bytes.count + part.bytes.count + rest <= limit else {
                XDeleteProperty(display, window, property)
                return nil
            }
            bytes += part.bytes
            offset += Self.piece
        } while rest > 0
    }

    /// Of format 32.
    var numbers: [UInt] { WindowProperty.numbers(in: bytes) }

    /// In units of 32 bits: 256 KiB.
    private static let piece = 65_536
}
