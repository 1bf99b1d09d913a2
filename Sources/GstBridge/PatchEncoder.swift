/// Codes what little has changed of a picture since the encoder had it last, as a picture that nothing refers to.
///
/// An encoder looks at every pixel of the screen, several times, however little of it is new; this looks at what is new. Its
/// slice (ITU-T H.264 §7.3.4) says of everything else that it stays, and of the rest how it differs from the encoder's last
/// picture: from the same place of it, which is all that prediction there is. As nothing refers to it, the encoder need not
/// know of it.
///
/// The differences are those between what was captured, so that what the encoder's last picture got wrong there stays wrong
/// until its next.
struct PatchEncoder {
    /// Of luma; as fine as the encoder's.
    static let quantizer = 24
    /// More is the encoder's business: macroblocks of one picture.
    static let maximumMacroblocks = 320

    private var width = 0
    private var height = 0
    /// Whether a macroblock may have changed.
    private var isMarked: [Bool] = []
    private var marked: [Int] = []
    /// How many coefficients each block of 4 × 4 has, row by row.
    private var lumaCounts: [UInt8] = []
    private var chromaCounts: [[UInt8]] = [[], []]
    private var bits = SliceBits()
    private let luma = ResidualBlock.Quantizer(quantizer)

    /// The NAL unit, emulation prevention bytes and all; `nil` if too much has changed.
    ///
    /// - Parameters:
    ///   - reference: What the encoder had last, of the same size.
    ///   - rects: Where `frame` may differ from it.
    ///   - frameNumber: That of the encoder's next picture.
    ///   - order: The picture's number, after that of the encoder's last.
    mutating func encode(
        _ frame: I420Frame,
        since reference: I420Frame,
        in rects: [PixelRect],
        _ headers: H264Headers,
        frameNumber: Int,
        order: Int
    ) -> [UInt8]? {
        resize((frame.width + 15) / 16, (frame.height + 15) / 16)
        defer { clear() }
        guard mark(rects) else { return nil }

        bits.removeAll()
        writeHeader(headers, frameNumber: frameNumber, order: order)
        let chroma = ResidualBlock.Quantizer(
            ResidualBlock.Quantizer.ofChroma(Self.quantizer + headers.chromaOffset)
        )
        var next = 0
        var residual = [Int32](repeating: 0, count: 24 * 16)
        var means = [Int32](repeating: 0, count: 8)
        for macroblock in marked.sorted() {
            let pattern = residual.withUnsafeMutableBufferPointer { residual in
                means.withUnsafeMutableBufferPointer { means -> Int in
                    guard let residual = residual.baseAddress, let means = means.baseAddress,
                        frame.difference(
                            from: reference,
                            x: macroblock % width,
                            y: macroblock / width,
                            into: residual
                        )
                    else { return 0 }
                    return quantize(residual, means, chroma)
                }
            }
            guard pattern != 0 else { continue }
            bits.appendUnsigned(macroblock - next)
            next = macroblock + 1
            // P_L0_16x16, from the same place.
            bits.appendUnsigned(0)
            bits.appendSigned(0)
            bits.appendSigned(0)
            bits.appendUnsigned(Self.patterns[pattern])
            bits.appendSigned(0)
            residual.withUnsafeBufferPointer { residual in
                means.withUnsafeBufferPointer { means in
                    guard let residual = residual.baseAddress, let means = means.baseAddress else { return }
                    write(residual, means, pattern, macroblock)
                }
            }
        }
        if next < width * height { bits.appendUnsigned(width * height - next) }
        bits.finish()
        return NALUnit.escaped(bits.bytes)
    }

    // MARK: What has changed

    private mutating func resize(_ width: Int, _ height: Int) {
        guard (width, height) != (self.width, self.height) else { return }
        (self.width, self.height) = (width, height)
        isMarked = Array(repeating: false, count: width * height)
        lumaCounts = Array(repeating: 0, count: 16 * width * height)
        chromaCounts = Array(repeating: Array(repeating: 0, count: 4 * width * height), count: 2)
    }

    private mutating func mark(_ rects: [PixelRect]) -> Bool {
        for rect in rects where !rect.isEmpty {
            let columns = max(0, rect.x / 16)..<max(1, min(width, (rect.x + rect.width + 15) / 16))
            let rows = max(0, rect.y / 16)..<max(1, min(height, (rect.y + rect.height + 15) / 16))
            guard columns.count * rows.count <= Self.maximumMacroblocks else { return false }
            for row in rows {
                for column in columns where !isMarked[row * width + column] {
                    isMarked[row * width + column] = true
                    marked.append(row * width + column)
                }
            }
            guard marked.count <= Self.maximumMacroblocks else { return false }
        }
        return true
    }

    private mutating func clear() {
        for macroblock in marked {
            isMarked[macroblock] = false
            let (row, column) = macroblock.quotientAndRemainder(dividingBy: width)
            for line in 0..<4 {
                for block in 0..<4 { lumaCounts[(4 * row + line) * 4 * width + 4 * column + block] = 0 }
            }
            for line in 0..<2 {
                for block in 0..<2 {
                    chromaCounts[0][(2 * row + line) * 2 * width + 2 * column + block] = 0
                    chromaCounts[1][(2 * row + line) * 2 * width + 2 * column + block] = 0
                }
            }
        }
        marked.removeAll(keepingCapacity: true)
    }

