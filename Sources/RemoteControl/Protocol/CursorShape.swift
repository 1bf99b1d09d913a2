#if canImport(Wire)
internal import Wire
#endif

/// The picture of the desk's pointer.
public struct CursorShape: Hashable, Sendable {
    /// Names this picture while the X server lives; equal serials are equal pictures.
    public let serial: UInt32
    /// In pixels; at most ``maximumSide``.
    public let width: UInt16
    public let height: UInt16
    /// The pixel that points.
    public let hotSpot: DeskPoint
    /// Rows from the top, four bytes a pixel: red, green, blue, alpha, the colours premultiplied.
    public let pixels: [UInt8]

    /// Larger pictures are scaled down: browsers refuse or clip them, and one must fit in one message.
    public static let maximumSide = 64

    /// Returns `nil` unless the sides are at most ``maximumSide``, the hot spot lies in the picture, and
    /// `pixels` has four bytes for each pixel.
    public init?(serial: UInt32, width: UInt16, height: UInt16, hotSpot: DeskPoint, pixels: [UInt8]) {
        guard
            Self.isValid(width, height, hotSpot),
            pixels.count == Int(width) * Int(height) * 4
        else { return nil }
        self.serial = serial
        self.width = width
        self.height = height
        self.hotSpot = hotSpot
        self.pixels = pixels
    }

    /// Creates a shape from premultiplied `0xAARRGGBB` pixels, scaled down to fit ``maximumSide``.
    ///
    /// Returns `nil` if a side is 0 or larger than 4,096, or `argb` is not `width` × `height` long.
    /// A hot spot outside the picture is moved to its edge.
    public init?(serial: UInt32, width: Int, height: Int, hotX: Int, hotY: Int, argb: [UInt32]) {
        guard
            (1...4_096).contains(width), (1...4_096).contains(height), argb.count == width * height
        else { return nil }
        let longest = max(width, height)
        let limit = min(longest, Self.maximumSide)
        let newWidth = max(1, width * limit / longest)
        let newHeight = max(1, height * limit / longest)

        var pixels: [UInt8] = []
        pixels.reserveCapacity(newWidth * newHeight * 4)
        for y in 0..<newHeight {
            let rows =
                (y * height / newHeight)..<max((y + 1) * height / newHeight, y * height / newHeight + 1)
            for x in 0..<newWidth {
                let from = x * width / newWidth
                let columns = from..<max((x + 1) * width / newWidth, from + 1)
                pixels.append(contentsOf: Self.average(of: argb, columns, rows, stride: width))
            }
        }
        self.init(
            serial: serial,
            width: UInt16(newWidth),
            height: UInt16(newHeight),
            hotSpot: DeskPoint(
                x: UInt16(min(max(hotX, 0), width - 1) * newWidth / width),
                y: UInt16(min(max(hotY, 0), height - 1) * newHeight / height)
            ),
            pixels: pixels
        )
    }

    /// The mean of a rectangle as RGBA; exact for premultiplied colours.
    private static func average(
        of argb: [UInt32],
        _ columns: Range<Int>,
        _ rows: Range<Int>,
        stride: Int
    ) -> [UInt8] {
        var sums: (red: UInt32, green: UInt32, blue: UInt32, alpha: UInt32) = (0, 0, 0, 0)
        for row in rows {
            for column in columns {
                let pixel = argb[row * stride + column]
                sums.alpha += pixel >> 24
                sums.red += pixel >> 16 & 0xff
                sums.green += pixel >> 8 & 0xff
                sums.blue += pixel & 0xff
            }
        }
        let count = UInt32(columns.count * rows.count)
        // Each mean of values up to 255 is at most 255.
        return [sums.red, sums.green, sums.blue, sums.alpha].map { UInt8(truncatingIfNeeded: $0 / count) }
    }

    private static func isValid(_ width: UInt16, _ height: UInt16, _ hotSpot: DeskPoint) -> Bool {
        let sides = 1...UInt16(maximumSide)
        return sides.contains(width) && sides.contains(height) && hotSpot.x < width && hotSpot.y < height
    }
}

extension CursorShape {
    static let headerLength = 12

    /// Parses the shape that fills `bytes` from `start` on.
    init(parsing bytes: RawSpan, from start: Int) throws(MalformedMessage) {
        guard
            let serial = bytes.bigEndian(UInt32.self, at: start),
            let width = bytes.bigEndian(UInt16.self, at: start + 4),
            let height = bytes.bigEndian(UInt16.self, at: start + 6),
            let hotX = bytes.bigEndian(UInt16.self, at: start + 8),
            let hotY = bytes.bigEndian(UInt16.self, at: start + 10)
        else { throw MalformedMessage(offset: bytes.byteCount) }
        let hotSpot = DeskPoint(x: hotX, y: hotY)
        guard Self.isValid(width, height, hotSpot) else { throw MalformedMessage(offset: start + 4) }
        let first = start + Self.headerLength
        guard bytes.byteCount - first == Int(width) * Int(height) * 4 else {
            throw MalformedMessage(offset: first)
        }
        let pixels = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0[first...]) }
        guard
            let shape = Self(serial: serial, width: width, height: height, hotSpot: hotSpot, pixels: pixels)
        else { throw MalformedMessage(offset: start) }
        self = shape
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: serial)
        output.append(network: width)
        output.append(network: height)
        hotSpot.write(into: &output)
        for byte in pixels { output.append(byte) }
    }
}
