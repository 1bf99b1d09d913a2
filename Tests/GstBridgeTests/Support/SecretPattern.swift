import Wire

/// Squares of strong colours, black and white: at random, and with one seed always the same.
///
/// Patterns of other seeds are alike in everything but what they are compared by.
struct SecretPattern: Hashable {
    /// Pixels of one square: wide enough for an encoder to keep them apart, in chroma too.
    static let square = 4
    static let columns = 24
    static let rows = 16
    /// In pixels.
    static let (width, height) = (columns * square, rows * square)

    let seed: UInt64
    private let colors: [UInt]

    init(seed: UInt64) {
        self.seed = seed
        var generator = SplitMix64(seed: seed)
        colors = (0..<(Self.columns * Self.rows)).map { _ in
            (0..<3).reduce(0) { color, _ in color << 8 | (Bool.random(using: &generator) ? 0xd8 : 0x28) }
        }
    }

    /// As 0xRRGGBB.
    func color(column: Int, row: Int) -> UInt {
        colors[row % Self.rows * Self.columns + column % Self.columns]
    }

    /// The planes as they come out of an encoder, one value for each square, each plane of mean 0 and length 1.
    var planes: [[Float]] {
        let weights: [(r: Float, g: Float, b: Float)] = [
            (0.257, 0.504, 0.098), (-0.148, -0.291, 0.439), (0.439, -0.368, -0.071),
        ]
        return weights.map { weight in
            colors.map { color in
                let (r, g, b) = (Float(color >> 16 & 0xff), Float(color >> 8 & 0xff), Float(color & 0xff))
                return weight.r * r + weight.g * g + weight.b * b
            }.normalized
        }
    }
}

extension [Float] {
    /// Shifted to a mean of 0 and scaled to a length of 1, so that the scalar product of two is their correlation; where all
    /// is the same, nothing is like it.
    var normalized: [Float] {
        let mean = reduce(0, +) / Float(count)
        let length = reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
        // Below what rounding leaves.
        return length > 1e-2 ? map { ($0 - mean) / length } : map { _ in 0 }
    }
}
