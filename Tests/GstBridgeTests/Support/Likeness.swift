/// How much decoded pictures look like a pattern, at the places where a window with it was.
struct Likeness {
    /// The highest correlation in each picture, in luma or chroma, at any place.
    private(set) var highest: [Float] = []
    /// The highest correlation with all pictures together: what is faint, and stays.
    private(set) var lasting: Float = 0

    /// The strongest in any picture.
    var peak: Float { highest.max() ?? 0 }

    /// Compares I420 pictures of `width` × `height` pixels, one after the other, with each of the patterns.
    static func of(
        _ patterns: [SecretPattern],
        in pictures: UnsafeRawBufferPointer,
        width: Int,
        height: Int,
        at places: [(x: Int, y: Int)]
    ) -> [Likeness] {
        let size = width * height * 3 / 2
        let squares = SecretPattern.columns * SecretPattern.rows
        let templates = patterns.map { Array($0.planes.joined()) }
        var results = patterns.map { _ in Likeness() }
        var sums = patterns.map { _ in [Float](repeating: 0, count: places.count * 3) }
        for picture in 0..<(pictures.count / size) {
            let bytes = UnsafeRawBufferPointer(rebasing: pictures[(picture * size)..<((picture + 1) * size)])
            for index in results.indices { results[index].highest.append(0) }
            for (place, position) in places.enumerated() {
                let planes = self.planes(of: bytes, width, height, at: position)
                for (index, template) in templates.enumerated() {
                    for plane in 0..<3 {
                        var product: Float = 0
                        template.withUnsafeBufferPointer { template in
                            planes[plane].withUnsafeBufferPointer { values in
                                for square in 0..<squares {
                                    product += template[plane * squares + square] * values[square]
                                }
                            }
                        }
                        sums[index][place * 3 + plane] += product
                        results[index].highest[picture] = max(results[index].highest[picture], abs(product))
                    }
                }
            }
        }
        for index in results.indices {
            results[index].lasting =
                sums[index].map(abs).max()! / Float(max(1, results[index].highest.count))
        }
        return results
    }

    /// The mean of each square of a picture, as ``SecretPattern/planes`` has them.
    private static func planes(
        of picture: UnsafeRawBufferPointer,
        _ width: Int,
        _ height: Int,
        at place: (x: Int, y: Int)
    ) -> [[Float]] {
        let chroma = width * height
        let sizes = [
            (offset: 0, stride: width, step: 1), (chroma, width / 2, 2), (chroma + chroma / 4, width / 2, 2),
        ]
        return sizes.map { offset, stride, step in
            let side = SecretPattern.square / step
            var means: [Float] = []
            means.reserveCapacity(SecretPattern.columns * SecretPattern.rows)
            for row in 0..<SecretPattern.rows {
                for column in 0..<SecretPattern.columns {
                    let corner =
                        offset + (place.y / step + row * side) * stride + place.x / step + column * side
                    var sum = 0
                    for y in 0..<side {
                        for x in 0..<side { sum += Int(picture[corner + y * stride + x]) }
                    }
                    means.append(Float(sum) / Float(side * side))
                }
            }
            return means.normalized
        }
    }
}

/// What patterns that were never shown correlate with pictures: the noise that a secret must be lost in.
struct LikenessOfChance {
    /// A likeness above which something is no chance: as far beyond the highest of many patterns as that is above the
    /// lowest.
    let (peak, lasting): (Float, Float)

    init(_ decoys: some Collection<Likeness>) {
        func limit(_ values: [Float]) -> Float {
            let (least, most) = (values.min() ?? 1, values.max() ?? 1)
            return most + (most - least)
        }
        peak = limit(decoys.map(\.peak))
        lasting = limit(decoys.map(\.lasting))
    }
}
