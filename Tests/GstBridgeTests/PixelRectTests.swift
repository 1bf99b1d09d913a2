import GstBridge
import Testing

@Suite struct PixelRectTests {
    @Test func alignmentGrowsToEvenEdgesInsideTheScreen() {
        #expect(rect(3, 5, 4, 4).aligned(toWidth: 100, height: 100) == rect(2, 4, 6, 6))
        #expect(rect(-5, -5, 20, 20).aligned(toWidth: 100, height: 100) == rect(0, 0, 16, 16))
        #expect(rect(95, 95, 20, 20).aligned(toWidth: 100, height: 100) == rect(94, 94, 6, 6))
    }

    @Test func nothingIsLeftOfARectangleOutsideTheScreen() {
        #expect(rect(100, 0, 5, 5).aligned(toWidth: 100, height: 100) == nil)
        #expect(rect(0, 200, 5, 5).aligned(toWidth: 100, height: 100) == nil)
    }

    @Test func neighboursAreJoinedAndDistantRectanglesAreNot() {
        #expect(PixelRect.joined([rect(0, 0, 10, 10), rect(10, 0, 10, 10)]) == [rect(0, 0, 20, 10)])
        let corners = [rect(0, 0, 10, 10), rect(1_900, 1_000, 10, 10)]
        #expect(PixelRect.joined(corners) == corners)
        #expect(PixelRect.joined([]).isEmpty)
    }

    @Test(arguments: [5, 40, 300]) func manyRectanglesBecomeFewThatCoverAll(count: Int) {
        let rects = (0..<count).map { rect($0 * 37 % 1_900, $0 * 101 % 1_000, 5, 5) }
        let joined = PixelRect.joined(rects)
        #expect(joined.count <= PixelRect.maximumCount)
        for rect in rects { #expect(joined.contains { $0.union(rect) == $0 }) }
    }

    @Test func whatSeveralCoverTogetherIsCovered() {
        let cross = [rect(0, 40, 100, 20), rect(40, 0, 20, 100)]
        #expect(rect(45, 45, 5, 5).isCovered(by: cross))
        #expect(rect(40, 30, 20, 40).isCovered(by: cross))
        #expect(!rect(39, 39, 20, 20).isCovered(by: cross))
        #expect(rect(0, 0, 20, 10).isCovered(by: [rect(0, 0, 11, 10), rect(9, 0, 11, 10)]))
        #expect(!rect(0, 0, 20, 10).isCovered(by: [rect(0, 0, 9, 10), rect(10, 0, 10, 10)]))
        #expect(!rect(0, 0, 20, 10).isCovered(by: []))
    }

    private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> PixelRect {
        PixelRect(x: x, y: y, width: width, height: height)
    }
}
