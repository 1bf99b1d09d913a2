internal import CYUV

/// A picture in I420: a plane of luma and two of chroma at half the size, laid out as GStreamer expects
/// without metadata.
///
/// The capture keeps one frame and converts only what changed into it. An encoder that reads the frame holds
/// a reference, and the capture writes only while it holds the only one; otherwise it goes on with a
/// ``copy()``.
///
/// Swift code has it on the capture thread alone. Encoders reach it by a C pointer, and by the rule above nothing is
/// written while they read.
package final class I420Frame {
    /// Pixels; even.
    package let width: Int
    package let height: Int
    /// Bytes of the three planes together.
    package let byteCount: Int

    let bytes: UnsafeMutablePointer<UInt8>
    let lumaStride: Int
    let chromaStride: Int

    /// A black picture; odd sizes lose their last column or row.
    package init(width: Int, height: Int) {
        self.width = max(2, width & ~1)
        self.height = max(2, height & ~1)
        lumaStride = (self.width + 3) & ~3
        chromaStride = (self.width / 2 + 3) & ~3
        byteCount = lumaStride * self.height + chromaStride * self.height
        bytes = .allocate(capacity: byteCount)
        bytes.initialize(repeating: 16, count: lumaStride * self.height)
        (bytes + lumaStride * self.height).initialize(repeating: 128, count: chromaStride * self.height)
    }

    deinit {
        bytes.deallocate()
    }

    package func copy() -> I420Frame {
        let copy = I420Frame(width: width, height: height)
        copy.bytes.update(from: bytes, count: byteCount)
        return copy
    }

    /// Becomes the same picture as `other`, which has the same size.
    func replace(with other: I420Frame) {
        precondition(other.byteCount == byteCount, "the caller has made both of one size")
        bytes.update(from: other.bytes, count: byteCount)
    }

    /// Takes over `rect`, which must be even and lie inside the frame, from `other`, which has the same size.
    func replace(_ rect: PixelRect, with other: I420Frame) {
        precondition(other.byteCount == byteCount, "the caller has made both of one size")
        let (ours, theirs) = (planes, other.planes)
        for row in rect.y..<(rect.y + rect.height) {
            let place = row * lumaStride + rect.x
            (ours.y + place).update(from: theirs.y + place, count: rect.width)
        }
        for row in (rect.y / 2)..<((rect.y + rect.height) / 2) {
            let place = row * chromaStride + rect.x / 2
            (ours.u + place).update(from: theirs.u + place, count: rect.width / 2)
            (ours.v + place).update(from: theirs.v + place, count: rect.width / 2)
        }
    }

    /// Paints `rect` over, which must be even and lie inside the frame, in one dark grey.
    func blank(_ rect: PixelRect) {
        precondition(
            rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= width && rect.y + rect.height <= height
                && (rect.x | rect.y | rect.width | rect.height) & 1 == 0,
            "PixelRect.aligned(toWidth:height:) cut the rectangle to this frame"
        )
        for row in rect.y..<(rect.y + rect.height) {
            (bytes + row * lumaStride + rect.x).update(repeating: Self.blankLuma, count: rect.width)
        }
        let (_, u, v) = planes
        for row in (rect.y / 2)..<((rect.y + rect.height) / 2) {
            for plane in [u, v] {
                (plane + row * chromaStride + rect.x / 2).update(repeating: 128, count: rect.width / 2)
            }
        }
    }

    /// Converts BGRx pixels, 32 bits each, into `rect`, which must be even and lie inside the frame.
    func convert(_ pixels: UnsafePointer<UInt8>, stride: Int, into rect: PixelRect) {
        precondition(
            rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= width && rect.y + rect.height <= height
                && (rect.x | rect.y | rect.width | rect.height) & 1 == 0,
            "PixelRect.aligned(toWidth:height:) cut the rectangle to this frame"
        )
        let chroma = rect.y / 2 * chromaStride + rect.x / 2
        _ = ARGBToI420(
            pixels,
            CInt(stride),
            bytes + rect.y * lumaStride + rect.x,
            CInt(lumaStride),
            bytes + lumaStride * height + chroma,
            CInt(chromaStride),
            bytes + lumaStride * height + chromaStride * height / 2 + chroma,
            CInt(chromaStride),
            CInt(rect.width),
            CInt(rect.height)
        )
    }

    /// Fills the frame with `source` in another size, each pixel the mean of those that it stands for.
    func scale(_ source: I420Frame) {
        let (from, to) = (source.planes, planes)
        _ = I420Scale(
            from.y,
            CInt(source.lumaStride),
            from.u,
            CInt(source.chromaStride),
            from.v,
            CInt(source.chromaStride),
            CInt(source.width),
            CInt(source.height),
            to.y,
            CInt(lumaStride),
            to.u,
            CInt(chromaStride),
            to.v,
            CInt(chromaStride),
            CInt(width),
            CInt(height),
            CInt(kFilterBox)
        )
    }

    var planes:
        (y: UnsafeMutablePointer<UInt8>, u: UnsafeMutablePointer<UInt8>, v: UnsafeMutablePointer<UInt8>)
    {
        let chroma = bytes + lumaStride * height
        return (bytes, chroma, chroma + chromaStride * height / 2)
    }

    /// The luma and chroma of one pixel.
    package func sample(x: Int, y: Int) -> (y: UInt8, u: UInt8, v: UInt8) {
        precondition(x >= 0 && x < width && y >= 0 && y < height, "the caller asks for a pixel of the frame")
        let chroma = lumaStride * height + y / 2 * chromaStride + x / 2
        return (bytes[y * lumaStride + x], bytes[chroma], bytes[chroma + chromaStride * height / 2])
    }

    /// Of what is painted over.
    package static let blankLuma: UInt8 = 56
}
