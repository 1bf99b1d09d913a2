/// Numbers of any width, high bit first.
final class Bits {
    private var bits: [Bool] = []

    @discardableResult
    func append(_ value: Int, _ count: Int) -> Bits {
        for shift in stride(from: count - 1, through: 0, by: -1) {
            bits.append(shift < 63 && value >> shift & 1 == 1)
        }
        return self
    }

    /// Padded with zeros.
    var bytes: [UInt8] {
        stride(from: 0, to: bits.count, by: 8).map { start in
            (0..<8).reduce(0) { $0 << 1 | (start + $1 < bits.count && bits[start + $1] ? 1 : 0) }
        }
    }

    /// The mandatory fields of a key frame's first packet, and the flags that announce a structure.
    static var keyFrameStart: Bits {
        let bits = Bits()
        bits.append(1, 1).append(0, 1).append(0, 6).append(1, 16).append(0b10000, 5)
        return bits
    }
}

extension Bits {
    /// `ns(n)` of §A.8.2.
    func appendNonSymmetric(_ value: Int, below count: Int) {
        var width = 0
        while count >> width != 0 { width += 1 }
        let short = 1 << width - count
        if value < short { append(value, width - 1) } else { append(value + short, width) }
    }
}

/// Writes the first descriptor of a key frame from a table.
struct DependencySample {
    struct Row {
        var spatial: Int
        var temporal: Int
        var differences: [Int]
        var chains: [Int]
        /// `S`, `D`, `R` or `-` for each decode target.
        var indications: String
    }

    var offset: Int
    var rows: [Row]
    var protectors: [Int]
    var sizes: [(width: Int, height: Int)]

    /// §A.10.2.1; with the ids at the end of their range.
    static let threeTemporalLayers = Self(
        offset: 60,
        rows: [
            Row(spatial: 0, temporal: 0, differences: [], chains: [0], indications: "SSS"),
            Row(spatial: 0, temporal: 0, differences: [4], chains: [4], indications: "SSS"),
            Row(spatial: 0, temporal: 1, differences: [2], chains: [2], indications: "SD-"),
            Row(spatial: 0, temporal: 2, differences: [1], chains: [1], indications: "D--"),
            Row(spatial: 0, temporal: 2, differences: [1], chains: [3], indications: "D--"),
        ],
        protectors: [0, 0, 0],
        sizes: [(1_280, 720)]
    )

    /// §A.10.1.2: the upper target first.
    static let twoSpatialLayers = Self(
        offset: 0,
        rows: [
            Row(spatial: 0, temporal: 0, differences: [], chains: [0, 0], indications: "SS"),
            Row(spatial: 0, temporal: 0, differences: [2], chains: [2, 1], indications: "RS"),
            Row(spatial: 1, temporal: 0, differences: [1], chains: [1, 1], indications: "S-"),
            Row(spatial: 1, temporal: 0, differences: [2, 1], chains: [1, 1], indications: "R-"),
        ],
        protectors: [1, 0],
        sizes: [(640, 360), (1_280, 720)]
    )

    func keyFrame(number: Int) -> [UInt8] {
        let bits = Bits()
        bits.append(1, 1).append(0, 1).append(offset, 6).append(number, 16).append(0b10000, 5)
        bits.append(offset, 6).append(protectors.count - 1, 5)
        for (row, next) in zip(rows, rows.dropFirst()) {
            bits.append(next.spatial > row.spatial ? 2 : next.temporal > row.temporal ? 1 : 0, 2)
        }
        bits.append(3, 2)
        for row in rows {
            for indication in row.indications {
                bits.append(["-": 0, "D": 1, "S": 2, "R": 3][indication] ?? 0, 2)
            }
        }
        for row in rows {
            for difference in row.differences { bits.append(1, 1).append(difference - 1, 4) }
            bits.append(0, 1)
        }
        let chains = rows[0].chains.count
        bits.appendNonSymmetric(chains, below: protectors.count + 1)
        for protector in protectors { bits.appendNonSymmetric(protector, below: chains) }
        for row in rows { for chain in row.chains { bits.append(chain, 4) } }
        bits.append(1, 1)
        for size in sizes { bits.append(size.width - 1, 16).append(size.height - 1, 16) }
        return bits.bytes
    }
}
