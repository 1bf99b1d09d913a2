#if canImport(Wire)
internal import Wire
#endif

/// A window on the desk that people can choose to hide.
///
/// ```
/// u32 id, u8 length of the title, the title in UTF-8
/// ```
public struct DeskWindow: Hashable, Sendable {
    /// X's.
    public let id: UInt32
    /// As its application has written it; at most ``maximumTitleLength`` bytes of UTF-8.
    public let title: String

    /// - Parameter title: What is too long is cut.
    public init(id: UInt32, title: String) {
        self.id = id
        var title = title
        while title.utf8.count > Self.maximumTitleLength { title.removeLast() }
        self.title = title
    }

    /// Bytes.
    public static let maximumTitleLength = 160
    /// In one list.
    public static let maximumCount = 64
}

extension DeskWindow {
    var encodedLength: Int { 5 + title.utf8.count }

    /// Parses a list that fills `bytes` from `start` on: u8 count, then the windows.
    static func list(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) -> [DeskWindow] {
        guard let count = bytes.bigEndian(UInt8.self, at: start), count <= maximumCount else {
            throw MalformedMessage(offset: start)
        }
        var place = start + 1
        var windows: [DeskWindow] = []
        for _ in 0..<count {
            guard
                let id = bytes.bigEndian(UInt32.self, at: place),
                let length = bytes.bigEndian(UInt8.self, at: place + 4), length <= maximumTitleLength,
                place + 5 + Int(length) <= bytes.byteCount
            else { throw MalformedMessage(offset: place) }
            let title = unsafe bytes.extracting((place + 5)..<(place + 5 + Int(length)))
                .withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
            guard let title else { throw MalformedMessage(offset: place + 5) }
            windows.append(DeskWindow(id: id, title: title))
            place += 5 + Int(length)
        }
        guard place == bytes.byteCount else { throw MalformedMessage(offset: place) }
        return windows
    }

    static func encodedLength(of windows: [DeskWindow]) -> Int {
        windows.prefix(maximumCount).reduce(1) { $0 + $1.encodedLength }
    }

    /// Writes a list; what is more than ``maximumCount`` is left out.
    @_lifetime(output: copy output)
    static func write(_ windows: [DeskWindow], into output: inout OutputRawSpan) {
        let windows = windows.prefix(maximumCount)
        output.append(UInt8(clamping: windows.count))
        for window in windows {
            output.append(network: window.id)
            output.append(UInt8(clamping: window.title.utf8.count))
            for byte in window.title.utf8 { output.append(byte) }
        }
    }
}