    // MARK: One picture

    /// §7.3.3.
    private mutating func writeHeader(_ headers: H264Headers, frameNumber: Int, order: Int) {
        bits.append(Self.nalHeader, 8)
        bits.appendUnsigned(0)
        bits.appendUnsigned(Self.predicted)
        bits.appendUnsigned(headers.pictureParameterSet)
        bits.append(frameNumber, headers.frameNumberBits)
        bits.append(order, H264Headers.orderBits)
        // One picture is referred to: the last; and in its usual place.
        bits.append(1, 1)
        bits.appendUnsigned(0)
        bits.append(0, 1)
        bits.appendSigned(Self.quantizer - headers.quantizer)
        // What stays is not to be filtered once more.
        if headers.hasDeblockingControl { bits.appendUnsigned(1) }
    }

    /// Transforms and quantizes 16 blocks of luma and 2 × 4 of chroma; returns the coded block pattern (§7.4.5).
    private func quantize(
        _ residual: UnsafeMutablePointer<Int32>,
        _ means: UnsafeMutablePointer<Int32>,
        _ chroma: ResidualBlock.Quantizer
    ) -> Int {
        var pattern = 0
        for block in 0..<16 {
            let place = residual + 16 * block
            ResidualBlock.transform(place)
            if ResidualBlock.quantize(place, luma, from: 0) { pattern |= 1 << (block / 4) }
        }
        var hasMeans = false
        var hasDetails = false
        for plane in 0..<2 {
            for block in 0..<4 {
                let place = residual + 16 * (16 + 4 * plane + block)
                ResidualBlock.transform(place)
                means[4 * plane + block] = place[0]
                if ResidualBlock.quantize(place, chroma, from: 1) { hasDetails = true }
            }
            if ResidualBlock.quantizeMeans(means + 4 * plane, chroma) { hasMeans = true }
        }
        return pattern | (hasDetails ? 2 : hasMeans ? 1 : 0) << 4
    }

    /// §7.3.5.3.
    private mutating func write(
        _ residual: UnsafePointer<Int32>,
        _ means: UnsafePointer<Int32>,
        _ pattern: Int,
        _ macroblock: Int
    ) {
        let (row, column) = macroblock.quotientAndRemainder(dividingBy: width)
        for block in 0..<16 where pattern >> (block / 4) & 1 == 1 {
            // §6.4.3: four of eight by eight, each with four.
            let x = 4 * column + (block & 1) + (block >> 2 & 1) * 2
            let y = 4 * row + (block >> 1 & 1) + (block >> 3) * 2
            let neighbours = Self.neighbours(lumaCounts, x, y, stride: 4 * width)
            let count = ResidualBlock.write(
                residual + 16 * block,
                scan: ResidualBlock.zigzag,
                neighbours: neighbours,
                into: &bits
            )
            lumaCounts[y * 4 * width + x] = UInt8(count)
        }
        guard pattern >= 16 else { return }
        for plane in 0..<2 {
            _ = ResidualBlock.write(
                means + 4 * plane,
                scan: ResidualBlock.means,
                neighbours: nil,
                into: &bits
            )
        }
        guard pattern >= 32 else { return }
        for plane in 0..<2 {
            for block in 0..<4 {
                let (x, y) = (2 * column + block % 2, 2 * row + block / 2)
                let neighbours = Self.neighbours(chromaCounts[plane], x, y, stride: 2 * width)
                let count = ResidualBlock.write(
                    residual + 16 * (16 + 4 * plane + block),
                    scan: ResidualBlock.withoutMean,
                    neighbours: neighbours,
                    into: &bits
                )
                chromaCounts[plane][y * 2 * width + x] = UInt8(count)
            }
        }
    }

    /// nC (§9.2.1): everything to the left and above belongs to the same slice.
    private static func neighbours(_ counts: [UInt8], _ x: Int, _ y: Int, stride: Int) -> Int {
        let left = x > 0 ? Int(counts[y * stride + x - 1]) : nil
        let above = y > 0 ? Int(counts[(y - 1) * stride + x]) : nil
        if let left, let above { return (left + above + 1) / 2 }
        return left ?? above ?? 0
    }

    /// A slice that is no key frame's and that nothing refers to.
    private static let nalHeader = 0x01
    /// All slices of the picture are P.
    private static let predicted = 5
    /// Table 9-4, of predicted macroblocks: what stands for each coded block pattern.
    private static let patterns: [Int] = {
        let order = [
            0, 16, 1, 2, 4, 8, 32, 3, 5, 10, 12, 15, 47, 7, 11, 13, 14, 6, 9, 31, 35, 37, 42, 44, 33, 34, 36,
            40,
            39, 43, 45, 46, 17, 18, 20, 24, 19, 21, 26, 28, 23, 27, 29, 30, 22, 25, 38, 41,
        ]
        return order.indices.map { pattern in order.firstIndex(of: pattern) ?? 0 }
    }()
}
