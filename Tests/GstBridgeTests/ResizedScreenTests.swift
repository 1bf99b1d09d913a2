import Foundation
import Glibc
import GstBridge
import Synchronization
import Testing
import Wire

/// A screen that gets other sizes while it is captured.
@Suite(.serialized, .enabled(if: Child.isInstalled("Xvfb"))) struct ResizedScreenTests {
    private static let sizes = [
        (640, 480), (320, 240), (400, 600), (600, 400), (642, 322), (321, 599), (800, 600), (322, 242),
    ]

    /// What row band `row` is filled with in the picture `number`.
    private func grey(_ row: Int, _ number: Int) -> UInt { UInt(40 + (row * 29 + number * 61) % 180) }

    private func paint(_ screen: TestDisplay, _ number: Int, _ width: Int, _ height: Int) {
        for row in 0...(height / 8) {
            let grey = grey(row, number)
            screen.fill(grey << 16 | grey << 8 | grey, x: 0, y: row * 8, width: width, height: 8)
        }
    }

    /// Pixels that are not what was painted last.
    private func wrong(_ frame: I420Frame, _ number: Int) -> Int {
        var wrong = 0
        for y in 0..<frame.height {
            // BT.601, studio range.
            let luma = 16 + Int((Double(grey(y / 8, number)) * 219 / 255).rounded())
            for x in 0..<frame.width where abs(Int(frame.sample(x: x, y: y).y) - luma) > 2 { wrong += 1 }
        }
        return wrong
    }

    @Test(arguments: [["+extension", "MIT-SHM"], ["-extension", "MIT-SHM"]])
    func noRowIsLeftOfAnotherSize(extensions: [String]) throws {
        let screen = try #require(TestDisplay(width: 800, height: 600, extensions: extensions))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        for (number, (width, height)) in (Self.sizes + Self.sizes.reversed()).enumerated() {
            screen.resize(width: width, height: height)
            // At any moment of it.
            if number % 3 == 0 { capture.capture() }
            if number % 3 == 1 { _ = capture.handleEvents() }
            paint(screen, number, width, height / 2)
            if number % 2 == 0 { capture.capture() }
            paint(screen, number, width, height)
            let isRight = eventually {
                _ = capture.handleEvents()
                capture.capture()
                return capture.frame.width == width & ~1 && capture.frame.height == height & ~1
                    && wrong(capture.frame, number) == 0
            }
            #expect(isRight, "\(width) by \(height): \(wrong(capture.frame, number)) pixels")
            guard isRight else { return }
            // Then it is damage alone that says what is new, in what was not there before, too.
            screen.fill(0, x: width - 20, y: height - 10, width: 20, height: 10)
            #expect(eventually { capture.handleEvents() })
            capture.capture()
            #expect(capture.frame.sample(x: width - 12, y: height - 6).y == 16)
        }
    }

    @Test func aMaskOfAnotherSizeHidesEverythingUntilThereIsANewOne() throws {
        let screen = try #require(TestDisplay(width: 640, height: 480))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 400, y: 100))
        capture.capture()
        let mask = PixelRect(x: 390, y: 90, width: 120, height: 90)
        #expect(capture.setCover(Cover(number: 1, rectangles: [mask])))
        #expect(coloured(capture.coveredFrame) == 0 && coloured(capture.frame) > 100)
        // The window manager brings back what would lie outside.
        for (width, height) in [(400, 300), (640, 480)] {
            screen.resize(width: width, height: height)
            capture.capture()
            #expect(coloured(capture.coveredFrame) == 0)
            window.move(x: 20, y: 20)
            captureAll(capture)
            #expect(coloured(capture.coveredFrame) == 0)
            #expect(capture.coveredFrame.width == width && coloured(capture.frame) > 100)
            #expect(isBlank(capture.coveredFrame))
        }
        #expect(capture.setCover(Cover(number: 2, rectangles: [mask])))
        #expect(coloured(capture.coveredFrame) > 100, "somebody has looked, and the window is not under it")
        // What is followed is not uncovered by it, and needs nobody to look.
        #expect(capture.setCover(Cover(number: 3, windows: [window.id])))
        screen.resize(width: 500, height: 400)
        window.move(x: 200, y: 100)
        captureAll(capture)
        #expect(capture.coveredFrame.width == 500)
        #expect(coloured(capture.coveredFrame) == 0 && coloured(capture.frame) > 100)
        #expect(!isBlank(capture.coveredFrame))
    }

    /// The screen gets another size, and the window another place in the same moment, again and again: no picture may show it.
    @Test func noPictureShowsWhatAWindowManagerHasMovedOutOfAMask() throws {
        let screen = try #require(TestDisplay(width: 640, height: 480))
        defer { withExtendedLifetime(screen) {} }
        let capture = try DesktopCapture(display: screen.name)
        let window = try #require(TestWindow(on: screen, x: 400, y: 100))
        captureAll(capture)
        var (leaks, pictures) = (0, 0)
        for round in 0..<60 {
            window.move(x: 400, y: 100)
            captureAll(capture)
            let mask = PixelRect(x: 390, y: 90, width: 120, height: 90)
            #expect(capture.setCover(Cover(number: UInt32(round + 1), rectangles: [mask])))
            let mover = ScreenMover(screen, window, round)
            mover.start()
            var rest = 3
            while rest > 0 {
                if mover.isFinished { rest -= 1 }
                captureAll(capture)
                pictures += 1
                if coloured(capture.coveredFrame) > 0 { leaks += 1 }
            }
            screen.resize(width: 640, height: 480)
        }
        #expect(leaks == 0, "of \(pictures)")
    }

    private func captureAll(_ capture: DesktopCapture) {
        _ = capture.handleEvents()
        capture.capture()
    }

    /// Only the secret has a colour.
    private func coloured(_ frame: I420Frame) -> Int {
        var count = 0
        for y in stride(from: 0, to: frame.height, by: 4) {
            for x in stride(from: 0, to: frame.width, by: 4) {
                let sample = frame.sample(x: x, y: y)
                if abs(Int(sample.u) - 128) > 8 || abs(Int(sample.v) - 128) > 8 { count += 1 }
            }
        }
        return count
    }

    private func isBlank(_ frame: I420Frame) -> Bool {
        (0..<frame.height).allSatisfy { frame.sample(x: 8, y: $0).y == I420Frame.blankLuma }
    }
}

/// Gives a screen another size and moves a window at once, on a thread of its own.
///
/// `@unchecked Sendable`: Xlib locks its displays, and nobody else uses these two until it is finished.
private final class ScreenMover: @unchecked Sendable {
    private let screen: TestDisplay
    private let window: TestWindow
    private let round: Int
    private let finished = Atomic(false)

    init(_ screen: TestDisplay, _ window: TestWindow, _ round: Int) {
        (self.screen, self.window, self.round) = (screen, window, round)
    }

    var isFinished: Bool { finished.load(ordering: .acquiring) }

    func start() {
        Thread { [self] in
            usleep(UInt32(round * 97 % 3_000))
            screen.resize(width: 300 + round, height: 260)
            window.move(x: 20 + round, y: 20)
            finished.store(true, ordering: .releasing)
        }.start()
    }
}
