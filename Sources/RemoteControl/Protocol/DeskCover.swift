#if canImport(Wire)
internal import Wire
#endif

/// What the room wants hidden of the desk in the pictures that clients get.
///
/// ```
/// u32 number, u8 1 if everything is hidden, u8 rectangle count, u8 window count,
/// then for each rectangle: u16 x, u16 y, u16 width, u16 height; then for each window: u32 id
/// ```
public struct DeskCover: Hashable, Sendable {
    /// A part of the screen, in pixels; neither side is 0.
    public struct Rectangle: Hashable, Sendable {
        public var x: UInt16
        public var y: UInt16
        public var width: UInt16
        public var height: UInt16

        public init(x: UInt16, y: UInt16, width: UInt16, height: UInt16) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }
    }

    /// Counts, modulo 2^32: an older cover is not taken after a newer one.
    public let number: UInt32
    public let hidesAll: Bool
    /// At most ``maximumCount``.
    public let rectangles: [Rectangle]
    /// X windows that are followed; at most ``maximumCount``.
    public let windows: [UInt32]

    /// Of rectangles, and of windows.
    public static let maximumCount = 16

    /// Returns `nil` if there are too many of something, a rectangle is empty or a window is 0.
    public init?(number: UInt32, hidesAll: Bool = false, rectangles: [Rectangle] = [], windows: [UInt32] = [])
    {
        guard
            rectangles.count <= Self.maximumCount, windows.count <= Self.maximumCount,
            rectangles.allSatisfy({ $0.width > 0 && $0.height > 0 }), !windows.contains(0)
        else { return nil }
        self.number = number
        self.hidesAll = hidesAll
        self.rectangles = rectangles
        self.windows = windows
    }
}

extension DeskCover {
    static let maximumLength = 7 + 12 * maximumCount

    var encodedLength: Int { 7 + 8 * rectangles.count + 4 * windows.count }

    /// Parses the cover that fills `bytes` from `start` on.
    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let number = bytes.bigEndian(UInt32.self, at: start),
            let flag = bytes.bigEndian(UInt8.self, at: start + 4), flag <= 1,
            let rectangleCount = bytes.bigEndian(UInt8.self, at: start + 5),
            let windowCount = bytes.bigEndian(UInt8.self, at: start + 6),
            bytes.byteCount == start + 7 + 8 * Int(rectangleCount) + 4 * Int(windowCount)
        else { throw MalformedMessage(offset: start) }
        var rectangles: [Rectangle] = []
        for index in 0..<Int(rectangleCount) {
            let place = start + 7 + 8 * index
            guard
                let x = bytes.bigEndian(UInt16.self, at: place),
                let y = bytes.bigEndian(UInt16.self, at: place + 2),
                let width = bytes.bigEndian(UInt16.self, at: place + 4),
                let height = bytes.bigEndian(UInt16.self, at: place + 6)
            else { throw MalformedMessage(offset: place) }
            rectangles.append(Rectangle(x: x, y: y, width: width, height: height))
        }
        var windows: [UInt32] = []
        for index in 0..<Int(windowCount) {
            let place = start + 7 + 8 * Int(rectangleCount) + 4 * index
            guard let window = bytes.bigEndian(UInt32.self, at: place) else {
                throw MalformedMessage(offset: place)
            }
            windows.append(window)
        }
        guard
            let value = Self(number: number, hidesAll: flag == 1, rectangles: rectangles, windows: windows)
        else { throw MalformedMessage(offset: start) }
        self = value
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: number)
        output.append(hidesAll ? 1 : 0)
        output.append(UInt8(clamping: rectangles.count))
        output.append(UInt8(clamping: windows.count))
        for rectangle in rectangles {
            output.append(network: rectangle.x)
            output.append(network: rectangle.y)
            output.append(network: rectangle.width)
            output.append(network: rectangle.height)
        }
        for window in windows { output.append(network: window) }
    }
}

/// The desk hides what it was asked to.
///
/// ```
/// u32 number, u64 nanoseconds
/// ```
public struct DeskCovered: Hashable, Sendable {
    /// Of the ``DeskCover``.
    public var number: UInt32
    /// What clients get of pictures from this moment of the system's monotonic clock on is covered, in nanoseconds.
    public var since: UInt64

    public init(number: UInt32, since: UInt64) {
        self.number = number
        self.since = since
    }
}

extension DeskCovered {
    static let encodedLength = 12

    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let number = bytes.bigEndian(UInt32.self, at: start),
            let since = bytes.bigEndian(UInt64.self, at: start + 4), since <= UInt64(Int64.max),
            bytes.byteCount == start + Self.encodedLength
        else { throw MalformedMessage(offset: start) }
        self.init(number: number, since: since)
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: number)
        output.append(network: since)
    }
}
