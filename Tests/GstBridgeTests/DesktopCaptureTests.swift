import Glibc
import GstBridge
import Testing

@Suite(.enabled(if: Child.isInstalled("Xvfb"))) struct DesktopCaptureTests {
    @Test(arguments: [["+extension", "MIT-SHM"], ["-extension", "MIT-SHM"]])
    func coloursArriveInEveryQuadrantWithAndWithoutSharedMemory(extensions: [String]) throws {
        let screen = try #require(TestDisplay(width: 321, height: 203, extensions: extensions))
        defer { withExtendedLifetime(screen) {} }
        for (index, color) in Self.colors.enumerated() {
            screen.fill(color.rgb, x: index % 2 * 160, y: index / 2 * 100, width: 161, height: 103)
        }
        let capture = try DesktopCapture(display: screen.name)
        #expect(captures(capture))
        #expect(capture.frame.width == 320)
        #expect(capture.frame.height == 202)
        for (index, color) in Self.colors.enumerated() {
            let sample = capture.frame.sample(x: index % 2 * 160 + 80, y: index / 2 * 100 + 50)
            #expect(isNear(sample, color.yuv), "quadrant \(index): \(sample)")
        }
        #expect(capture.statistics.errors == 0)
    }

    @Test func onlyWhatChangedIsFetched() throws {
        let screen = try #require(TestDisplay(width: 640, height: 480))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        #expect(captures(capture))
        #expect(capture.statistics.pixels == 640 * 480)
        screen.fill(0xff0000, x: 101, y: 51, width: 20, height: 10)
        #expect(waitForChange(capture))
        #expect(captures(capture))
        // Grown to even edges: 100–122 by 50–62.
        #expect(capture.statistics.pixels == 640 * 480 + 22 * 12)
        #expect(isNear(capture.frame.sample(x: 110, y: 55), Self.colors[0].yuv))
        #expect(isNear(capture.frame.sample(x: 110, y: 70), (16, 128, 128)))
    }

    @Test func aStillScreenAndAMovingPointerMakeNoFrame() throws {
        let screen = try #require(TestDisplay(width: 640, height: 480))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        _ = capture.capture()
        _ = capture.handleEvents()
        for step in 0..<10 {
            screen.movePointer(x: 100 + step * 20, y: 200)
            usleep(5_000)
        }
        #expect(!waitForChange(capture, 0))
        #expect(capture.statistics.frames == 1)
    }

    @Test func aFrameThatSomebodyHoldsIsNotOverwritten() throws {
        let screen = try #require(TestDisplay(width: 64, height: 64))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        _ = capture.capture()
        let held = capture.frame
        screen.fill(0x00ff00, x: 0, y: 0, width: 32, height: 32)
        #expect(waitForChange(capture))
        _ = capture.capture()
        #expect(isNear(held.sample(x: 10, y: 10), (16, 128, 128)))
        #expect(isNear(capture.frame.sample(x: 10, y: 10), Self.colors[1].yuv))
        #expect(capture.statistics.copies == 1)
    }

    @Test func aNewScreenSizeMakesANewWholePicture() throws {
        let screen = try #require(TestDisplay(width: 640, height: 480))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        _ = capture.capture()
        screen.resize(width: 401, height: 301)
        screen.fill(0x0000ff, x: 0, y: 0, width: 401, height: 301)
        #expect(waitForChange(capture))
        let isResized = eventually {
            _ = capture.handleEvents()
            capture.capture()
            return capture.frame.width == 400
        }
        #expect(isResized)
        #expect(capture.frame.height == 300)
        #expect(isNear(capture.frame.sample(x: 399, y: 299), Self.colors[2].yuv))
    }

    @Test func aServerThatIsNotThereIsUnreachable() {
        #expect(throws: DesktopCapture.OpenError.unreachable) { try DesktopCapture(display: ":9999") }
    }

    /// BT.601, studio range.
    static let colors: [(rgb: UInt, yuv: (UInt8, UInt8, UInt8))] = [
        (0xff0000, (82, 90, 240)), (0x00ff00, (145, 54, 34)), (0x0000ff, (41, 240, 110)),
        (0xffffff, (235, 128, 128)),
    ]

    private func captures(_ capture: DesktopCapture) -> Bool { capture.capture() }

    private func waitForChange(_ capture: DesktopCapture, _ seconds: Double = 2) -> Bool {
        eventually(seconds) { capture.handleEvents() }
    }
}

func isNear(
    _ sample: (y: UInt8, u: UInt8, v: UInt8),
    _ other: (UInt8, UInt8, UInt8),
    by tolerance: Int = 2
) -> Bool {
    zip([sample.y, sample.u, sample.v], [other.0, other.1, other.2]).allSatisfy {
        abs(Int($0) - Int($1)) <= tolerance
    }
}
