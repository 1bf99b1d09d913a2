/// Differences of 4 × 4 pixels, transformed, quantized and coded (ITU-T H.264 §8.5, §9.2).
enum ResidualBlock {
    /// What dividing by a quantizer's step is, as a multiplication and a shift.
    struct Quantizer {
        /// By place in a block, row by row.
        private(set) var factors: [Int32] = []
        let shift: Int32
        /// A sixth of a step, as encoders of differences round.
        let rounding: Int32

        init(_ quantizer: Int) {
            shift = Int32(15 + quantizer / 6)
            rounding = (1 << shift) / 6
            let (corner, centre, edge) = Self.table[quantizer % 6]
            factors = (0..<16).map { place in
                switch (place / 4 % 2, place % 2) {
                case (0, 0): corner
                case (1, 1): centre
                default: edge
                }
            }
        }

        /// The quantizer of chroma for one of luma (Table 8-15).
        static func ofChroma(_ quantizer: Int) -> Int {
            let index = min(max(quantizer, 0), 51)
            return index < 30 ? index : chroma[index - 30]
        }

        private static let table: [(Int32, Int32, Int32)] = [
            (13_107, 5_243, 8_066), (11_916, 4_660, 7_490), (10_082, 4_194, 6_554),
            (9_362, 3_647, 5_825), (8_192, 3_355, 5_243), (7_282, 2_893, 4_559),
        ]
        private static let chroma = [
            29, 30, 31, 32, 32, 33, 34, 34, 35, 35, 36, 36, 37, 37, 37, 38, 38, 38, 39, 39, 39, 39,
        ]
    }

    /// Transforms 16 differences, row by row, in place (§8.6.1, forward).
    static func transform(_ block: UnsafeMutablePointer<Int32>) {
        for row in 0..<4 { transform(block + 4 * row, 1) }
        for column in 0..<4 { transform(block + column, 4) }
    }

    private static func transform(_ line: UnsafeMutablePointer<Int32>, _ step: Int) {
        let (a, b, c, d) = (line[0], line[step], line[2 * step], line[3 * step])
        let (outer, inner) = (a + d, b + c)
        let (outerDifference, innerDifference) = (a - d, b - c)
        line[0] = outer + inner
        line[step] = 2 * outerDifference + innerDifference
        line[2 * step] = outer - inner
        line[3 * step] = outerDifference - 2 * innerDifference
    }

    /// Quantizes in place, from `first` on; returns whether anything is left.
    static func quantize(
        _ block: UnsafeMutablePointer<Int32>,
        _ quantizer: borrowing Quantizer,
        from first: Int
    ) -> Bool {
        var any: Int32 = 0
        for place in first..<16 {
            let value = block[place]
            let level =
                Int32(
                    truncatingIfNeeded: (Int64(abs(value)) * Int64(quantizer.factors[place])
                        + Int64(quantizer.rounding)) >> Int64(quantizer.shift)
                )
            any |= level
            block[place] = value < 0 ? -level : level
        }
        return any != 0
    }

    /// The four means of chroma (§8.5.11.1), in place.
    static func quantizeMeans(_ means: UnsafeMutablePointer<Int32>, _ quantizer: borrowing Quantizer) -> Bool
    {
        let (a, b, c, d) = (means[0], means[1], means[2], means[3])
        (means[0], means[1], means[2], means[3]) = (
            a + b + c + d, a - b + c - d, a + b - c - d, a - b - c + d
        )
        var any: Int32 = 0
        for place in 0..<4 {
            let value = means[place]
            let level =
                Int32(
                    truncatingIfNeeded: (Int64(abs(value)) * Int64(quantizer.factors[0])
                        + 2 * Int64(quantizer.rounding)) >> Int64(quantizer.shift + 1)
                )
            any |= level
            means[place] = value < 0 ? -level : level
        }
        return any != 0
    }

    /// Writes one block (§7.3.5.3.2); returns how many coefficients it has.
    ///
    /// - Parameters:
    ///   - scan: Where its coefficients lie, lowest frequency first.
    ///   - neighbours: nC; `nil` for the means of chroma.
    static func write(
        _ block: UnsafePointer<Int32>,
        scan: [Int],
        neighbours: Int?,
        into bits: inout SliceBits
    ) -> Int {
        // Highest frequency first, as they are written.
        var levels: [Int] = []
        var gaps: [Int] = []
        var zeros = 0
        for place in scan.reversed() {
            let level = Int(block[place])
            if level != 0 {
                if !levels.isEmpty { gaps.append(zeros) }
                levels.append(level)
                zeros = 0
            } else if !levels.isEmpty {
                zeros += 1
            }
        }
        let total = levels.count
        let ones = levels.prefix(3).prefix { abs($0) == 1 }.count
        bits.append(
            neighbours.map { ResidualCodes.coefficientToken(total, ones, neighbours: $0) }
                ?? ResidualCodes.chroma[total][ones]
        )
        guard total > 0 else { return 0 }
        for level in levels[..<ones] { bits.append(level < 0 ? 1 : 0, 1) }
        write(levels[ones...], total: total, ones: ones, into: &bits)
        // Those below the lowest one count, too.
        var left = gaps.reduce(zeros, +)
        if total < scan.count {
            let codes = neighbours == nil ? ResidualCodes.chromaZeros : ResidualCodes.zeros
            bits.append(codes[total - 1][left])
        }
        for gap in gaps {
            guard left > 0 else { break }
            bits.append(ResidualCodes.runs[min(left, 7) - 1][gap])
            left -= gap
        }
        return total
    }

    /// §9.2.2.1.
    private static func write(_ levels: ArraySlice<Int>, total: Int, ones: Int, into bits: inout SliceBits) {
        var suffix = total > 10 && ones < 3 ? 1 : 0
        for (index, level) in levels.enumerated() {
            var code = level > 0 ? 2 * level - 2 : -2 * level - 1
            if index == 0, ones < 3 { code -= 2 }
            if suffix == 0, code >= 14 {
                bits.append(1, code < 30 ? 15 : 16)
                if code < 30 { bits.append(code - 14, 4) } else { bits.append(code - 30, 12) }
            } else if code < 15 << suffix {
                bits.append(1, code >> suffix + 1)
                bits.append(code, suffix)
            } else {
                bits.append(1, 16)
                bits.append(code - 15 << suffix, 12)
            }
            if suffix == 0 { suffix = 1 }
            if abs(level) > 3 << (suffix - 1), suffix < 6 { suffix += 1 }
        }
    }

    /// §8.5.6.
    static let zigzag = [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15]
    static let withoutMean = Array(zigzag.dropFirst())
    static let means = [0, 1, 2, 3]
}
