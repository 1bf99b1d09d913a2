/// A rectangle of the screen, in pixels.
package struct PixelRect: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    package var area: Int { width * height }
    package var isEmpty: Bool { width <= 0 || height <= 0 }

    /// Whether all of it lies in these together.
    package func isCovered(by others: some Collection<Self>) -> Bool {
        guard !isEmpty else { return true }
        guard let other = others.first(where: { $0.overlaps(self) }) else { return false }
        // What is left above, below, and beside the first one.
        let rest = [
            PixelRect(x: x, y: y, width: width, height: other.y - y),
            PixelRect(
                x: x,
                y: other.y + other.height,
                width: width,
                height: y + height - other.y - other.height
            ),
            PixelRect(x: x, y: y, width: other.x - x, height: height),
            PixelRect(
                x: other.x + other.width,
                y: y,
                width: x + width - other.x - other.width,
                height: height
            ),
        ]
        return rest.allSatisfy { $0.isEmpty || $0.isCovered(by: others.filter { $0 != other }) }
    }

    package func overlaps(_ other: Self) -> Bool {
        x < other.x + other.width && other.x < x + width && y < other.y + other.height
            && other.y < y + height
    }

    /// The smallest rectangle that covers both.
    package func union(_ other: Self) -> Self {
        let left = min(x, other.x)
        let top = min(y, other.y)
        return PixelRect(
            x: left,
            y: top,
            width: max(x + width, other.x + other.width) - left,
            height: max(y + height, other.y + other.height) - top
        )
    }

    /// Grown to even edges, because I420 keeps one chroma sample for 2 × 2 pixels, and cut to a screen of
    /// even `width` × `height`; `nil` if nothing is left.
    package func aligned(toWidth width: Int, height: Int) -> Self? {
        let left = max(0, x) & ~1
        let top = max(0, y) & ~1
        let right = min(width, (x + self.width + 1) & ~1)
        let bottom = min(height, (y + self.height + 1) & ~1)
        let rect = PixelRect(x: left, y: top, width: right - left, height: bottom - top)
        return rect.isEmpty ? nil : rect
    }

    /// At most ``maximumCount`` rectangles that cover `rects`, joined where that fetches few pixels more.
    ///
    /// Each rectangle costs a round trip to the X server, about as much as fetching ``roundTripArea`` pixels.
    package static func joined(_ rects: [Self]) -> [Self] {
        // Quadratic below; a region this ragged is as well fetched as a whole.
        guard rects.count <= 64 else {
            return rects.dropFirst().reduce(rects.first) { $0?.union($1) }.map { [$0] } ?? []
        }
        var rects = rects
        while rects.count > 1 {
            var best = (waste: Int.max, first: 0, second: 1)
            for first in rects.indices {
                for second in rects.indices.dropFirst(first + 1) {
                    let waste =
                        rects[first].union(rects[second]).area - rects[first].area - rects[second].area
                    if waste < best.waste { best = (waste, first, second) }
                }
            }
            guard rects.count > maximumCount || best.waste < roundTripArea else { break }
            rects[best.first] = rects[best.first].union(rects[best.second])
            rects.remove(at: best.second)
        }
        return rects
    }

    package static let maximumCount = 4
    package static let roundTripArea = 40_000
}
